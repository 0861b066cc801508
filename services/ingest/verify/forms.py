"""The form of a credential: what every credential has, and what an Open Badge and a CLR have besides.

Only what decides how it is read; whatever the signature covers is the signature's to tell.
Source: W3C VC 2.0, section 4; Open Badges 3.0, appendix B; CLR 2.0, appendix B.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.core.trust import Answer, no, unknown, yes
from services.ingest.verify.contexts import is_known
from services.ingest.verify.documents import Document, as_list
from services.ingest.verify.tokens import id_of

FIRST_CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1")
ACHIEVEMENT = frozenset({"OpenBadgeCredential", "AchievementCredential"})
CLR = "ClrCredential"
OTHERS = frozenset({CLR, "EndorsementCredential", "BitstringStatusListCredential", "StatusList2021Credential"})
"""What else is written in the words of Open Badges."""
_TYPES = {
    "AchievementSubject": ("credentialSubject",),
    "Achievement": ("credentialSubject", "achievement"),
}


def types_of(document: Document) -> list[Any]:
    """The types that a document states."""
    return as_list(document.get("type"))


def form_of(document: Document, at: datetime) -> Answer:
    """Whether the document is a credential by its form."""
    fault = next(_faults(document), None)
    if fault is not None:
        return no("not_well_formed", fault, at)
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
    if ACHIEVEMENT & set(map(str, types)):
        yield from _badge_faults(document)
    elif any(isinstance(one, str) and "/ob/v3p0/" in one for one in contexts) and not OTHERS & set(map(str, types)):
        yield "type names neither OpenBadgeCredential nor AchievementCredential"


def _badge_faults(document: Document) -> Iterator[str]:
    if not any(isinstance(one, str) and "/ob/v3p0/" in one for one in _contexts(document)):
        yield "@context does not name that of Open Badges 3.0"
    for kind, path in _TYPES.items():
        found: Any = document
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, dict) or kind not in types_of(found):
            yield f"{'.'.join(path)} is no {kind}"


def _contexts(document: Document) -> list[Any]:
    return as_list(document.get("@context"))


def _kind(document: Document) -> str:
    named = [one for one in types_of(document) if one != "VerifiableCredential" and isinstance(one, str)]
    return named[0] if named else "VerifiableCredential"
