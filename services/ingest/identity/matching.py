"""Which hashed identifiers are of addresses that are known, and the links that say so.

A hash is salted so that nobody can look it up: the only way is to try every address that is known, for each hash. So it
is done beside the stream and once for each pair: a new hash against the known addresses, a new address against the
hashes that had no match yet. Whichever comes first, the pair is tried when the second comes.

A match is a `link` record like any other, of a source of its own, so that the hash's records move to the worker of the
address, and further if that is linked in turn. It dates from the start of time: it is no news about the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from schemas.records import Link
from schemas.values import Account, IdentityHash
from services.core.pseudonyms import digest_of, pseudonymous
from services.ingest.identity.table import Sealed
from services.runtime.identity import IdentityKey

SOURCE = "stepwell-identity"
"""The source of links that follow from a match, and of erasures that follow from an erasure."""
FROM_THE_START = datetime(2000, 1, 1, tzinfo=UTC)
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
        if account.identity_hash is not None and account.identity_hash.type == "emailAddress"
    ]


def matches(hashes: Sequence[Hash], addresses: Sequence[Address]) -> Iterator[Match]:
    """Every pair of a hash and its address. O(salts of the hashes x addresses) digests."""
    by_salt: dict[tuple[str, str], dict[str, list[Hash]]] = {}
    for each in hashes:
        wanted = each.hashed.hash.lower()
        algorithm = wanted.partition("$")[0]
        by_salt.setdefault((algorithm, each.hashed.salt), {}).setdefault(wanted, []).append(each)
    for (algorithm, salt), wanted_hashes in by_salt.items():
        for address in addresses:
            for text in {address.text, address.text.lower()}:
                for found in wanted_hashes.get(digest_of(f"{algorithm}$", text, salt), ()):
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
