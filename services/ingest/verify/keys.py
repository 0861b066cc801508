"""Whose key signed: from a verification method to a key, and whether the issuer names it as its own.

Two questions, answered apart: a signature can be good and the key nobody's. A key that the method itself spells out
(did:key, or a Multikey as fragment) makes the signature checkable with nothing fetched; that it is the issuer's, only
the issuer's own id or its own document can say. Source: Open Badges 3.0, section 8.5; W3C did:key and did:web methods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import rfc8785

from schemas.registry import KnownKey
from services.core.issuing.did import document_url
from services.core.registries import keys_of
from services.core.trust import Answer, no, unknown, yes
from services.ingest.verify.documents import Document, as_list, document_from
from services.ingest.verify.fetching import Fetch, Unreachable
from services.ingest.verify.multikeys import Key, from_jwk, from_multikey, from_written
from services.runtime.errors import Rejected


@dataclass(frozen=True, slots=True)
class Method:
    """A verification method resolved: its key, or why there is none; and what its controller's document says, if had.

    `controller` is the method's id without its fragment. `is_named` tells whether the controller's own document names
    the key for assertions; None when that document could not be had.
    """

    id: str
    controller: str
    key: Key | None
    is_named: bool | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """Resolves verification methods; keys that were seen before stand in for documents that are gone."""

    fetch: Fetch
    at: datetime
    known: tuple[KnownKey, ...] = ()
    seen: list[KnownKey] = field(default_factory=list)
    """Keys that issuers' own documents named while this was asked."""
    _methods: dict[str, Method] = field(default_factory=dict)
    """Methods resolved: a credential, its status list and what it carries often have one and the same."""

    def method(self, method_id: str) -> Method:
        """The method. Never raises: what cannot be resolved has no key and a reason."""
        known = self._methods.get(method_id)
        if known is None:
            known = self._methods[method_id] = self._resolved(method_id)
        return known

    def _resolved(self, method_id: str) -> Method:
        controller, _, fragment = method_id.partition("#")
        if controller.startswith("did:key:"):
            key = _spelled(controller.removeprefix("did:key:"))
            return Method(method_id, controller, key, is_named=key is not None, reason="" if key else "bad_key")
        document, reason = self._document(controller)
        if document is not None:
            named = list(_named(document, method_id))
            self._note(controller, method_id, named, document)
            key = named[0] if named else _spelled(fragment)
            return Method(method_id, controller, key, is_named=bool(named), reason="" if key else "no_such_key")
        key = _spelled(fragment) or self._remembered(controller, method_id)
        if key is None and fragment.startswith("z"):
            reason = "bad_key"  # it spells a key out, and spells it wrongly
        return Method(method_id, controller, key, is_named=None, reason="" if key else reason)

    def _remembered(self, controller: str, method_id: str) -> Key | None:
        """The key that the controller's document last named under this id."""
        for one in keys_of(controller, method_id, self.known, at=self.at):
            with suppress(ValueError):
                return from_written(one.public_key)
        return None

    def _note(self, controller: str, method_id: str, named: list[Key], document: Document) -> None:
        digest = f"sha-256:{sha256(rfc8785.dumps(document)).hexdigest()}"
        for key in named:
            seen = {"issuer": controller, "key_id": method_id, "public_key": key.written, "document": digest}
            self.seen.append(KnownKey(**seen, first_seen=self.at, last_seen=self.at))

    def _document(self, controller: str) -> tuple[Document | None, str]:
        try:
            url = document_url(controller) if controller.startswith("did:") else controller
            document = document_from(self.fetch(url).decode())
        except (ValueError, UnicodeDecodeError):
            return None, "unknown_method"
        except Unreachable as error:
            return None, error.reason
        except Rejected as refusal:
            return None, refusal.first.code
        return (document, "") if document.get("id") == controller else (None, "another_document")

    def bound(self, method: Method, issuer: str) -> Answer:
        """Whether the issuer names the key that signed as its own."""
        at = self.at
        if method.key is None:
            return unknown("no_key", "the key that signed could not be had", at)
        if method.controller != issuer:
            return no("another_key", f"{issuer} is not {method.controller}, whose key signed", at)
        if method.is_named:
            return yes("named", "the issuer names the key that signed", at)
        if method.is_named is False:
            return no("not_named", "the issuer's document does not name the key that signed", at)
        seen = keys_of(issuer, method.id, self.known, at=at)
        if any(one.public_key == method.key.written for one in seen):
            return yes("seen_before", "the issuer's document named the key when it was last seen", at)
        return unknown("issuer_unreachable", "the issuer's document could not be had", at)


def _spelled(multikey: str) -> Key | None:
    try:
        return from_multikey(multikey)
    except ValueError:
        return None


def _named(document: Mapping[str, Any], method_id: str) -> Iterator[Key]:
    """The keys that a document names by this id for assertions."""
    asserting = as_list(document.get("assertionMethod"))
    embedded = [one for one in asserting if isinstance(one, dict)]
    for one in (*as_list(document.get("verificationMethod")), *as_list(document.get("publicKey")), *embedded):
        if not isinstance(one, dict) or _absolute(one.get("id"), document) != method_id:
            continue
        listed = [_absolute(name, document) for name in asserting if isinstance(name, str)]
        if one in embedded or method_id in listed or "assertionMethod" not in document:
            try:
                yield (
                    from_multikey(one["publicKeyMultibase"])
                    if "publicKeyMultibase" in one
                    else from_jwk(one["publicKeyJwk"])
                )
            except (ValueError, KeyError, TypeError, AttributeError):
                continue


def _absolute(name: Any, document: Mapping[str, Any]) -> Any:
    return f"{document.get('id')}{name}" if isinstance(name, str) and name.startswith("#") else name
