"""did:web: an issuer's name, where its document lies, and what the document says.

A rotated key stays in the document, because what it signed must stay checkable; a retired one is taken out, and what it
signed is no longer believed. Source: did:web method, https://w3c-ccg.github.io/did-method-web/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
_DID = re.compile(r"did:web:([A-Za-z0-9.-]+(?:%3A[0-9]{1,5})?)((?::[A-Za-z0-9._~%-]+)*)")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A verification method: its fragment and its Multikey."""

    fragment: str
    multikey: str


def web_base(did: str) -> str:
    """The https address that a did:web stands for, without a slash at its end.

    Raises: ValueError for a DID of another method.
    """
    host, path = _parts(did)
    return f"https://{host}{path}"


def document_path(did: str) -> str:
    """The path at which its host serves its document.

    Raises: as `web_base`.
    """
    _, path = _parts(did)
    return f"{path or '/.well-known'}/did.json"


def document_url(did: str) -> str:
    """The address of its document. Raises: as `web_base`."""
    host, _ = _parts(did)
    return f"https://{host}{document_path(did)}"


def did_document(did: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """The document, with every key as a verification method that may assert."""
    methods = [
        {"id": f"{did}#{key.fragment}", "type": "Multikey", "controller": did, "publicKeyMultibase": key.multikey}
        for key in keys
    ]
    return {
        "@context": CONTEXT,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _parts(did: str) -> tuple[str, str]:
    found = _DID.fullmatch(did)
    if found is None:
        raise ValueError(
            f"not a did:web: {did}; give one such as did:web:college.example or did:web:college.example:it"
        )
    return found[1].replace("%3A", ":"), found[2].replace(":", "/")
