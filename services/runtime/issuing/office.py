"""An issuing office on the system's own clock and randomness: what commands use, and tests do not."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

from services.runtime.clickhouse import Client
from services.runtime.issuing.issued import Office
from services.runtime.issuing.keyring import Keyring


def office_of(client: Client, keyring: Keyring) -> Office:
    """An office with the system's clock and randomness."""
    return Office(client, keyring, now, secrets.randbelow, secrets.token_bytes, version)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def version() -> int:
    """Microseconds since 1970: numbers that grow."""
    return time.time_ns() // 1000
