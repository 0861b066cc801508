"""DCC-style static registries: one JSON object from an issuer's DID to its name, location and address.

    {"meta": {...}, "registry": {"did:key:z6Mk...": {"name": "...", "location": "...", "url": "..."}}}

The list may also be the whole document. Source: https://github.com/digitalcredentials/issuer-registry-client
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from schemas.registry import RegisteredIssuer
from services.core.registries.faults import RegistryFault

_MEMBERS = ("name", "location", "url")


def looks_static(document: Any) -> bool:
    """Whether a document is a list of this kind: an object whose members are issuers' ids."""
    entries = _entries(document)
    return bool(entries) and all(_is_id(key) and isinstance(value, Mapping) for key, value in entries.items())


def static_issuers(document: Any) -> tuple[RegisteredIssuer, ...]:
    """The issuers of the list, in its order; members that are not known here are left out.

    Raises: RegistryFault.
    """
    if not looks_static(document):
        raise RegistryFault("not a registry: an object is wanted from each issuer's DID to its name, location and url")
    return tuple(_issuer(key, value) for key, value in _entries(document).items())


def _entries(document: Any) -> Mapping[str, Any]:
    if not isinstance(document, Mapping):
        return {}
    inner = document.get("registry", document)
    return inner if isinstance(inner, Mapping) else {}


def _is_id(key: str) -> bool:
    return key.startswith(("did:", "https://", "http://"))


def _issuer(key: str, value: Mapping[str, Any]) -> RegisteredIssuer:
    told = {name: value[name] for name in _MEMBERS if isinstance(value.get(name), str) and value[name]}
    try:
        return RegisteredIssuer(id=key, **told)
    except ValidationError as error:
        fault = error.errors()[0]
        raise RegistryFault(f"{key}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
