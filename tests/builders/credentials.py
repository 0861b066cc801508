"""Credentials that are signed as tests want them, the documents behind them, and a verifier that fetches only these."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import rfc8785

from schemas.registry import Registries
from services.core.issuing import Issuer, Status, did_document, status_list, unsigned
from services.core.issuing.multibase import base58
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


def jws(header: Any, claims: Any, sign: Callable[[bytes], bytes] = KEY.private.sign) -> str:
    """Any claims under any header as a compact JWS, signed by our key or as told."""
    words = ".".join(unpadded(json.dumps(part).encode()) for part in (header, claims))
    return f"{words}.{unpadded(sign(words.encode()))}"


def unpadded(octets: bytes) -> str:
    """As base64url."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def rdfc_signed(canonicaliser: Canonicaliser, document: dict[str, Any], **options: Any) -> dict[str, Any]:
    """A document with an eddsa-rdfc-2022 proof of our key; `options` are further members of the proof."""
    said = _options("eddsa-rdfc-2022", options)
    parts = ({**said, "@context": document["@context"]}, document)
    return _proven(document, said, [canonicaliser.canonical(one).quads for one in parts])


def jcs_signed(document: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The same with an eddsa-jcs-2022 proof."""
    said = {"@context": document["@context"], **_options("eddsa-jcs-2022", options)}
    return _proven(document, said, [rfc8785.dumps(one) for one in (said, document)])


def _options(suite: str, more: Mapping[str, Any]) -> dict[str, Any]:
    made = {"type": "DataIntegrityProof", "cryptosuite": suite, "created": f"{AT:%Y-%m-%dT%H:%M:%SZ}"}
    return {**made, "verificationMethod": f"{DID}#{KEY.fragment}", "proofPurpose": "assertionMethod", **more}


def _proven(document: dict[str, Any], options: dict[str, Any], forms: list[bytes]) -> dict[str, Any]:
    signature = KEY.private.sign(b"".join(sha256(form).digest() for form in forms))
    return {**document, "proof": {**options, "proofValue": base58(signature)}}


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
    subjects: frozenset[str] = frozenset(),
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
    return verifier.verify(json.dumps(credential).encode() if payload is None else payload, at, subjects)


def said(found: Verified) -> dict[str, bool | None]:
    """The answers alone."""
    return {name: one["answer"] for name, one in found.answers.as_json().items()}


def codes(found: Verified) -> dict[str, str]:
    """The reason codes alone."""
    return {name: one["code"] for name, one in found.answers.as_json().items()}
