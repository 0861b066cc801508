"""A credential from its topic, and the awards that were made of it: the same records, by the same code, as at intake.

Nothing is looked up, so a verification never waits for its award: record and worker ids follow from the bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.records import Award
from schemas.values import Account
from services.ingest.dialects.credentials.translating import translated
from services.ingest.dialects.dialect import Arrival
from services.ingest.intake import Intake, Sender
from services.runtime.cloudevents import attribute, texts
from services.runtime.errors import Rejected

MAILTO = "mailto:"


@dataclass(frozen=True, slots=True)
class Sent:
    """One credential as somebody sent it."""

    digest: str
    """`sha-256:` and the hexadecimal digits."""
    content: bytes
    media_type: str
    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Awarded:
    """An award that was made of a credential, as it is on the log, and the ids that name its worker in it."""

    award: Award
    subjects: frozenset[str]
    is_named_by_hash: bool


class Message(Protocol):
    """A message of Kafka."""

    @property
    def value(self) -> bytes | None:
        """The credential."""

    @property
    def headers(self) -> Iterable[tuple[str, bytes | None]] | None:
        """CloudEvents attributes."""


def sent_by(message: Message) -> Sent | None:
    """The credential in a message; None when it is not one that ingest put there."""
    headers = texts(message.headers)
    digest, source, time = (attribute(headers, name) for name in ("id", "source", "time"))
    if digest is None or source is None or time is None or not message.value:
        return None
    return Sent(digest, message.value, headers.get("content-type", ""), source, datetime.fromisoformat(time))


def awarded_by(sent: Sent, intake: Intake) -> list[Awarded]:
    """The awards that were made of a credential; none where it speaks of something else.

    Raises: Unavailable while nobody can tell the key that hides addresses.
    """
    arrival = Arrival(sent.content, {"content-type": sent.media_type}, sent.source, received_at=sent.received_at)
    try:
        pairs = translated(arrival).whole()
        sender = Sender(sent.source, "", lambda _: True, "verify")
        settled = intake.settled(pairs, sender).records
    except Rejected:  # ingest would not have put it there: it is another Stepwell's, or nobody's
        return []
    return list(_awards(zip((record.account for _, record in pairs), settled, strict=True)))


def _awards(made: Iterable[tuple[Account | None, object]]) -> Iterator[Awarded]:
    for account, record in made:
        if isinstance(record, Award):
            is_hashed = account is not None and account.identity_hash is not None
            yield Awarded(record, frozenset(_ids(account)), is_hashed)


def _ids(account: Account | None) -> Iterator[str]:
    if account is None:
        return
    yield from (each for each in (account.mbox, account.openid, account.did) if each is not None)
