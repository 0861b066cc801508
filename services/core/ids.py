"""Deterministic ids: who a worker is, and which fact a record is, from nothing but what was said.

They live apart because everything stored hangs on them: the same account must give the same worker, and the same fact
the same record, on every machine and in every release. Ids are UUIDs of version 5 (RFC 9562, 5.5: SHA-1 of a namespace
and a name), so that nobody has to hand them out and a fact sent twice is one fact.

Invariant: no clock, no randomness, no setting enters an id.
"""

from __future__ import annotations

from hashlib import sha1
from uuid import UUID

from msgspec.json import Encoder

from schemas.records import RecordBase
from schemas.values import Account, IdentityHash

# WARNING: the two namespaces, the text of `account_key` and the canonical form of `content_bytes` are for ever.
# Deriving any of them differently gives every stored worker and fact a second identity: progress splits over two
# people, and everything that is sent again counts as new. tests/unit/core/test_ids.py pins one id of each sort.
WORKERS = UUID("5f1c7d0e-7a55-5a0f-9a3b-6b1f0a4c2d11")
RECORDS = UUID("c1d54f2a-0b6e-5b1d-8c77-3e9a5d2f8b42")
NOT_CONTENT = {"record_id", "received_at"}

_encode_sorted = Encoder(order="sorted").encode


def account_key(account: Account) -> str:
    """The account as one text, the same for an e-mail address and for its xAPI `mbox_sha1sum`.

    Addresses are lower-cased first; a digest that its sender took of an address in other letters is another key, as
    nothing can undo it. Source: xAPI 1.0.3 Data 2.4.2.3 (mbox_sha1sum is the hex SHA-1 of the mailto IRI).
    """
    if account.mbox is not None:
        return "mbox_sha1sum:" + sha1(account.mbox.lower().encode(), usedforsecurity=False).hexdigest()
    if account.mbox_sha1sum is not None:
        return "mbox_sha1sum:" + account.mbox_sha1sum.lower()
    if account.openid is not None:
        return "openid:" + account.openid
    if account.account is not None:
        pair = [account.account.homePage, account.account.name]
        return "account:" + _encode_sorted(pair).decode()
    if account.identity_hash is not None:
        return "identity_hash:" + _encode_sorted(_hashed(account.identity_hash)).decode()
    return f"did:{account.did}" if account.pseudonym is None else f"pseudonym:{account.pseudonym}"


def _hashed(hashed: IdentityHash) -> list[str]:
    return [hashed.type, hashed.hash.lower(), hashed.salt]


def worker_id_of(account: Account) -> str:
    """The id of the worker who has this account, until a link says that the account is someone else's."""
    return str(_uuid5(WORKERS, account_key(account).encode()))


def content_id(record: RecordBase) -> UUID:
    """The id of the fact that the record states: equal facts have equal ids, whoever computes them and when.

    `record_id` and `received_at` do not count; instants count as moments, whatever their offset; a member that has its
    default counts as not given, so that a contract may grow optional members without renaming old facts.
    """
    return _uuid5(RECORDS, content_bytes(record))


def content_bytes(record: RecordBase) -> bytes:
    """The canonical JSON that `content_id` digests: sorted by name, no white space, instants in UTC ending in Z."""
    return _encode_sorted(record.model_dump(exclude=NOT_CONTENT, exclude_defaults=True))


def _uuid5(namespace: UUID, name: bytes) -> UUID:
    return UUID(bytes=sha1(namespace.bytes + name, usedforsecurity=False).digest()[:16], version=5)
