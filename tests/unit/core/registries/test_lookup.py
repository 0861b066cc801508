"""Who is registered, by whose word, and in which order registries are asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.registry import Accreditation, Decision, RegisteredIssuer, Registries, Registry
from services.core.registries import standing, vouchers

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DID = "did:web:college.example"


def _registry(name: str, *ids: str, expires_at: datetime | None = None) -> Registry:
    issuers = tuple(RegisteredIssuer(id=one, name=f"{name}'s {one}") for one in ids)
    return Registry(id=name, kind="static", expires_at=expires_at, issuers=issuers)


def _decision(at: datetime, issuer: str = DID, *, trusted: bool) -> Decision:
    return Decision(issuer=issuer, trusted=trusted, decided_at=at)


def test_the_first_registry_that_knows_an_issuer_tells() -> None:
    """Order is authority; the others are kept for the record."""
    known = Registries(registries=(_registry("none"), _registry("first", DID), _registry("second", DID)))
    found = standing(DID, known, NOW)
    assert (found.answer, found.by) == ("registered", "first")
    assert [one.registry for one in found.found] == ["first", "second"]


def test_an_expired_registry_is_reported_and_not_believed() -> None:
    """Being in no registry that could be asked is unknown, and says which could not."""
    known = Registries(registries=(_registry("old", DID, expires_at=NOW),))
    found = standing(DID, known, NOW)
    assert (found.answer, found.by, found.unchecked) == ("unknown", None, ("old",))
    assert standing(DID, known, NOW - timedelta(seconds=1)).answer == "registered"


def test_the_operators_decision_goes_before_every_registry() -> None:
    """Trust where no registry knows, distrust where one does; the newest decision by then holds."""
    early, late = NOW - timedelta(days=2), NOW - timedelta(days=1)
    known = Registries(
        registries=(_registry("first", DID),),
        decisions=(_decision(late, trusted=False), _decision(early, trusted=True)),
    )
    assert standing(DID, known, NOW).answer == "distrusted"
    assert standing(DID, known, early).answer == "registered"
    assert (
        standing("did:x:other", Registries(decisions=(_decision(early, "did:x:other", trusted=True),)), NOW).by == "own"
    )


@pytest.mark.parametrize("trusted_first", [True, False])
def test_of_two_decisions_at_one_instant_the_distrust_holds(trusted_first: bool) -> None:  # noqa: FBT001 - a column
    """Whatever order they are listed in, and whichever of an issuer's ids they are about."""
    decisions = (_decision(NOW, trusted=trusted_first), _decision(NOW, trusted=not trusted_first))
    assert standing(DID, Registries(decisions=decisions), NOW).answer == "distrusted"
    by_id = (_decision(NOW, "https://a.example", trusted=trusted_first), _decision(NOW, trusted=not trusted_first))
    assert standing([DID, "https://a.example"], Registries(decisions=by_id), NOW).answer == "distrusted"


def test_a_registry_vouches_for_who_it_is_and_for_quality_only_when_it_says_so() -> None:
    """Being listed confirms the awarding body; an accreditation that it states and that is in force, the quality."""
    accreditations = (
        Accreditation(type="institutional", by="HLC", until=NOW + timedelta(days=1)),
        Accreditation(type="programme", by="ABET", until=NOW),
    )
    issuer = RegisteredIssuer(id=DID, accreditations=accreditations)
    known = standing(DID, Registries(registries=(Registry(id="r", kind="static", issuers=(issuer,)),)), NOW)
    assert [(one.key, one.by, one.detail) for one in vouchers(known, NOW)] == [
        ("awarding_body", "r", ""),
        ("quality_assurance", "HLC", "institutional"),
    ]


def test_nothing_is_vouched_for_whom_the_operator_distrusts() -> None:
    """Not even what a registry states."""
    known = Registries(registries=(_registry("first", DID),), decisions=(_decision(NOW, trusted=False),))
    assert vouchers(standing(DID, known, NOW), NOW) == ()
