"""Endorsements: what a verified one says, and for how long it counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.catalog import Catalog
from schemas.registry import Decision, Endorsement, Registries
from services.core.meaning import meaning_of
from services.core.registries import RegistryFault, endorsement, vouched
from services.core.registries.endorsing import counting
from services.core.stacks import compile_catalog

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AGENCY, COLLEGE = "did:web:agency.example", "did:web:college.example"
DIGEST = "sha-256:" + "0" * 64
DOCUMENT: dict[str, Any] = {
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "issuer": {"id": AGENCY, "type": ["Profile"], "name": "The Agency"},
    "credentialSubject": {"id": COLLEGE, "type": ["EndorsementSubject"], "endorsementComment": "accredited"},
}


def _known(*, trusted: bool = True, **changes: Any) -> Registries:
    decision = Decision(issuer=AGENCY, trusted=trusted, decided_at=NOW - timedelta(days=1))
    held = endorsement(DOCUMENT, DIGEST, NOW).model_copy(update=changes)
    return Registries(decisions=(decision,), endorsements=(held,))


def test_an_endorsement_says_who_vouches_for_whom() -> None:
    """And in which words."""
    assert endorsement(DOCUMENT, DIGEST, NOW) == Endorsement(
        id="urn:uuid:1",
        about=COLLEGE,
        by=AGENCY,
        by_name="The Agency",
        comment="accredited",
        digest=DIGEST,
        verified_at=NOW,
    )
    assert endorsement(DOCUMENT | {"issuer": AGENCY}, DIGEST, NOW).by == AGENCY


@pytest.mark.parametrize(
    "changes", [{"type": ["VerifiableCredential"]}, {"credentialSubject": []}, {"credentialSubject": {}}, {"issuer": 7}]
)
def test_another_document_is_none(changes: dict[str, Any]) -> None:
    """Whatever it is."""
    with pytest.raises(RegistryFault):
        endorsement(DOCUMENT | changes, DIGEST, NOW)


def test_it_counts_while_its_issuer_is_known_and_it_lasts() -> None:
    """A stranger's, a distrusted one's, an ended one's and one's own count for nothing."""
    assert len(counting({COLLEGE}, _known(), NOW)) == 1
    assert counting({COLLEGE}, _known(trusted=False), NOW) == ()
    assert counting({COLLEGE}, Registries(endorsements=_known().endorsements), NOW) == ()
    assert counting({COLLEGE}, _known(valid_until=NOW), NOW) == ()
    assert counting({COLLEGE, AGENCY}, _known(), NOW) == ()
    assert counting({"did:web:other.example"}, _known(), NOW) == ()


@pytest.mark.parametrize("about", [COLLEGE, "a"])
def test_it_confirms_the_quality_of_an_achievement(about: str) -> None:
    """By its issuer or by itself; a catalog's own claim is kept as a note."""
    document = {
        "issuers": [{"id": "college", "did": COLLEGE}],
        "achievements": [{"id": "a", "issuer": "college", "meaning": {"quality": {"type": "our own review"}}}],
    }
    catalog = compile_catalog(Catalog.model_validate_json(json.dumps(document)))
    items = meaning_of("a", catalog, vouched(["a"], catalog, _known(about=about), NOW)["a"]).checklist
    (quality,) = (item for item in items if item.key == "quality_assurance")
    assert (quality.state, quality.value, quality.stated_by) == ("verified", "accredited", "The Agency")
    assert quality.note == "the catalog says: our own review"
