"""Seals: a text and its end, signed, so that whoever brings it back proves nothing but that it was given here.

Apart because both sides of a link need them: who makes it and who opens it. HMAC-SHA-256 over what is sealed and when
it ends; nothing is hidden by it, so no secret goes in.
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
class Sealed:
    """What was sealed, and until when it stands (whole seconds)."""

    what: str
    ends_at: datetime


class Seal:
    """Turns what is sealed into text and back, with one secret.

    Raises: ValueError when the secret is too short to be one.
    """

    def __init__(self, secret: str) -> None:
        if len(secret) < LEAST_SECRET_CHARACTERS:
            raise ValueError(f"a secret that seals has {LEAST_SECRET_CHARACTERS} characters or more")
        self._secret = secret.encode()

    def close(self, sealed: Sealed) -> str:
        """The text of what is sealed: letters, digits, -, _, = and one full stop."""
        body = urlsafe_b64encode(f"{int(sealed.ends_at.timestamp())}:{sealed.what}".encode()).decode()
        return f"{body}.{self._signature(body)}"

    def open(self, text: str, now: datetime) -> Sealed | None:
        """What a text seals, or None when it was not sealed here or is over."""
        body, _, signature = text.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        try:
            ends_at, _, what = urlsafe_b64decode(body).decode().partition(":")
            sealed = Sealed(what, datetime.fromtimestamp(int(ends_at), UTC))
        except (Base64Error, UnicodeDecodeError, ValueError):
            return None
        return sealed if now < sealed.ends_at else None

    def _signature(self, body: str) -> str:
        return hmac.new(self._secret, body.encode(), sha256).hexdigest()
