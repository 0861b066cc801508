"""Open Badges 2.0 as tests want them: an issuer with its badge class, key and revocation list, and assertions of it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SITE = "https://badges.example"
ISSUER, BADGE, KEY, REVOKED = f"{SITE}/issuer", f"{SITE}/badge", f"{SITE}/key", f"{SITE}/revoked"
ASSERTION = f"{SITE}/assertions/1"
CONTEXT = "https://w3id.org/openbadges/v2"


@cache
def private_key() -> RSAPrivateKey:
    """The issuer's key, one a run."""
    return generate_private_key(65537, 2048)


def assertion(**more: Any) -> dict[str, Any]:
    """A hosted assertion about ann@example.org."""
    identity = sha256(b"ann@example.orgsalt").hexdigest()
    return {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": ASSERTION,
        "recipient": {"type": "email", "hashed": True, "salt": "salt", "identity": f"sha256${identity}"},
        "badge": BADGE,
        "issuedOn": "2026-01-01T00:00:00Z",
        "verification": {"type": "hosted"},
        **more,
    }


def signed_assertion(header: dict[str, Any] | None = None, **more: Any) -> str:
    """A signed assertion, as a compact JWS."""
    told = assertion(**{"verification": {"type": "SignedBadge", "creator": KEY}, **more})
    parts = [json.dumps(one).encode() for one in (header or {"alg": "RS256"}, told)]
    words = ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    signature = private_key().sign(words.encode(), PKCS1v15(), SHA256())
    return f"{words}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def site(*revoked: str, **more: Any) -> dict[str, Any]:
    """The issuer's documents by address; `more` are members of its profile."""
    pem = private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    profile = {"@context": CONTEXT, "type": "Issuer", "id": ISSUER, "name": "The College", "url": SITE}
    return {
        ISSUER: {**profile, "email": "a@badges.example", "publicKey": KEY, "revocationList": REVOKED, **more},
        BADGE: {
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": BADGE,
            "name": "Networks",
            "description": "Plans and runs a small network.",
            "image": f"{SITE}/badge.png",
            "criteria": f"{SITE}/criteria",
            "issuer": ISSUER,
        },
        KEY: {"@context": CONTEXT, "type": "CryptographicKey", "id": KEY, "owner": ISSUER, "publicKeyPem": pem},
        REVOKED: {"@context": CONTEXT, "type": "RevocationList", "id": REVOKED, "revokedAssertions": list(revoked)},
        ASSERTION: assertion(),
    }
