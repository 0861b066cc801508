"""Salted hashes of addresses, where nothing but records is known."""

from __future__ import annotations

from hashlib import md5, sha256
from typing import Any

import pytest

from schemas.values import IdentityHash
from services.core.hashes import links_in, pairs
from services.core.people import gather
from tests.builders import records as build

SALT = "salt"
HASHED = "sha256$" + sha256(b"ana@example.org" + SALT.encode()).hexdigest()


def badge(**hashed: Any) -> Any:
    """An award to whoever has an address that is told as a salted hash only."""
    told = {"hash": HASHED, "salt": SALT, **hashed}
    return build.award(award_id="1", worker_id=None, account={"identity_hash": told})


def course(mbox: str = "mailto:ana@example.org") -> Any:
    """An award to an address."""
    return build.award(award_id="2", worker_id=None, account={"mbox": mbox})


@pytest.mark.parametrize("records", [(badge(), course()), (course("mailto:Ana@Example.org"), badge())])
def test_a_hash_is_the_worker_of_its_address(records: tuple[Any, ...]) -> None:
    """In whatever order they are told, and whatever the letters of the address."""
    (held,) = gather([*records, *links_in(records)]).values()
    assert {key.rpartition("\n")[2] for key in held.awards} == {"1", "2"}


def test_a_link_may_lead_on_from_the_address() -> None:
    """A roster says whose address it is."""
    link = build.settled("link", account={"mbox": "mailto:ana@example.org"}, worker_id="w7")
    records = (badge(), link)
    assert set(gather([*records, *links_in(records)])) == {"w7"}


@pytest.mark.parametrize("hashed", [{"salt": "other"}, {"type": "phoneNumber"}])
def test_what_does_not_match_is_linked_to_nobody(hashed: dict[str, Any]) -> None:
    """Another salt is another hash; what is of another kind is no address."""
    assert links_in((badge(**hashed), course())) == ()


@pytest.mark.parametrize("address", ["ana@example.org", "ANA@example.org"])
def test_a_hash_is_of_its_address_in_its_letters_or_in_small_ones(address: str) -> None:
    """Source: Open Badges 3.0, B.1.12: the identifier, followed by the salt, which may be none."""
    old = IdentityHash(hash="md5$" + md5(b"ana@example.org", usedforsecurity=False).hexdigest())
    hashes = [("new", IdentityHash(hash=HASHED, salt=SALT)), ("old", old)]
    assert sorted(pairs(hashes, [("ben", "ben@example.org"), ("ana", address)])) == [("new", "ana"), ("old", "ana")]
