"""Pseudonyms: what stands in a record in place of an identifier that tells somebody's e-mail address.

Ingest puts them in before a record is settled, so that no raw address, nor a digest that a list of addresses would
undo, is on the log or in a table of records. The digest is keyed, so it can be computed only by who has the key, and
an address and its xAPI `mbox_sha1sum` have one pseudonym. Whoever has no key (offline tools) leaves records as they
are.

Invariant: no identifier that tells an address gets out of `hidden`; two accounts have one pseudonym only if they are
one account (docs/decisions/0060-addresses-become-pseudonyms.md).
"""

from __future__ import annotations

import hmac
import re
from hashlib import md5, sha256
from typing import Any, Generic, NamedTuple, TypeVar

from schemas.records import Link, RecordBase
from schemas.values import Account
from services.core.ids import account_key, worker_id_of

R = TypeVar("R", bound=RecordBase)

_MAILTO = "mailto:"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+").fullmatch
_PRIVATE = ("tel:", "nationalIdentityNumber:")
"""What else a name on some system may begin with that is to be kept from view like an address."""


class Stated(NamedTuple):
    """An account as its source stated it, and the worker id that its pseudonym has."""

    worker_id: str
    account: Account


class Hidden(NamedTuple, Generic[R]):
    """A record without addresses, and the accounts that gave way to pseudonyms in it."""

    record: R
    stated: tuple[Stated, ...] = ()


def hidden(record: R, key: bytes) -> Hidden[R]:
    """The record as it may leave ingest. A worker id that is an e-mail address is the account of that address."""
    changes: dict[str, Any] = {}
    stated: list[Stated] = []
    if record.account is not None and tells_address(record.account):
        shown = pseudonymous(record.account, key)
        worker_id = worker_id_of(shown)
        stated.append(Stated(worker_id, record.account))
        changes["account"] = shown
        if record.worker_id is None and not isinstance(record, Link):
            changes["worker_id"] = worker_id
    if record.worker_id is not None and (account := account_of_address(record.worker_id)) is not None:
        changes["worker_id"] = worker_id_of(pseudonymous(account, key))
        stated.append(Stated(changes["worker_id"], account))
    return Hidden(record.model_copy(update=changes) if changes else record, tuple(stated))


def pseudonymous(account: Account, key: bytes) -> Account:
    """The account by its pseudonym; the same for an address and its `mbox_sha1sum`."""
    kind, _, _ = (name := account_key(account)).partition(":")
    digest = hmac.digest(key, name.encode(), "sha256").hex()
    return Account(pseudonym=f"{'mbox' if kind == 'mbox_sha1sum' else kind}:{digest}")


def tells_address(account: Account) -> bool:
    """Whether an account tells, or lets one find out, somebody's e-mail address or the like."""
    if account.mbox is not None or account.mbox_sha1sum is not None or account.identity_hash is not None:
        return True
    if account.account is not None:
        return _is_private(account.account.name)
    return any(said is not None and _is_private(said) for said in (account.openid, account.did))


def account_of_address(text: str) -> Account | None:
    """The account of an e-mail address, with or without `mailto:`; None when the text is no address."""
    address = text[len(_MAILTO) :] if text.lower().startswith(_MAILTO) else text
    try:
        return Account(mbox=_MAILTO + address) if _ADDRESS(address) else None
    except ValueError:
        return None


def digest_of(like: str, identifier: str, salt: str) -> str:
    """The hash of an identifier and salt, by the algorithm of another hash, written like it."""
    text = (identifier + salt).encode()
    if like.startswith("md5$"):
        return "md5$" + md5(text, usedforsecurity=False).hexdigest()
    return "sha256$" + sha256(text).hexdigest()


def _is_private(text: str) -> bool:
    return "@" in text or text.startswith(_PRIVATE)
