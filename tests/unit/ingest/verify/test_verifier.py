"""Credentials verified: what is sound, whose key it was, what was taken back, and what nobody can know."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from json import dumps
from typing import Any

import pytest

from schemas.registry import Decision, KnownKey, Registries
from services.core.issuing import Issuer, status_list
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.contexts import PROOFS_DRAFT, STATUS_2021
from services.runtime.issuing import Keyring, secured
from tests.builders.credentials import (
    AT,
    DOCUMENT,
    KEY,
    LIST,
    bare,
    codes,
    compact,
    documents,
    rdfc_signed,
    said,
    signed,
    verified,
)
from tests.builders.issuing import DID

SOUND = {
    "form": True,
    "proof": True,
    "key": True,
    "issuer": None,
    "status": True,
    "dates": True,
    "subject": None,
    "endorsements": None,
    "evidence": True,
    "uncovered": True,
}


def test_a_sound_credential_is_sound_in_either_form() -> None:
    """Signed by a key that the issuer's document names, in force, not taken back."""
    for credential in (signed(), compact()):
        found = verified(credential)
        assert said(found) == SOUND
        assert found.tier == 2
        assert found.claims["issuer"] == DID


def test_a_registered_issuer_makes_the_third_tier() -> None:
    """Registered here by the operator; distrusted is no."""
    for trusted, tier in ((True, 3), (False, 2)):
        decision = Decision(issuer=DID, trusted=trusted, decided_at=AT)
        found = verified(signed(), registries=Registries(decisions=(decision,)))
        assert (said(found)["issuer"], found.tier) == (trusted, tier)


def test_what_cannot_be_reached_is_unknown_and_never_good() -> None:
    """No issuer's document, no status list."""
    found = verified(compact(), {})
    assert (said(found)["proof"], said(found)["key"], said(found)["status"]) == (None, None, None)
    without_list = verified(signed(), {DOCUMENT: documents()[DOCUMENT]})
    assert said(without_list) == SOUND | {"status": None}


def test_a_revoked_credential_is_no_longer_standing() -> None:
    """By the issuer's own signed list."""
    found = verified(signed(), documents(7))
    assert (said(found)["status"], codes(found)["status"]) == (False, "revoked")


def test_a_list_that_is_not_the_issuers_own_says_nothing() -> None:
    """Unsigned, of another type, out of force, or with no such place."""
    there = documents()
    unsigned = {name: value for name, value in there[LIST].items() if name != "proof"}
    lists = {
        "list_unsigned": unsigned,
        "no_list": unsigned | {"type": ["VerifiableCredential"]},
        "list_not_in_force": there[LIST] | {"validUntil": "2020-01-01T00:00:00Z"},
    }
    for code, one in lists.items():
        assert codes(verified(signed(), there | {LIST: one}))["status"] == code
    past = bare()["credentialStatus"] | {"statusListIndex": "999999999"}
    assert codes(verified(signed(credentialStatus=past)))["status"] == "bad_index"
    for index in (-1, 1.5, None, True, "7x", "9" * 5000):
        status = bare()["credentialStatus"] | {"statusListIndex": index}
        assert codes(verified(signed(credentialStatus=status)))["status"] == "bad_index"


def test_anothers_list_can_take_a_credential_back_and_never_vouch_for_it() -> None:
    """The credential names the list, so its word counts against the credential; that all is well is not its to say."""
    ring = Keyring.new(Issuer("did:web:lists.example", "Lists"), AT, lambda size: b"\x03" * size)
    multikey = ring.current.public.multikey
    did, key = f"did:key:{multikey}", replace(ring.current, fragment=multikey)
    for revoked, answer, code in (((), None, "another_issuer"), ((7,), False, "revoked")):
        there = documents() | {LIST: secured(status_list(LIST, did, revoked, AT), did, key, AT)}
        found = verified(signed(), there)
        assert (said(found)["status"], codes(found)["status"]) == (answer, code)


def test_a_key_that_is_good_may_be_anothers() -> None:
    """The signature holds, and the issuer is not who signed."""
    found = verified(signed(issuer={"id": "https://elsewhere.example", "type": ["Profile"]}))
    assert (said(found)["proof"], said(found)["key"], codes(found)["key"]) == (True, False, "another_key")


def test_a_key_that_was_seen_before_outlives_its_document() -> None:
    """Seen in the issuer's document while there was one."""
    first = verified(signed())
    assert [one.issuer for one in first.seen[:1]] == [DID]
    later = AT + timedelta(days=400)
    found = verified(signed(), {}, registries=Registries(keys=first.seen), at=later)
    assert (said(found)["proof"], codes(found)["key"]) == (True, "seen_before")
    other = KnownKey(**(first.seen[0].model_dump() | {"public_key": "z6MkOther"}))
    assert said(verified(signed(), {}, registries=Registries(keys=(other,)), at=later))["key"] is None


def test_dates_are_judged_at_the_instant_asked_about() -> None:
    """Neither before the first nor at the last."""
    lasting = signed(validUntil="2026-07-01T00:00:00Z")
    assert codes(verified(lasting, at=AT + timedelta(days=60)))["dates"] == "expired"
    assert codes(verified(signed(validFrom="2030-01-01T00:00:00Z")))["dates"] == "not_yet_valid"
    assert said(verified(signed(validUntil="whenever")))["dates"] is None


