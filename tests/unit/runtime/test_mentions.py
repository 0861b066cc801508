"""Which payloads mention a person."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha1
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.values import Account
from services.runtime.mentions import NOBODY, Person, mentions, named, of_account, of_workers

DIGEST = sha1(b"mailto:ana@example.org", usedforsecurity=False).hexdigest()
HOME = {"homePage": "https://lms.example.org", "name": "7"}


def account(**members: Any) -> Account:
    """An account."""
    return Account.model_validate(members, strict=False)


def token(document: Any) -> bytes:
    """A compact token whose payload is the document."""
    parts = ({"alg": "EdDSA", "kid": "did:web:college.example#1"}, document)
    told = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join((*told, b"c2lnbmF0dXJl"))


@pytest.mark.parametrize(
    "payload",
    [
        b'{"actor": {"mbox": "mailto:Ana@Example.org"}, "verb": 7}',
        b'{"email": "ana\\u0040example.org"}',
        b'{"actor": {"mbox_sha1sum": "%s"}}' % DIGEST.encode(),
        b'{"kind": "award"}\n{"account": {"mbox": "mailto:ana@example.org"}}',
        b"{no JSON: ana@example.org",
        b"\x00\x00\x00\x00\x01\x02\x22ana@example.org\x08",
        token({"credentialSubject": {"email": "ana@example.org"}}),
        json.dumps({"credential": token({"sub": "mailto:ana@example.org"}).decode()}).encode(),
    ],
)
def test_an_address_is_found_wherever_it_stands(payload: bytes) -> None:
    """In any letters, escaped, digested, in a token, in what is no JSON at all."""
    assert mentions(payload, named("ana@example.org"))
    assert mentions(payload, of_account(account(mbox="mailto:ana@example.org")))
    assert not mentions(payload, named("ben@example.org"))


def test_a_name_counts_as_a_whole_and_beside_its_home_page() -> None:
    """User 7 of one system is nobody on another, and no part of 17."""
    person = of_account(account(account=HOME))
    assert mentions(json.dumps({"actor": {"account": HOME}}).encode(), person)
    assert mentions(json.dumps({"home": "https://lms.example.org/users", "user": 7}).encode(), person)
    assert not mentions(json.dumps({"actor": {"account": {**HOME, "name": "17"}}}).encode(), person)
    assert not mentions(json.dumps({"actor": {"account": {**HOME, "homePage": "https://x.example"}}}).encode(), person)
    assert mentions(b'{"user_id": 7}', named("7"))
    assert not mentions(b'{"user_id": 17}', named("7"))
    assert mentions(json.dumps({"actor": {"account": HOME}}).encode(), named(json.dumps({"account": HOME})))


def test_a_worker_is_found_where_a_record_names_one() -> None:
    """By the member that holds it."""
    assert mentions(b'{"kind": "award", "worker_id": "W7"}', of_workers(["w7"]))
    assert not mentions(b'{"kind": "award", "course": "w7"}', of_workers(["w7"]))


@pytest.mark.parametrize("identifier", ["did:key:z6Mk1", "https://ana.example/me", DIGEST])
def test_other_ids_are_found_anywhere(identifier: str) -> None:
    """They are nobody else's."""
    assert mentions(f'{{"subject": "{identifier}"}}'.encode(), named(identifier))


def test_nobody_is_mentioned_nowhere() -> None:
    """Nor is who is known by a pseudonym alone."""
    assert not mentions(b'{"a": ""}', NOBODY)
    assert of_account(account(pseudonym="mbox:" + "0" * 64)) == NOBODY


@given(st.binary(max_size=200), st.text(max_size=30))
def test_no_bytes_are_too_odd(payload: bytes, identifier: str) -> None:
    """Whatever was refused is looked through; a person that is part of the payload is found in it."""
    assert isinstance(mentions(payload, named(identifier)), bool)
    assert mentions(payload + b" ana@example.org", named("ana@example.org"))
    assert mentions(payload, Person(frozenset(("",))))
