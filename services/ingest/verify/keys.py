"""Whose key signed: from a verification method to a key, and whether the issuer names it as its own.

Two questions, answered apart: a signature can be good and the key nobody's. A key that the method itself spells out
(did:key, or a Multikey as fragment) makes the signature checkable with nothing fetched; that it is the issuer's, only
the issuer's own id or its own document can say. Source: Open Badges 3.0, section 8.5; W3C did:key and did:web methods.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

import rfc8785

from schemas.registry import KnownKey
from services.core import base64url
from services.core.issuing.did import document_url
from services.core.registries import keys_of
from services.core.trust import Answer, no, unknown, yes
from services.ingest.verify.documents import Document, document_from
from services.ingest.verify.fetching import Fetch, Unreachable
from services.ingest.verify.key_documents import asserting_ids, lists, named, published
from services.ingest.verify.multikeys import Key, from_jwk, from_multikey, from_written
from services.runtime.errors import Rejected


@dataclass(frozen=True, slots=True)
class Method:
    """A verification method resolved: its key, or why there is none; and what its controller's document says, if had.

    `controller` is the method's id without its fragment, or whose the key's own document says that it is; empty where
    that says nothing. `is_named` tells whether the controller's own document names the key for assertions; None when
    that document could not be had.
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
    _documents: dict[str, tuple[Document | None, str]] = field(default_factory=dict)

    def method(self, method_id: str) -> Method:
        """The method. Never raises: what cannot be resolved has no key and a reason."""
        known = self._methods.get(method_id)
        if known is None:
            known = self._methods[method_id] = self._resolved(method_id)
        return known

    def of_issuer(self, issuer: str) -> Iterator[Method]:
        """The methods that an issuer gives for assertions, for a signature that names none."""
        if issuer.startswith("did:key:"):
            yield self.method(f"{issuer}#{issuer.removeprefix('did:key:')}")
        elif issuer.startswith("did:jwk:"):
            yield self.method(f"{issuer}#0")
        else:
            document, _ = self._own_document(issuer)
            yield from map(self.method, asserting_ids(document or {}))

    def _resolved(self, method_id: str) -> Method:
        controller, _, fragment = method_id.partition("#")
        for start, read in _SPELLED_IDS.items():
            if controller.startswith(start):
                key = _spelled(controller.removeprefix(start), read)
                return Method(method_id, controller, key, is_named=key is not None, reason="" if key else "bad_key")
        stands_alone = self._published(method_id, controller)
        if stands_alone is not None:
            return stands_alone
        document, reason = self._own_document(controller)
        if document is not None:
            spelled_out = list(named(document, method_id))
            self._note(controller, method_id, spelled_out, document)
            key = spelled_out[0] if spelled_out else _spelled(fragment)
            return Method(method_id, controller, key, is_named=bool(spelled_out), reason="" if key else "no_such_key")
        return self._unreachable(method_id, controller, fragment, reason)

    def _unreachable(self, method_id: str, controller: str, fragment: str, reason: str) -> Method:
        """The key of a method whose document cannot be had: spelled out by its own id, or seen before."""
        key = _spelled(fragment)
        if key is None:
            controller, key = self._remembered(controller, method_id)
        if key is None and fragment.startswith("z"):
            reason = "bad_key"  # it spells a key out, and spells it wrongly
        return Method(method_id, controller, key, is_named=None, reason="" if key else reason)

    def _published(self, method_id: str, controller: str) -> Method | None:
        """The method as a document of its own; named where its owner's document lists it."""
        document, _ = self._document(controller)
        try:
            found = published(document, method_id) if document is not None else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return Method(method_id, "", None, is_named=None, reason="bad_key")
        if found is None or document is None:
            return None
        if not found.owner:
            return Method(method_id, "", found.key, is_named=None)
        owner, _ = self._own_document(found.owner)
        is_named = None if owner is None else lists(owner, method_id)
        if is_named:
            self._note(found.owner, method_id, [found.key], document)
        return Method(method_id, found.owner, found.key, is_named=is_named)

    def _remembered(self, controller: str, method_id: str) -> tuple[str, Key | None]:
        """The key that its owner's document last named under this id, and that owner."""
        owners = dict.fromkeys((controller, *(one.issuer for one in self.known if one.key_id == method_id)))
        for owner in owners:
            for one in keys_of(owner, method_id, self.known, at=self.at):
                with suppress(ValueError):
                    return owner, from_written(one.public_key)
        return controller, None

    def _note(self, controller: str, method_id: str, named: list[Key], document: Document) -> None:
        with suppress(ValueError):  # an id too long to be remembered, or numbers that JSON has no one form for
            digest = f"sha-256:{sha256(rfc8785.dumps(document)).hexdigest()}"
            for key in named:
                seen = {"issuer": controller, "key_id": method_id, "public_key": key.written, "document": digest}
                self.seen.append(KnownKey(**seen, first_seen=self.at, last_seen=self.at))

    def _own_document(self, controller: str) -> tuple[Document | None, str]:
        """The document of an id, which must say that it is of this id."""
        document, reason = self._document(controller)
        if document is not None and document.get("id") != controller:
            return None, "another_document"
        return document, reason

    def _document(self, controller: str) -> tuple[Document | None, str]:
        known = self._documents.get(controller)
        if known is None:
            known = self._documents[controller] = self._fetched(controller)
        return known

    def _fetched(self, controller: str) -> tuple[Document | None, str]:
        try:
            url = document_url(controller) if controller.startswith("did:") else controller
            return document_from(self.fetch(url).decode()), ""
        except (ValueError, UnicodeDecodeError):
            return None, "unknown_method"
        except Unreachable as error:
            return None, error.reason
        except Rejected as refusal:
            return None, refusal.first.code

    def bound(self, method: Method, issuer: str) -> Answer:
        """Whether the issuer names the key that signed as its own."""
        at = self.at
        if method.key is None:
            return unknown("no_key", "the key that signed could not be had", at)
        if not method.controller:
            return self._adopted(method, issuer)
        if method.controller != issuer:
            return no("another_key", f"{issuer} is not {method.controller}, whose key signed", at)
        if method.is_named is None:
            return self._seen_before(method, method.key, issuer)
        if method.is_named:
            return yes("named", "the issuer names the key that signed", at)
        return no("not_named", "the issuer's document does not name the key that signed", at)

    def _seen_before(self, method: Method, key: Key, issuer: str) -> Answer:
        """Whether the issuer named the key while its document could be had."""
        seen = keys_of(issuer, method.id, self.known, at=self.at)
        if any(one.public_key == key.written for one in seen):
            return yes("seen_before", "the issuer's document named the key when it was last seen", self.at)
        return unknown("issuer_unreachable", "the issuer's document could not be had", self.at)

    def _adopted(self, method: Method, issuer: str) -> Answer:
        """Whether the issuer names a key that does not say whose it is."""
        document, _ = self._own_document(issuer)
        if document is None:
            return unknown("issuer_unreachable", "the issuer's document could not be had", self.at)
        if lists(document, method.id):
            return yes("named", "the issuer names the key that signed", self.at)
        return no("not_named", "the issuer's document does not name the key that signed", self.at)


def _spelled(text: str, read: Callable[[str], Key] = from_multikey) -> Key | None:
    try:
        return read(text)
    except (ValueError, TypeError, AttributeError):
        return None


def _from_spelled_jwk(text: str) -> Key:
    """Raises: ValueError, TypeError."""
    return from_jwk(json.loads(base64url.decoded(text)))


_SPELLED_IDS: Mapping[str, Callable[[str], Key]] = {"did:key:": from_multikey, "did:jwk:": _from_spelled_jwk}
"""Ids that are their own key."""
