"""Credentials that are signed as tests want them, the documents behind them, and a verifier that fetches only these."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from schemas.registry import Registries
from services.core.issuing import Issuer, Status, did_document, status_list, unsigned
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.fetching import Unreachable
from services.ingest.verify.verifier import Verified, Verifier
from services.runtime.issuing import Keyring, secured, token
from tests.builders.issuing import DID, completed

AT = datetime(2026, 6, 1, tzinfo=UTC)
LIST = "https://college.example/status/1"
DOCUMENT = "https://college.example/.well-known/did.json"
RING = Keyring.new(Issuer(DID, "The College"), AT, lambda size: b"\x01" * size)
KEY = RING.current


def bare(**more: Any) -> dict[str, Any]:
    """An unsigned credential with a place in the status list."""
    return {**unsigned(completed(), RING.issuer, "did:key:z6MkA", Status(LIST, 7), "salt"), **more}


def signed(**more: Any) -> dict[str, Any]:
    """The same, signed."""
    return secured(bare(**more), DID, KEY, AT)


def compact(**more: Any) -> str:
    """The same, as a token."""
    return token(bare(**more), DID, KEY)


def documents(*revoked: int) -> dict[str, Any]:
    """The issuer's documents by address."""
    document = did_document(DID, (key.public for key in RING.standing))
    return {DOCUMENT: document, LIST: secured(status_list(LIST, DID, revoked, AT), DID, KEY, AT)}


def verified(
    credential: Any,
    found: Mapping[str, Any] | None = None,
    *,
    registries: Registries | None = None,
    at: datetime = AT,
    canonicaliser: Canonicaliser | None = None,
) -> Verified:
    """What is said of a credential (an object, text or bytes) where only these documents can be had."""
    there = documents() if found is None else found

    def fetch(url: str) -> bytes:
        if url not in there:
            raise Unreachable(url, "no_answer")
        return json.dumps(there[url]).encode()

    payload = (
        credential if isinstance(credential, bytes) else credential.encode() if isinstance(credential, str) else None
    )
    verifier = Verifier(fetch, canonicaliser or Canonicaliser(), registries or Registries())
    return verifier.verify(json.dumps(credential).encode() if payload is None else payload, at)


def said(found: Verified) -> dict[str, bool | None]:
    """The answers alone."""
    return {name: one["answer"] for name, one in found.answers.as_json().items()}


def codes(found: Verified) -> dict[str, str]:
    """The reason codes alone."""
    return {name: one["code"] for name, one in found.answers.as_json().items()}
