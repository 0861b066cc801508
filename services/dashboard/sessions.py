"""Sessions: the signed cookie that stands for a token after logging in.

Apart from the gate because it is pure: a session is a key's id and an end, sealed with HMAC-SHA-256. It carries no
secret and no employer: whose the key is, and whether it still stands, is asked of the keys on each request.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

LEAST_SECRET_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who proved a key's secret, until `ends_at` (whole seconds)."""

    key: str
    ends_at: datetime


class Seal:
    """Turns sessions into cookie text and back, with one secret.

    Raises: ValueError when the secret is too short to be one.
    """

    def __init__(self, secret: str) -> None:
        if len(secret) < LEAST_SECRET_CHARACTERS:
            raise ValueError(f"a session secret has {LEAST_SECRET_CHARACTERS} characters or more")
        self._secret = secret.encode()

    def close(self, session: Session) -> str:
        """The cookie text of a session."""
        body = urlsafe_b64encode(f"{int(session.ends_at.timestamp())}:{session.key}".encode()).decode()
        return f"{body}.{self._signature(body)}"

    def open(self, text: str, now: datetime) -> Session | None:
        """The session of a cookie text, or None when it was not sealed here or is over."""
        body, _, signature = text.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        try:
            ends_at, _, key = urlsafe_b64decode(body).decode().partition(":")
            session = Session(key, datetime.fromtimestamp(int(ends_at), UTC))
        except (Base64Error, UnicodeDecodeError, ValueError):
            return None
        return session if now < session.ends_at else None

    def _signature(self, body: str) -> str:
        return hmac.new(self._secret, body.encode(), sha256).hexdigest()
