"""Keys as documents publish them: a controller's own document, and documents that are one key. Pure.

A key may stand in its controller's document (a DID document, an issuer's profile) or at an address of its own, where it
is a JWK, a JWK set, a verification method or, in Open Badges 2.0, a CryptographicKey; then it says whose it is, and
only its owner's document can confirm that. Source: W3C Controlled Identifiers 1.0; Open Badges 2.0, CryptographicKey.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from services.ingest.verify.documents import Document, as_list
from services.ingest.verify.multikeys import Key, from_jwk, from_multikey, from_pem

MOST_KEYS = 8
"""How many keys of one document are looked at where none is asked for by its id."""
_READERS: Mapping[str, Callable[[Any], Key]] = {
    "publicKeyMultibase": from_multikey,
    "publicKeyJwk": from_jwk,
    "publicKeyPem": from_pem,
}


@dataclass(frozen=True, slots=True)
class Published:
    """A key at an address of its own; `owner` is who it says it belongs to, empty where it says nothing."""

    key: Key
    owner: str


def published(document: Document, method_id: str) -> Published | None:
    """The key that a document is; None when the document is something else.

    Raises: ValueError when it is a key that cannot be read.
    """
    if "kty" in document:
        return Published(from_jwk(document), "")
    if isinstance(document.get("keys"), list):
        return Published(from_jwk(_of_set(document["keys"], method_id)), "")
    if not any(name in document for name in _READERS) or document.get("id") != method_id:
        return None
    owner = document.get("owner", document.get("controller"))
    return Published(_key_of(document), owner if isinstance(owner, str) else "")


def _of_set(keys: list[Any], method_id: str) -> Document:
    """The key of a set whose kid is the fragment that was asked for, or the only one."""
    _, _, fragment = method_id.partition("#")
    there = [one for one in keys if isinstance(one, dict)]
    asked = [one for one in there if one.get("kid") in (fragment, method_id)]
    if len(asked or there) != 1:
        raise ValueError("a set in which it is not said which key is meant")
    return (asked or there)[0]


def named(document: Mapping[str, Any], method_id: str) -> Iterator[Key]:
    """The keys that a document spells out under this id, and lists for assertions."""
    asserting = as_list(document.get("assertionMethod"))
    embedded = [one for one in asserting if isinstance(one, dict)]
    listed = {_absolute(name, document) for name in asserting if isinstance(name, str)}
    for one in _spelled_out(document, embedded):
        if _absolute(one.get("id"), document) != method_id:
            continue
        if one in embedded or method_id in listed or "assertionMethod" not in document:
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                yield _key_of(one)


def lists(document: Mapping[str, Any], method_id: str) -> bool:
    """Whether a document lists a key that stands elsewhere, by its id, for assertions."""
    members = ("assertionMethod",) if "assertionMethod" in document else ("verificationMethod", "publicKey")
    return any(one == method_id for member in members for one in as_list(document.get(member)))


def asserting_ids(document: Mapping[str, Any]) -> list[str]:
    """The ids of the keys that a document gives for assertions, the first few."""
    members = ("assertionMethod",) if "assertionMethod" in document else ("verificationMethod", "publicKey")
    stated = [one for member in members for one in as_list(document.get(member))]
    ids = [_absolute(one.get("id") if isinstance(one, dict) else one, document) for one in stated]
    return list(dict.fromkeys(one for one in ids if isinstance(one, str)))[:MOST_KEYS]


def _spelled_out(document: Mapping[str, Any], embedded: list[Document]) -> Iterator[Document]:
    for one in (*as_list(document.get("verificationMethod")), *as_list(document.get("publicKey")), *embedded):
        if isinstance(one, dict):
            yield one


def _key_of(method: Mapping[str, Any]) -> Key:
    """The key of a verification method. Raises: ValueError, KeyError and whatever reading nonsense raises."""
    for name, read in _READERS.items():
        if name in method:
            return read(method[name])
    raise ValueError("a verification method without a key that is known here")


def _absolute(name: Any, document: Mapping[str, Any]) -> Any:
    return f"{document.get('id')}{name}" if isinstance(name, str) and name.startswith("#") else name
