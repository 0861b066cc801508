"""Signatures: good for W3C's vectors' algorithm, for an independent verifier, and for nothing that was changed."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.issuing import Issuer, Status, did_document, status_list, unsigned
from services.runtime.issuing import Keyring, secured, token
from tests.builders.issuing import DID, NOT_VERIFIED, completed, verified_elsewhere

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIST = "https://college.example/status/1"
RING = Keyring.new(Issuer(DID, "The College"), NOW, lambda size: b"\x01" * size)
KEY = RING.current


def _bare() -> dict[str, Any]:
    return unsigned(completed(), RING.issuer, "did:key:z6MkA", Status(LIST, 7), "salt")


def _documents(*revoked: int) -> Any:
    document = did_document(DID, (key.public for key in RING.standing))
    signed = secured(status_list(LIST, DID, revoked, NOW), DID, KEY, NOW)
    return {"https://college.example/.well-known/did.json": document, LIST: signed}.__getitem__


CREDENTIAL = secured(_bare(), DID, KEY, NOW)
TEXT = json.dumps(CREDENTIAL)


def test_an_independent_verifier_takes_both_forms() -> None:
    """Proof, key, issuer and status, by openvc-core and openbadgeslib."""
    for credential in (CREDENTIAL, token(_bare(), DID, KEY)):
        assert verified_elsewhere(credential, _documents()) == DID


def test_an_independent_verifier_sees_that_it_is_revoked() -> None:
    """In our status list."""
    for credential in (CREDENTIAL, token(_bare(), DID, KEY)):
        with pytest.raises(NOT_VERIFIED, match="revo"):
            verified_elsewhere(credential, _documents(7))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(st.integers(0, len(TEXT) - 1), st.characters(codec="ascii", categories=["L", "N"]))
def test_no_character_of_it_can_be_changed(place: int, character: str) -> None:
    """Whatever is still JSON and says another thing is refused.

    Only the proof's own copy of the context openvc-core does not look at: it takes the document's, which is signed.
    """
    changed = TEXT[:place] + character + TEXT[place + 1 :]
    try:
        document = json.loads(changed)
    except ValueError:
        return
    if _looked_at(document) == _looked_at(CREDENTIAL):
        return
    with pytest.raises((*NOT_VERIFIED, KeyError)):
        verified_elsewhere(document, _documents())


def _looked_at(document: Any) -> Any:
    proof = document.get("proof")
    if not isinstance(proof, dict):
        return document
    return document | {"proof": {name: value for name, value in proof.items() if name != "@context"}}


def test_a_key_that_was_retired_proves_nothing() -> None:
    """It is in the issuer's document no more."""
    ring = RING.rotated(NOW, lambda size: b"\x02" * size).retired("key-1", NOW)
    document = did_document(DID, (key.public for key in ring.standing))
    signed = secured(status_list(LIST, DID, (), NOW), DID, ring.current, NOW)
    documents = {"https://college.example/.well-known/did.json": document, LIST: signed}
    with pytest.raises(NOT_VERIFIED):
        verified_elsewhere(CREDENTIAL, documents.__getitem__)
    again = secured(_bare(), DID, ring.current, NOW)
    assert verified_elsewhere(again, documents.__getitem__) == DID


def test_the_token_repeats_what_the_credential_says() -> None:
    """Issuer, subject, id and time as registered claims. Source: Open Badges 3.0, 8.2.4.1."""
    bare = _bare() | {"validUntil": "2029-01-01T00:00:00Z"}
    payload = token(bare, DID, KEY).split(".")[1]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert {name: claims[name] for name in ("iss", "sub", "jti", "nbf", "exp")} == {
        "iss": DID,
        "sub": "did:key:z6MkA",
        "jti": bare["id"],
        "nbf": 1777680000,
        "exp": 1861920000,
    }
    assert claims["credentialSubject"] == bare["credentialSubject"]
