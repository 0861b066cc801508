"""The form of a credential: what every credential has, and what an Open Badge and a CLR have besides.

Only what decides how it is read; whatever the signature covers is the signature's to tell.
Source: W3C VC 2.0, section 4; Open Badges 3.0, appendix B; CLR 2.0, appendix B; European Learning Model 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.core.trust import Answer, no, unknown, yes
from services.ingest.verify.contexts import is_known
from services.ingest.verify.documents import Document, as_list, id_of

FIRST_CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1")
ACHIEVEMENT = frozenset({"OpenBadgeCredential", "AchievementCredential"})
CLR = "ClrCredential"
EUROPEAN = "EuropeanDigitalCredential"
"""A credential of the European Learning Model; its words are its own, and its seal is not checked here."""
_EUROPEAN_MEMBERS = ("id", "validFrom", "credentialProfiles", "displayParameter")
OTHERS = frozenset({CLR, "EndorsementCredential", "BitstringStatusListCredential", "StatusList2021Credential"})
"""What else is written in the words of Open Badges."""
_TYPES = {"AchievementSubject": "credentialSubject", "Achievement": "achievement"}
"""What a badge is about, outside in."""
_ACHIEVEMENT_MEMBERS = ("id", "name", "description", "criteria")


def types_of(document: Document) -> list[Any]:
    """The types that a document states."""
    return as_list(document.get("type"))


def form_of(document: Document, at: datetime) -> Answer:
    """Whether the document is a credential by its form."""
    fault = next(_faults(document), None)
    if fault is not None:
        return no("not_well_formed", fault, at)
    if EUROPEAN in types_of(document):
        return yes("well_formed", f"it is a {EUROPEAN}", at)
    strange = [one for one in _contexts(document) if isinstance(one, str) and not is_known(one)]
    if strange:
        return unknown("unknown_context", f"it speaks in the words of {strange[0]}, which are not known here", at)
    return yes("well_formed", f"it is a {_kind(document)}", at)


def _faults(document: Document) -> Iterator[str]:
    contexts = _contexts(document)
    if not contexts or contexts[0] not in FIRST_CONTEXTS:
        yield "@context does not begin with that of verifiable credentials"
    types = types_of(document)
    if "VerifiableCredential" not in types:
        yield "type does not name VerifiableCredential"
    if id_of(document.get("issuer")) is None:
        yield "issuer has no id"
    if not isinstance(document.get("credentialSubject"), dict | list):
        yield "credentialSubject is missing"
    if EUROPEAN in types:
        yield from (f"{name} is missing" for name in _EUROPEAN_MEMBERS if not document.get(name))
    elif ACHIEVEMENT & set(map(str, types)):
        yield from _badge_faults(document)
    elif CLR in types:
        yield from _transcript_faults(document)
    elif not OTHERS & set(map(str, types)) and "AchievementSubject" in types_of(_subject(document)):
        yield "type names neither OpenBadgeCredential nor AchievementCredential"


def _subject(document: Document) -> Document:
    subject = document.get("credentialSubject")
    return subject if isinstance(subject, dict) else {}


def _badge_faults(document: Document) -> Iterator[str]:
    contexts = _contexts(document)
    if not any(isinstance(one, str) and "/ob/v3p0/" in one for one in contexts):
        yield "@context does not name that of Open Badges 3.0"
    begins = "validFrom" if contexts[:1] == [FIRST_CONTEXTS[0]] else "issuanceDate"
    if not isinstance(document.get(begins), str):
        yield f"{begins} is missing"
    found: Any = document
    for kind, name in _TYPES.items():
        found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, dict) or kind not in types_of(found):
            yield f"{name} is no {kind}"
    if isinstance(found, dict):
        yield from (f"the achievement has no {name}" for name in _ACHIEVEMENT_MEMBERS if not found.get(name))


def _transcript_faults(document: Document) -> Iterator[str]:
    """What is wrong with how a CLR says that achievements go together: about nothing in it, or incompletely."""
    ids = set(_ids(document))
    for one in as_list(_subject(document).get("association")):
        ends = [one.get(name) for name in ("sourceId", "targetId")] if isinstance(one, dict) else []
        if not isinstance(one, dict) or "Association" not in types_of(one) or not one.get("associationType"):
            yield "an association has no type"
        elif not all(isinstance(end, str) for end in ends) or not ids & set(ends):
            yield "an association is about nothing in it"


def _ids(value: Any) -> Iterator[str]:
    """Every id at any depth."""
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _ids(inner)
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        yield value["id"]


def _contexts(document: Document) -> list[Any]:
    return as_list(document.get("@context"))


def _kind(document: Document) -> str:
    named = [one for one in types_of(document) if one != "VerifiableCredential" and isinstance(one, str)]
    return named[0] if named else "VerifiableCredential"
