"""Multibase and Multikey: how keys and signatures are written in DID documents and proofs.

Source: W3C Controlled Identifiers 1.0, sections 2.2.2 (Multikey) and 2.4 (Multibase), https://www.w3.org/TR/cid-1.0/
"""

from __future__ import annotations

from services.core.base64url import encoded

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"
"""Multicodec prefix of an Ed25519 public key."""


def base58(octets: bytes) -> str:
    """Multibase base58btc, with its z."""
    number, digits = int.from_bytes(octets), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    zeros = len(octets) - len(octets.lstrip(b"\0"))
    return "z" + BASE58[0] * zeros + digits


def base64url(octets: bytes) -> str:
    """Multibase base64url without padding, with its u."""
    return "u" + encoded(octets)


def multikey(public_key: bytes) -> str:
    """An Ed25519 public key of 32 octets as a Multikey, `z6Mk...`."""
    return base58(ED25519 + public_key)
