"""Standard Webhooks: whether a message is its sender's, and fresh. Pure: secrets and the time are handed in.

The signature is of the message's id, its time and the octets of the body as they came. A message may carry several
signatures and a hook may know several secrets, so that either side can change its own without the other.
Source: Standard Webhooks, https://www.standardwebhooks.com, "Signature scheme" (v1: HMAC-SHA256, v1a: Ed25519).
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SECRET = "whsec_"  # noqa: S105 - how a secret begins
PUBLIC_KEY = "whpk_"
_MAX_DIGITS = 12


class NotSigned(Exception):
    """Why a message is not taken as its sender's; never what would help to forge one."""


def verify(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: datetime, tolerance_seconds: int
) -> str:
    """The id of a message that one of the secrets signed. `headers` has names in lower case.

    Raises: NotSigned.
    """
    message_id, stamp, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (message_id and stamp and signatures):
        raise NotSigned("send the headers webhook-id, webhook-timestamp and webhook-signature")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _MAX_DIGITS):
        raise NotSigned("webhook-timestamp must be seconds since 1970")
    if abs(now.timestamp() - int(stamp)) > tolerance_seconds:
        raise NotSigned(f"webhook-timestamp is more than {tolerance_seconds} seconds from now")
    signed = f"{message_id}.{stamp}.".encode() + body
    known = list(secrets)
    for signature in signatures.split():
        version, _, value = signature.partition(",")
        if any(_is_of(secret, version, value, signed) for secret in known):
            return message_id
    raise NotSigned("no signature in webhook-signature is of a secret that is known here")


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """The signature (v1) of a message, as `webhook-signature` has it."""
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    digest = hmac.new(_key(secret.removeprefix(SECRET)), signed, hashlib.sha256).digest()
    return f"v1,{b64encode(digest).decode()}"


def _is_of(secret: str, version: str, value: str, signed: bytes) -> bool:
    try:
        given = b64decode(value, validate=True)
        if version == "v1" and not secret.startswith(PUBLIC_KEY):
            digest = hmac.new(_key(secret.removeprefix(SECRET)), signed, hashlib.sha256).digest()
            return hmac.compare_digest(digest, given)
        if version == "v1a" and secret.startswith(PUBLIC_KEY):
            Ed25519PublicKey.from_public_bytes(_key(secret.removeprefix(PUBLIC_KEY))).verify(given, signed)
            return True
    except (NotBase64, ValueError, InvalidSignature):
        return False
    return False


def _key(text: str) -> bytes:
    return b64decode(text, validate=True)
