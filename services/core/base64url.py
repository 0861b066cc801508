"""Base64 in the alphabet of URLs and without padding, as tokens, keys and cursors have it. Source: RFC 4648, 5."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encoded(octets: bytes) -> str:
    """Octets as text, without padding."""
    return urlsafe_b64encode(octets).decode().rstrip("=")


def decoded(text: str | bytes) -> bytes:
    """The octets of a text without padding.

    Raises: ValueError.
    """
    padding = -len(text) % 4
    return urlsafe_b64decode(text + "=" * padding if isinstance(text, str) else text + b"=" * padding)
