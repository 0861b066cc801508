"""Open Badges 2.0: an assertion and what it links to, the badge class and the issuer, each as its own address has it.

Whoever sends an assertion may send the badge class and the issuer along; what they say there is shown and not believed:
what is linked is read where it is published, and an issuer is who its own address says it is.
Source: Open Badges 2.0, https://www.imsglobal.org/spec/ob/v2p0/ (Assertion, BadgeClass, Profile).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from services.ingest.verify.documents import Document, as_list, document_from, id_of
from services.ingest.verify.fetching import Fetch, Unreachable
from services.runtime.errors import Rejected

CONTEXT = "https://w3id.org/openbadges/v2"
ASSERTION, BADGE = "Assertion", "BadgeClass"
ISSUERS = ("Issuer", "Profile")
KINDS = frozenset({ASSERTION, BADGE, *ISSUERS, "Endorsement", "RevocationList", "CryptographicKey"})
VERIFICATIONS = {"hosted": "hosted", "HostedBadge": "hosted", "signed": "signed", "SignedBadge": "signed"}
_BADGE_MEMBERS = ("name", "description", "criteria", "issuer")
_ISSUER_MEMBERS = ("name", "url", "email")


@dataclass(frozen=True, slots=True)
class Linked:
    """An assertion with its badge class and issuer; `is_own` tells whether both were read at their own addresses."""

    assertion: Document
    badge: Document
    issuer: Document
    is_own: bool

    @property
    def issuer_id(self) -> str | None:
        """Who awarded it."""
        return id_of(self.issuer) or id_of(self.badge.get("issuer"))

    @property
    def way(self) -> str:
        """How it is to be verified: hosted or signed; empty when it does not say."""
        verification = self.assertion.get("verification")
        stated = as_list(verification.get("type")) if isinstance(verification, dict) else []
        return next((VERIFICATIONS[one] for one in stated if isinstance(one, str) and one in VERIFICATIONS), "")


def is_open_badges_2(document: Document) -> bool:
    """Whether a document is of Open Badges 2.0, by its words or its type."""
    kinds = set(map(str, as_list(document.get("type"))))
    if "VerifiableCredential" in kinds:
        return False
    contexts = [one for one in as_list(document.get("@context")) if isinstance(one, str)]
    return bool(kinds & KINDS) or any(one.startswith("https://w3id.org/openbadges/") for one in contexts)


def linked(document: Document, fetch: Fetch) -> Linked:
    """A document with what it links to. One that is a badge class, or an issuer, has no assertion before it."""
    kinds = as_list(document.get("type"))
    if any(one in kinds for one in ISSUERS):
        return Linked({}, {}, document, is_own=False)
    if BADGE in kinds:
        badge, is_own_badge = document, False
    else:
        badge, is_own_badge = _read(document.get("badge"), fetch)
    issuer, is_own_issuer = _read(badge.get("issuer"), fetch)
    return Linked({} if BADGE in kinds else document, badge, issuer, is_own=is_own_badge and is_own_issuer)


def _read(stated: Any, fetch: Fetch) -> tuple[Document, bool]:
    """What is linked, and whether its own address says so; else what was sent along, or nothing but its address."""
    address = id_of(stated)
    sent = stated if isinstance(stated, dict) else {"id": address} if address else {}
    if address is None:
        return sent, False
    try:
        found = document_from(fetch(address).decode())
    except (Unreachable, Rejected, UnicodeDecodeError):
        return sent, False
    own = id_of(found)
    is_own = own is not None and _host(own) == _host(address)
    return found, is_own


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def faults(found: Linked) -> Iterator[str]:
    """What is wrong with the form of an assertion, its badge class and its issuer, where they are there."""
    if found.assertion:
        yield from _assertion_faults(found.assertion, found.way)
    for document, kinds, members in (
        (found.badge, (BADGE,), _BADGE_MEMBERS),
        (found.issuer, ISSUERS, _ISSUER_MEMBERS),
    ):
        if set(document) <= {"id"}:
            continue  # nothing but its address is known
        if not any(kind in as_list(document.get("type")) for kind in kinds):
            yield f"what should be a {kinds[0]} is none by its type"
        elif document is found.issuer and "Profile" in as_list(document.get("type")):
            continue  # of a profile no more is asked than its id
        else:
            yield from (f"the {kinds[0]} has no {name}" for name in members if not document.get(name))


def _assertion_faults(assertion: Document, way: str) -> Iterator[str]:
    if CONTEXT not in as_list(assertion.get("@context")):
        yield f"@context is not {CONTEXT}"
    if ASSERTION not in as_list(assertion.get("type")):
        yield "type does not name Assertion"
    yield from (f"{name} is missing" for name in ("id", "recipient", "badge", "issuedOn") if not assertion.get(name))
    recipient = assertion.get("recipient")
    if not isinstance(recipient, dict) or not isinstance(recipient.get("identity"), str) or "type" not in recipient:
        yield "recipient says no identity and its type"
    if not way:
        yield "verification says neither hosted nor signed"
    images = [one.get("id") if isinstance(one, dict) else one for one in as_list(assertion.get("image"))]
    if any(isinstance(one, str) and one.lower().startswith("data:") for one in images):
        yield "image is not the address of the baked image but an image itself"
