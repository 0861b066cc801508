"""Salted hashes of addresses: which of them are of addresses that are known, and the links that say so.

A hash is salted so that nobody can look it up: the only way is to try every address that is known, for each salt.
Apart from pseudonyms, because it needs no key: ingest asks with what it has sealed, the offline tools with the records
that they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

from schemas.records import Link, Record
from schemas.values import Account, IdentityHash
from services.core.ids import worker_id_of
from services.core.pseudonyms import account_of_address, digest_of
from services.core.settle import settle

H = TypeVar("H")
A = TypeVar("A")

SOURCE = "stepwell-identity"
"""The source of links that follow from a match."""
FROM_THE_START = datetime(2000, 1, 1, tzinfo=UTC)
"""When such a link dates from: it is no news about the person."""
ADDRESS = "emailAddress"
"""The type of hashes that are of addresses."""
_MAILTO = "mailto:"


def pairs(hashes: Iterable[tuple[H, IdentityHash]], addresses: Iterable[tuple[A, str]]) -> Iterator[tuple[H, A]]:
    """Every pair of a hash and the address, without `mailto:`, that it is of: in its own letters or in small ones.

    O(salts x addresses) digests.
    Source: Open Badges 3.0, B.1.12 IdentityObject: the hash is of the identifier followed by the salt.
    """
    by_salt: dict[tuple[str, str], dict[str, list[H]]] = {}
    for what, hashed in hashes:
        if hashed.type == ADDRESS:
            wanted = hashed.hash.lower()
            by_salt.setdefault((wanted.partition("$")[0], hashed.salt), {}).setdefault(wanted, []).append(what)
    known = list(addresses) if by_salt else []
    for (algorithm, salt), wanted_hashes in by_salt.items():
        for whose, address in known:
            for text in {address, address.lower()}:
                for found in wanted_hashes.get(digest_of(f"{algorithm}$", text, salt), ()):
                    yield found, whose


def links_in(records: Iterable[Record]) -> tuple[Link, ...]:
    """Links from the hashes to the addresses that records tell openly, for whoever has no more than the records."""
    hashes: dict[str, Account] = {}
    addresses: dict[str, str] = {}
    for record in records:
        account = record.account
        if account is not None and account.identity_hash is not None:
            hashes[worker_id_of(account)] = account
        for known in (account, account_of_address(record.worker_id or "")):
            if known is not None and known.mbox is not None:
                addresses[worker_id_of(known)] = known.mbox[len(_MAILTO) :]
    told = [(account, account.identity_hash) for account in hashes.values() if account.identity_hash is not None]
    return tuple(_link(account, worker_id) for account, worker_id in pairs(told, addresses.items()))


def _link(account: Account, worker_id: str) -> Link:
    link = Link(kind="link", occurred_at=FROM_THE_START, account=account, worker_id=worker_id)
    return settle(link, source=SOURCE, received_at=FROM_THE_START)
