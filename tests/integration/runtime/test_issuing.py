"""Issuing on ClickHouse: once a completion, revoked for everybody, and checkable by who has never heard of us."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from services.core.issuing import Issuer
from services.runtime.clickhouse import connect
from services.runtime.errors import Conflict, Rejected
from services.runtime.issuing import Keyring, read_published
from services.runtime.issuing.issued import Office, document_of
from tests.builders.issuing import DID, NOT_VERIFIED, completed, verified_elsewhere

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def office(database: tuple[str, str]) -> Iterator[Office]:
    """An office that draws the indices 5, 5, 6, 7 ..."""
    client = connect(*database)
    numbers, octets = count(1), count(1)
    drawn = iter([5, 5, 6, 7, 8])

    def randomness(size: int) -> bytes:
        return bytes([next(octets)]) * size

    ring = Keyring.new(Issuer(DID, "The College"), NOW, randomness)
    yield Office(client, ring, lambda: NOW, lambda _: next(drawn), randomness, lambda: next(numbers))
    client.close()


def _at(office: Office) -> Any:
    """The issuer's documents by their addresses, as they are published."""

    def document(address: str) -> Any:
        found = read_published(office.client, address.removeprefix("https://college.example"))
        assert found is not None, address
        return json.loads(found.body)

    return document


def test_an_issued_credential_is_good_for_an_independent_verifier(office: Office) -> None:
    """With nothing but what is published: both forms, and after the keys were rotated, too."""
    issued = office.issue(completed(), "ann")
    for credential in (document_of(issued), issued.token):
        assert verified_elsewhere(credential, _at(office)) == DID
    rotated = replace(office, keyring=office.keyring.rotated(NOW, office.randomness))
    rotated.publish()
    later = rotated.issue(completed("bob"), "bob")
    for one in (issued, later):
        assert verified_elsewhere(document_of(one), _at(office)) == DID


def test_issuing_a_completion_again_gives_the_same_credential(office: Office) -> None:
    """Under the same id, at the same index, made out as it was."""
    first = office.issue(completed(), "ann")
    assert office.issue(completed(), "mailto:ann@college.example") == first
    assert [one.credential_id for one in office.all()] == [first.credential_id]


def test_no_two_credentials_share_an_index(office: Office) -> None:
    """Though the same number is drawn."""
    indices = [office.issue(completed(name), name).status_index for name in ("ann", "bob")]
    assert indices == [5, 6]


def test_a_revoked_credential_is_revoked_for_everybody(office: Office) -> None:
    """In the published list, the others not; it stays revoked and is not issued again."""
    ann, bob = (office.issue(completed(name), name) for name in ("ann", "bob"))
    revoked = office.revoke(ann.credential_id, "by mistake")
    assert (revoked.revoked_at, revoked.revoked_reason) == (NOW, "by mistake")
    with pytest.raises(NOT_VERIFIED, match="revoked"):
        verified_elsewhere(document_of(ann), _at(office))
    assert verified_elsewhere(document_of(bob), _at(office)) == DID
    assert office.revoke(ann.credential_id, "another reason") == revoked
    with pytest.raises(Conflict, match="was revoked"):
        office.issue(completed(), "ann")
    with pytest.raises(Rejected, match="no credential"):
        office.revoke("urn:uuid:0", "")


def test_what_is_not_published_is_not_found(office: Office) -> None:
    """Not even an error."""
    assert read_published(office.client, "/.well-known/did.json") is None
