"""Public keys as credentials and DID documents write them: Multikeys, did:key, JWKs, PEM; and signatures by them.

Source: W3C Controlled Identifiers 1.0, section 2.2.2 (Multikey); W3C Data Integrity ECDSA Cryptosuites 1.0 (a signature
is r and s, one after the other).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from services.core import base64url
from services.core.issuing.multibase import BASE58

Curve = Literal["Ed25519", "P-256", "P-384", "RSA"]
LEAST_RSA_BITS, MOST_RSA_BITS, MOST_EXPONENT_BITS = 2048, 8192, 64
_PREFIXES: Mapping[bytes, Curve] = {b"\xed\x01": "Ed25519", b"\x80\x24": "P-256", b"\x81\x24": "P-384"}
_CURVES: Mapping[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}
_HALF = {"P-256": 32, "P-384": 48}
_MOST_LETTERS = 512


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, which of its kinds, and how it was written."""

    curve: Curve
    public: Ed25519PublicKey | ec.EllipticCurvePublicKey | RSAPublicKey
    written: str

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Whether a signature over a message is of this key."""
        try:
            if isinstance(self.public, Ed25519PublicKey):
                self.public.verify(signature, message)
            elif isinstance(self.public, RSAPublicKey):
                self.public.verify(signature, message, PKCS1v15(), SHA256())
            else:
                self._verify_ecdsa(self.public, signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _verify_ecdsa(self, public: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> None:
        half = _HALF[self.curve]
        if len(signature) != 2 * half:
            raise ValueError("r and s have another length")
        pair = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
        public.verify(pair, message, ec.ECDSA(SHA256() if self.curve == "P-256" else SHA384()))


def from_multikey(text: str) -> Key:
    """The key that a Multikey (`z6Mk...`, `zDn...`, `z82...`) says.

    Raises: ValueError.
    """
    octets = from_base58(text)
    curve = _PREFIXES.get(octets[:2])
    if curve is None:
        raise ValueError("a key of no kind that is known here")
    if curve == "Ed25519":
        return Key(curve, Ed25519PublicKey.from_public_bytes(octets[2:]), text)
    return Key(curve, ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[curve], octets[2:]), text)


def from_jwk(jwk: Mapping[str, Any]) -> Key:
    """The key that a JWK of type OKP, EC or RSA says.

    Raises: ValueError.
    """
    curve: Any = jwk.get("crv")
    written = json.dumps({name: jwk[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in jwk})
    try:
        if jwk.get("kty") == "RSA":
            return Key("RSA", _rsa(jwk), written)
        if jwk.get("kty") == "OKP" and curve == "Ed25519":
            return Key("Ed25519", Ed25519PublicKey.from_public_bytes(base64url.decoded(jwk["x"])), written)
        if jwk.get("kty") == "EC" and curve in _HALF:
            x, y = (int.from_bytes(base64url.decoded(jwk[name])) for name in "xy")
            return Key(curve, ec.EllipticCurvePublicNumbers(x, y, _CURVES[curve]).public_key(), written)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a JWK that lacks a member") from error
    raise ValueError("a key of no kind that is known here")


def _rsa(jwk: Mapping[str, Any]) -> RSAPublicKey:
    exponent, modulus = (int.from_bytes(base64url.decoded(jwk[name])) for name in "en")
    if modulus.bit_length() > MOST_RSA_BITS or exponent.bit_length() > MOST_EXPONENT_BITS:
        raise ValueError(f"an RSA key has {MOST_RSA_BITS} bits at most, and its exponent {MOST_EXPONENT_BITS}")
    return _long_enough(RSAPublicNumbers(exponent, modulus).public_key())


def _long_enough(key: RSAPublicKey) -> RSAPublicKey:
    if not LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS:
        raise ValueError(f"an RSA key has {LEAST_RSA_BITS} to {MOST_RSA_BITS} bits")
    return key


def from_pem(text: str) -> Key:
    """The key that a PEM text says, as Open Badges 2.0 writes them.

    Raises: ValueError.
    """
    try:
        key = load_pem_public_key(text.encode())
    except (UnsupportedAlgorithm, AttributeError) as error:
        raise ValueError("no PEM of a key that is known here") from error
    written = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    if isinstance(key, RSAPublicKey):
        return Key("RSA", _long_enough(key), written)
    if isinstance(key, Ed25519PublicKey):
        return Key("Ed25519", key, written)
    if isinstance(key, ec.EllipticCurvePublicKey):
        for name, curve in _CURVES.items():
            if isinstance(key.curve, type(curve)):
                return Key("P-256" if name == "P-256" else "P-384", key, written)
    raise ValueError("a key of no kind that is known here")


def from_written(text: str) -> Key:
    """The key that `Key.written` wrote.

    Raises: ValueError.
    """
    if text.startswith("-----BEGIN"):
        return from_pem(text)
    return from_multikey(text) if text.startswith("z") else from_jwk(json.loads(text))


def from_base58(text: str) -> bytes:
    """The octets of a multibase base58btc text, which begins with z.

    Raises: ValueError.
    """
    if not text.startswith("z") or len(text) > _MOST_LETTERS:
        raise ValueError("not base58btc")
    number = 0
    for letter in text[1:]:
        number = number * 58 + BASE58.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip(BASE58[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