def test_any_one_proof_of_a_set_is_enough() -> None:
    """Proofs of kinds that are not known here are passed over."""
    one = signed()
    several = one | {"proof": [{"type": "SomeProof"}, one["proof"]]}
    assert said(verified(several))["proof"] is True
    assert codes(verified(one | {"proof": {"type": "SomeProof"}}))["proof"] == "unknown_suite"
    assert codes(verified(bare()))["proof"] == "unsigned"


def test_a_token_that_contradicts_its_credential_is_not_of_its_form() -> None:
    """The issuer is said once, however often."""
    claims = {name: value for name, value in bare().items() if name != "id"} | {"id": "urn:one", "jti": "urn:another"}
    parts = [dumps({"alg": "EdDSA", "kid": f"{DID}#{KEY.fragment}"}), dumps(claims)]
    said_by_claims = ".".join(urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)
    signature = urlsafe_b64encode(KEY.private.sign(said_by_claims.encode())).rstrip(b"=").decode()
    found = verified(f"{said_by_claims}.{signature}")
    assert (said(found)["proof"], said(found)["form"], codes(found)["form"]) == (True, False, "contradiction")


def test_lists_of_2021_are_read_as_those_of_today() -> None:
    """StatusList2021, its words signed by RDFC, in the context that it had."""
    canonicaliser = Canonicaliser(seconds=30)
    there = documents()
    listed = {name: value for name, value in documents(7)[LIST].items() if name != "proof"}
    subject = listed["credentialSubject"] | {"type": "StatusList2021"}
    old = listed | {"type": ["VerifiableCredential", "StatusList2021Credential"], "credentialSubject": subject}
    v1 = {"@context": ["https://www.w3.org/2018/credentials/v1", STATUS_2021, PROOFS_DRAFT]}
    dated = {name: value for name, value in old.items() if name != "validFrom"} | {"issuanceDate": old["validFrom"]}
    there[LIST] = rdfc_signed(canonicaliser, dated | v1)
    status = bare()["credentialStatus"] | {"type": "StatusList2021Entry"}
    found = verified(signed(credentialStatus=status), there, canonicaliser=canonicaliser)
    assert codes(found)["status"] == "revoked"
    of_now = documents(7) | {LIST: documents(7)[LIST]}
    assert codes(verified(signed(credentialStatus=status), of_now))["status"] == "no_list"
    canonicaliser.close()


@pytest.mark.parametrize(
    "change, form",
    [
        ({}, True),
        ({"validFrom": None}, False),
        ({"credentialSubject": {"type": ["AchievementSubject"]}}, False),
        ({"type": ["VerifiableCredential"]}, False),
        ({"type": ["VerifiableCredential", "ClrCredential"]}, True),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, False),
        ({"@context": [*bare()["@context"], "https://nowhere.example/words"]}, None),
    ],
)
def test_a_badge_has_what_a_badge_has(change: dict[str, Any], form: bool | None) -> None:  # noqa: FBT001 - a table
    """What its type promises; what is in words that are not known here is unknown."""
    assert said(verified(signed(**change)))["form"] is form


@pytest.mark.parametrize(
    "association, form",
    [
        ({"type": "Association", "associationType": "isParentOf", "sourceId": "urn:a", "targetId": "urn:b"}, True),
        ({"type": "Association", "associationType": "isParentOf", "sourceId": "urn:a", "targetId": "urn:z"}, True),
        ({"type": "Association", "associationType": "isParentOf", "sourceId": "urn:y", "targetId": "urn:z"}, False),
        ({"type": "Association", "associationType": "isParentOf", "sourceId": "urn:a"}, False),
        ({"type": "Association", "sourceId": "urn:a", "targetId": "urn:b"}, False),
        ("isParentOf", False),
    ],
)
def test_a_transcript_says_how_its_own_achievements_go_together(association: Any, form: bool) -> None:  # noqa: FBT001
    """Whole, and about something that is in it."""
    subject = {"type": ["ClrSubject"], "achievement": [{"id": "urn:a"}, {"id": "urn:b"}], "association": [association]}
    found = verified(signed(type=["VerifiableCredential", "ClrCredential"], credentialSubject=subject))
    assert said(found)["form"] is form


def test_a_subject_is_known_by_its_id_or_by_a_hash() -> None:
    """Of an address, with the salt that stands beside it."""
    identity = sha256(b"ann@example.orgsalt").hexdigest()
    hashed = {"type": "IdentityObject", "hashed": True, "salt": "salt", "identityHash": f"sha256${identity}"}
    subject = {name: value for name, value in bare()["credentialSubject"].items() if name != "id"}
    document = signed(credentialSubject=subject | {"identifier": [hashed]})
    for who, answer in (("mailto:ann@example.org", True), ("mailto:bob@example.org", False)):
        assert said(verified(document, subjects=frozenset({who})))["subject"] is answer
    assert said(verified(signed(), subjects=frozenset({"did:key:z6MkA"})))["subject"] is True
    assert (
        said(verified(signed(credentialSubject=subject | {"identifier": []}), subjects=frozenset({"x"})))["subject"]
        is None
    )
