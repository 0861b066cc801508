"""Open Badges 2.0: hosted assertions by what their address says, signed ones by their signature."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from schemas.registry import Decision, Registries
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.fetching import Unreachable
from services.ingest.verify.verifier import Verified, Verifier
from tests.builders.badges_2 import ASSERTION, BADGE, ISSUER, KEY, REVOKED, SITE, assertion, signed_assertion, site
from tests.builders.credentials import AT, codes, said, verified

SOUND = {"form": True, "proof": True, "key": True, "status": True, "dates": True, "uncovered": True}


def _about(found: Verified) -> dict[str, bool | None]:
    return {name: answer for name, answer in said(found).items() if name in SOUND}


@pytest.mark.parametrize("badge", [assertion(), signed_assertion()])
def test_a_sound_assertion_is_sound_in_either_way(badge: Any) -> None:
    """Hosted where the issuer has its assertions, or signed by a key that its profile names."""
    found = verified(badge, site())
    assert _about(found) == SOUND
    assert (found.tier, found.claims["issuer"], found.claims["name"]) == (2, ISSUER, "Networks")
    trusted = Registries(decisions=(Decision(issuer=ISSUER, trusted=True, decided_at=AT),))
    assert verified(badge, site(), registries=trusted).tier == 3


@pytest.mark.parametrize("badge", [assertion(), signed_assertion()])
def test_what_cannot_be_had_vouches_for_nothing(badge: Any) -> None:
    """No site, no answer but those of the assertion itself."""
    found = said(verified(badge, {}))
    assert (found["form"], found["proof"], found["key"], found["status"]) == (True, None, None, None)


def test_a_hosted_assertion_is_what_its_address_says() -> None:
    """Changed on the way: no. With more than is there: outside of what is vouched for. Links may be spelled out."""
    there = site()
    changed = verified(assertion(issuedOn="2020-01-01T00:00:00Z"), there)
    assert codes(changed)["proof"] == "another_assertion"
    more = verified(assertion(narrative="The best of all"), there)
    assert (said(more)["proof"], said(more)["uncovered"], more.tier) == (True, False, 0)
    spelled_out = verified(assertion(badge={**there[BADGE], "name": "Something grander"}), there)
    assert (said(spelled_out)["proof"], spelled_out.claims["name"]) == (True, "Networks")


@pytest.mark.parametrize(
    "verification, key",
    [
        ({"startsWith": f"{SITE}/assertions/"}, True),
        ({"startsWith": [f"{SITE}/no", f"{SITE}/assertions"]}, True),
        ({"startsWith": f"{SITE}/NOT"}, False),
        ({"startsWith": "https://badges"}, False),
        ({"allowedOrigins": ["badges.example"]}, True),
        ({"allowedOrigins": "elsewhere.example"}, False),
    ],
)
def test_an_assertion_lies_where_its_issuer_says(verification: Any, key: bool) -> None:  # noqa: FBT001 - a table
    """By the beginning of its address, on that very host, or by the host alone."""
    assert said(verified(assertion(), site(verification=verification)))["key"] is key


def test_nobody_awards_in_anothers_name() -> None:
    """An assertion at one's own address of another's badge; a profile that says that it is somebody else."""
    own = "https://stranger.example/1"
    elsewhere = assertion(id=own)
    assert codes(verified(elsewhere, site() | {own: elsewhere}))["key"] == "out_of_scope"
    there = site()
    forged = "https://stranger.example/issuer"
    there |= {BADGE: {**there[BADGE], "issuer": forged}, forged: there[ISSUER]}
    for badge in (assertion(), signed_assertion()):
        assert said(verified(badge, there))["key"] is None


def test_what_its_issuer_took_back_no_longer_stands() -> None:
    """By the assertion itself, by the host that says that it is gone, by the list that the issuer's profile names."""
    there = site() | {ASSERTION: assertion(revoked=True)}
    assert codes(verified(assertion(), there))["status"] == "revoked"
    assert codes(verified(signed_assertion(), site(ASSERTION)))["status"] == "revoked"
    assert codes(verified(signed_assertion(id="urn:uuid:7"), site("urn:uuid:7")))["status"] == "revoked"
    without = {url: one for url, one in site().items() if url != REVOKED}
    assert codes(verified(signed_assertion(), without))["status"] == "list_unreachable"

    def gone(url: str) -> bytes:
        raise Unreachable(url, "status_410")

    found = Verifier(gone, Canonicaliser(), Registries()).verify(_octets(assertion()), AT)
    assert codes(found)["status"] == "revoked"


def _octets(document: Any) -> bytes:
    return json.dumps(document).encode()


def test_a_signature_counts_by_the_issuers_own_key_alone() -> None:
    """Not one that its profile does not name, nor one of another owner, nor one that the token chooses."""
    unnamed = site(publicKey=f"{SITE}/another")
    assert codes(verified(signed_assertion(), unnamed))["key"] == "not_named"
    there = site()
    there[KEY] = {**there[KEY], "owner": "https://stranger.example/issuer"}
    assert codes(verified(signed_assertion(), there))["key"] == "another_key"
    for header in ({"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256"}):
        assert said(verified(signed_assertion(header), site()))["proof"] is False
    assert codes(verified(signed_assertion(verification={"type": "hosted"}), site()))["proof"] == (
        "not_signed_by_its_word"
    )
    assert (
        codes(verified(assertion(verification={"type": "SignedBadge", "creator": KEY}), site()))["proof"] == "unsigned"
    )


def test_a_signed_assertion_outlives_its_issuers_site() -> None:
    """By the key that the profile named while it was there; whether it was taken back is unknown then."""
    first = verified(signed_assertion(), site())
    found = verified(signed_assertion(), {}, registries=Registries(keys=first.seen), at=AT + timedelta(days=400))
    assert (said(found)["proof"], said(found)["status"]) == (True, None)


@pytest.mark.parametrize(
    "change",
    [
        {"@context": "https://w3id.org/openbadges/invalid"},
        {"type": "Nonsense"},
        {"recipient": {"type": "email"}},
        {"verification": {}},
        {"badge": None},
        {"issuedOn": None},
        {"image": "data:image/png;base64,AAAA"},
    ],
)
def test_an_assertion_that_is_none_has_another_form(change: dict[str, Any]) -> None:
    """Whatever its address says."""
    changed = assertion(**change)
    found = verified(changed, site() | {ASSERTION: changed})
    assert (said(found)["form"], found.tier) == (False, 0)


def test_badge_classes_and_profiles_award_nothing() -> None:
    """They have a form, and there is nothing to vouch for."""
    there = site()
    for document in (there[BADGE], there[ISSUER]):
        found = said(verified(document, there))
        assert (found["form"], found["proof"], found["key"]) == (True, None, None)
    nameless = {name: value for name, value in there[BADGE].items() if name != "name"}
    assert said(verified(nameless, there))["form"] is False


@pytest.mark.parametrize(
    "subject, answer", [("mailto:ann@example.org", True), ("Ann@example.org", True), ("mailto:bob@example.org", False)]
)
def test_a_recipient_is_known_by_a_hash(subject: str, answer: bool) -> None:  # noqa: FBT001 - a table
    """Of the address, with or without mailto:, and the salt."""

    def offline(url: str) -> bytes:
        raise Unreachable(url, "offline")

    verifier = Verifier(offline, Canonicaliser(), Registries())
    assert said(verifier.verify(_octets(assertion()), AT, frozenset({subject})))["subject"] is answer
