"""Messages of `stepwell.identities.v1`: an account behind a pseudonym, sealed, or that a worker is to be forgotten.

The key says what a message is about, so that compaction keeps the last word on it and a message without a value takes
it away. Invariant: `read(write(x)) == x`, and nothing that tells an address is readable in either.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import DecodeError, Struct
from msgspec.json import Decoder, Encoder

from schemas.values import IDENTIFIERS, Account
from services.runtime.producer import Message

FORGET = "forget"


class Introduction(Struct, frozen=True, tag="introduction"):
    """An account that was hidden. `sealed` can be opened with the key of `key_id` alone."""

    worker_id: str
    kind: str
    sealed: bytes
    key_id: str
    source: str
    seen_at: datetime


class Forgetting(Struct, frozen=True, tag="forgetting"):
    """Everything that was kept about who this worker is, up to `until`, is to go."""

    worker_id: str
    until: datetime


_encode = Encoder().encode
_decode = Decoder(Introduction | Forgetting).decode


def kind_of(account: Account) -> str:
    """What an account is told by: the name of its one member."""
    return next(name for name in IDENTIFIERS if getattr(account, name) is not None)


def message_of(said: Introduction | Forgetting, topic: str) -> Message:
    """The message that says it."""
    kind = said.kind if isinstance(said, Introduction) else FORGET
    return Message(topic, key_of(said.worker_id, kind), _encode(said), [])


def retraction(worker_id: str, kind: str, topic: str) -> Message:
    """The message that takes an introduction off the topic."""
    return Message(topic, key_of(worker_id, kind), None, [])


def key_of(worker_id: str, kind: str) -> bytes:
    """The key of what is said of a worker."""
    return f"{worker_id}\n{kind}".encode()


def read(value: bytes) -> Introduction | Forgetting:
    """What a message says.

    Raises: ValueError when it is none of ours.
    """
    try:
        said: Introduction | Forgetting = _decode(value)
        return said
    except DecodeError as error:
        raise ValueError(str(error)) from error
