"""The keys that hide addresses, where ClickHouse keeps them: the one in force, and those before and after it.

A key is changed while services run (services/ingest/identity/rotating.py): the next one is announced, so that every
service can open what is sealed under it, then put in force, and at last those before it are taken out. Each is one
generation; a row's `key_id` says which (`2.1f0c...`; without a number the first), and ends in `.coming` where the row
only announces. Of a generation the row that was stored first counts, so that several services may make the first key at
once and have the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from secrets import token_bytes
from time import sleep
from typing import NamedTuple

from services.runtime.clickhouse import Client, unavailable
from services.runtime.identity import IdentityKey

FIRST = 1
_OCTETS = 32
_COMING = ".coming"
_OTHERS_MAY_WRITE_SECONDS = 0.3
_SELECT = "SELECT key_id, secret FROM identity_keys ORDER BY created_at, key_id"


class StoredKey(NamedTuple):
    """One key, as it is kept."""

    generation: int
    secret: bytes
    is_coming: bool = False
    """Whether it is only announced: it opens, and hides nothing yet."""


def identity_key(client: Client, pause: Callable[[float], None] = sleep) -> IdentityKey:
    """The key that is in force, with the others; made, when nobody has made one yet.

    Raises: Unavailable when ClickHouse does not answer.
    """
    make_identity_key(client, pause)
    return in_force(stored_identity_keys(client))


def make_identity_key(client: Client, pause: Callable[[float], None] = sleep) -> None:
    """Make the first key when there is none. Raises: Unavailable."""
    if not stored_identity_keys(client):
        store_identity_key(client, StoredKey(FIRST, token_bytes(_OCTETS)))
        pause(_OTHERS_MAY_WRITE_SECONDS)


def in_force(keys: Sequence[StoredKey]) -> IdentityKey:
    """The newest key that is more than announced, with the others to open by. There has to be one."""
    ready = [key for key in keys if not key.is_coming]
    others = [IdentityKey(key.secret) for key in keys if key is not ready[-1]]
    return IdentityKey(ready[-1].secret, others)


def next_key(keys: Sequence[StoredKey]) -> StoredKey:
    """A new key that follows these, to be announced."""
    return StoredKey(keys[-1].generation + 1, token_bytes(_OCTETS), is_coming=True)


def stored_identity_keys(client: Client) -> list[StoredKey]:
    """The keys by generation, the newest last. Raises: Unavailable."""
    with unavailable():
        rows = client.query(_SELECT).result_rows
    found: dict[int, StoredKey] = {}
    for key_id, secret in rows:
        read = StoredKey(_generation(key_id), bytes.fromhex(secret), key_id.endswith(_COMING))
        first = found.setdefault(read.generation, read)
        found[read.generation] = first._replace(is_coming=first.is_coming and read.is_coming)
    return [found[generation] for generation in sorted(found)]


def store_identity_key(client: Client, key: StoredKey) -> None:
    """Keep a key, or that it is in force. Doing it twice changes nothing. Raises: Unavailable."""
    key_id = f"{key.generation}.{IdentityKey(key.secret).key_id}{_COMING * key.is_coming}"
    with unavailable():
        client.insert("identity_keys", [[key_id, key.secret.hex()]], ["key_id", "secret"])


def drop_identity_keys(client: Client, before: int) -> None:
    """Take out the keys of the generations before one, for good. Raises: Unavailable."""
    with unavailable():
        client.command(
            "ALTER TABLE identity_keys DELETE WHERE "
            "if(position(key_id, '.') > 0, toUInt32OrZero(splitByChar('.', key_id)[1]), 1) < {before:UInt32} "
            "SETTINGS mutations_sync = 1",
            parameters={"before": before},
        )


def _generation(key_id: str) -> int:
    return int(key_id.partition(".")[0]) if "." in key_id else FIRST
