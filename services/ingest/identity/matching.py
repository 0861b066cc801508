"""Which hashed identifiers are of addresses that are known, and the links that say so.

A hash is salted so that nobody can look it up: the only way is to try every address that is known, for each hash. So it
is done beside the stream and once for each pair: a new hash against the known addresses, a new address against the
hashes that had no match yet. Whichever comes first, the pair is tried when the second comes.

A match is a `link` record like any other, of a source of its own, so that the hash's records move to the worker of the
address, and further if that is linked in turn. It dates from the start of time: it is no news about the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas.records import Link
from schemas.values import Account, IdentityHash
from services.core.hashes import ADDRESS, FROM_THE_START, pairs
from services.core.pseudonyms import pseudonymous
from services.ingest.identity.table import Sealed
from services.runtime.identity import IdentityKey

_MAILTO = "mailto:"


class Address(NamedTuple):
    """An address that is known, without `mailto:`, and the worker id of its pseudonym."""

    worker_id: str
    text: str


class Hash(NamedTuple):
    """A hashed identifier, and the worker id of its pseudonym."""

    worker_id: str
    hashed: IdentityHash


class Match(NamedTuple):
    """A hash that is of an address."""

    hash: Hash
    address: Address


def addresses_in(sealed: Iterable[Sealed], key: IdentityKey) -> list[Address]:
    """The addresses among what is sealed; what was sealed under another key is left out."""
    return [
        Address(each.worker_id, account.mbox[len(_MAILTO) :])
        for each, account in _opened(sealed, key)
        if account.mbox is not None
    ]


def hashes_in(sealed: Iterable[Sealed], key: IdentityKey) -> list[Hash]:
    """The hashes of e-mail addresses among what is sealed."""
    return [
        Hash(each.worker_id, account.identity_hash)
        for each, account in _opened(sealed, key)
        if account.identity_hash is not None and account.identity_hash.type == ADDRESS
    ]


def matches(hashes: Sequence[Hash], addresses: Sequence[Address]) -> Iterator[Match]:
    """Every pair of a hash and its address. O(salts of the hashes x addresses) digests."""
    told = [(each, each.hashed) for each in hashes]
    for found, address in pairs(told, [(each, each.text) for each in addresses]):
        yield Match(found, address)


def link_of(match: Match, key: IdentityKey) -> Link:
    """The record that says so."""
    account = pseudonymous(Account(identity_hash=match.hash.hashed), key.digesting)
    return Link(
        kind="link", occurred_at=FROM_THE_START, account=account, worker_id=match.address.worker_id, dialect="native"
    )


def _opened(sealed: Iterable[Sealed], key: IdentityKey) -> Iterator[tuple[Sealed, Account]]:
    for each in sealed:
        account = key.opened(each.sealed, each.worker_id)
        if account is not None:
            yield each, account
