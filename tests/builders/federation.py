"""Federations as tests want them: entities with keys, and the statements that they sign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from services.runtime.federation import STATEMENT


def key(name: str) -> OKPKey:
    """A new Ed25519 key of that id."""
    return OKPKey.generate_key("Ed25519", parameters={"kid": name})


def jwks(*keys: OKPKey) -> dict[str, Any]:
    """The public halves."""
    return dict(KeySet(list(keys)).as_dict(private=False))


def signed(by: OKPKey, claims: dict[str, Any], typ: str = STATEMENT, alg: str = "Ed25519") -> str:
    """A signed token."""
    return jwt.encode({"alg": alg, "typ": typ, "kid": by.kid}, claims, by, algorithms=[alg])


def statement(by: OKPKey, issuer: str, subject: str, at: datetime, **claims: Any) -> str:
    """A signed statement that is in force at an instant and an hour on."""
    times = {"iat": int(at.timestamp()) - 10, "exp": int(at.timestamp()) + 3600}
    return signed(by, {"iss": issuer, "sub": subject, **times, **claims})
