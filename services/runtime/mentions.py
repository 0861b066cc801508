"""Whether bytes mention a person: how refused payloads, which nobody could read as records, are found for an erasure.

What tells a person apart wherever it stands (an address, its digest, a DID, a URI) is looked for anywhere; a name on
some system only as a whole value, and beside its home page where that is known, since `7` is somebody else everywhere
else. What is looked through is the text, the values of JSON and the parts of tokens. Invariant: nothing is raised,
whatever the bytes.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from schemas.values import Account
from services.core import base64url

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]*")
_ANYWHERE = re.compile(r"[^@\s]+@[^@\s]+|did:.+|[a-z][a-z0-9+.-]*://.+|[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
MAX_VALUES = 100_000
"""How many values of one payload are looked at."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a person is known by, in lower case."""

    anywhere: frozenset[str] = frozenset()
    """Texts that are nobody else's, wherever they stand."""
    names: frozenset[str] = frozenset()
    """Values that count only as a whole."""
    accounts: frozenset[tuple[str, str]] = frozenset()
    """Home pages, and names that count as a whole beside them."""
    workers: frozenset[str] = frozenset()
    """Worker ids that are the person by links, for whoever can tell those of the accounts in a payload."""

    def __or__(self, other: Person) -> Person:
        return Person(
            self.anywhere | other.anywhere,
            self.names | other.names,
            self.accounts | other.accounts,
            self.workers | other.workers,
        )


NOBODY = Person()


def of_workers(worker_ids: Iterable[str]) -> Person:
    """The person of worker ids, as native records have them: an id is a value beside the member's name."""
    ids = frozenset(worker_ids)
    return Person(accounts=frozenset(("worker_id", worker_id.lower()) for worker_id in ids), workers=ids)


def named(identifier: str) -> Person:
    """The person that an operator names: by an address, a digest, a DID, a URI, an account as JSON, else by a name."""
    try:
        document = json.loads(identifier)
        if isinstance(document, dict):
            return of_account(Account.model_validate(document))
    except ValueError:
        pass
    told = identifier.strip().lower().removeprefix("mailto:")
    if "@" in told and _ANYWHERE.fullmatch(told):
        return Person(frozenset((told, _digest(told))))
    return Person(frozenset((told,))) if _ANYWHERE.fullmatch(told) else Person(names=frozenset((told,)))


def of_account(account: Account) -> Person:
    """The person that an account is of; a pseudonym is in no payload."""
    person = NOBODY
    if account.mbox is not None:
        address = account.mbox.removeprefix("mailto:").lower()
        person |= Person(frozenset((address, _digest(address), _digest(account.mbox.removeprefix("mailto:")))))
    for stated in (account.mbox_sha1sum, account.openid, account.did):
        person |= Person(frozenset((stated.lower(),))) if stated else NOBODY
    if account.account is not None:
        home = account.account
        person |= Person(accounts=frozenset(((str(home.homePage).lower(), home.name.lower()),)))
    return person


def mentions(payload: bytes, person: Person) -> bool:
    """Whether a payload mentions the person."""
    text = payload.decode("utf-8", "replace")
    texts = [text, *_opened(text)]
    values = {value.lower() for each in texts for value in _values(each)}
    whole = "\n".join((*(each.lower() for each in texts), *values))
    return (
        any(told in whole for told in person.anywhere)
        or not person.names.isdisjoint(values)
        or any(name in values and home in whole for home, name in person.accounts)
    )


def _digest(address: str) -> str:
    return sha1(f"mailto:{address}".encode(), usedforsecurity=False).hexdigest()


def _opened(text: str) -> Iterator[str]:
    """What the tokens in a text say."""
    for token in _TOKEN.findall(text):
        part = token.split(".")[1]
        try:
            yield base64url.decoded(part).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            continue


def _values(text: str) -> Iterable[str]:
    """The values of a JSON document, or of one a line; without any, the words."""
    found: list[str] = []
    for part in (text, *text.splitlines()):
        try:
            _collect(json.loads(part), found)
        except (ValueError, RecursionError):
            continue
    return found or re.split(r"[\s\x00-\x1f\"',;<>(){}\[\]]+", text)


def _collect(document: Any, found: list[str]) -> None:
    waiting = [document]
    while waiting and len(found) < MAX_VALUES:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            found.append(str(value))
