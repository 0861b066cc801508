"""JSON-LD contexts: those that packages ship, by their addresses, each pinned by its digest; none is ever fetched.

The W3C's are in PyLD, those of Open Badges and CLR in openbadgeslib. A package that ships another text under an address
is refused when it is loaded: it would change what signatures cover. Four that no package ships are made here of what is
known of them: they define few terms. A fifth is `first_words`, of credentials that name Open Badges without a version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from pyld import FrozenDocumentLoader
from pyld.documentloader.frozen import BUNDLED_CONTEXTS

from services.ingest.verify.first_words import first_words

OB = "https://purl.imsglobal.org/spec/ob/v3p0/"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/"
PROOFS, PROOFS_DRAFT = "https://w3id.org/security/data-integrity/v2", "https://w3id.org/security/data-integrity/v1"
"""Data Integrity proofs, and as they were in drafts: the name of the cryptosuite was a text like any."""
PACKAGED: Final[Mapping[str, tuple[str, str]]] = {
    f"{OB}context-3.0.1.json": ("ob-v3p0-context-3.0.1.json", "5f3d9dd6288ef437"),
    f"{OB}context-3.0.2.json": ("ob-v3p0-context-3.0.2.json", "00666ad080ba4076"),
    f"{OB}context-3.0.3.json": ("ob-v3p0-context-3.0.3.json", "3d34f4d4ef1bce69"),
    f"{OB}context.json": ("ob-v3p0-context-3.0.3.json", "3d34f4d4ef1bce69"),
    f"{OB}extensions.json": ("ob-v3p0-extensions.json", "87c06c81bc231766"),
    f"{CLR}context-2.0.1.json": ("clr_context_2.0.1.json", "880f1902d4158f2f"),
    f"{CLR}context.json": ("clr_context_2.0.1.json", "880f1902d4158f2f"),
    PROOFS: ("security-data-integrity-v2.json", "67f21e6e33a6c14e"),
    "https://w3id.org/security/multikey/v1": ("security-multikey-v1.json", "ba2c182de2d92f7e"),
}
"""Address -> file of openbadgeslib, and the first 16 hex digits of its SHA-256."""

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
STATUS = "https://www.w3.org/ns/credentials/status/v1"
STATUS_TERMS = ("BitstringStatusListCredential", "BitstringStatusList", "BitstringStatusListEntry")
"""The terms of status lists: version 2 of the credentials' context took them in as they were."""
STATUS_2021 = "https://w3id.org/vc/status-list/2021/v1"
"""StatusList2021: before the status lists of today there were these."""
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
"""The context of the W3C's own examples: it takes every name as one of theirs."""


@cache
def loader() -> FrozenDocumentLoader:
    """What PyLD may load.

    Raises: ValueError when a packaged context is not the one that is pinned.
    """
    folder = files("openbadgeslib.ob3.contexts")
    documents: dict[str, Any] = dict(BUNDLED_CONTEXTS)
    documents[STATUS] = {"@context": {"@protected": True, **_status_terms(documents[V2])}}
    documents[EXAMPLES] = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    for url, (name, digest) in PACKAGED.items():
        content = folder.joinpath(name).read_bytes()
        if sha256(content).hexdigest()[: len(digest)] != digest:
            raise ValueError(f"{name} is not the context that is pinned for {url}")
        documents[url] = json.loads(content)
    documents[STATUS_2021] = {"@context": {"@protected": True, **_terms_of_2021()}}
    documents[PROOFS_DRAFT] = _as_in_drafts(documents[PROOFS])
    return FrozenDocumentLoader(documents=documents)


def loader_for(document: Mapping[str, Any]) -> FrozenDocumentLoader:
    """What PyLD may load for a document: where it names no version of Open Badges, by the version of its credential."""
    contexts = document.get("@context")
    stated = contexts if isinstance(contexts, list) else [contexts]
    return _earlier_loader() if stated[:1] == [V1] and f"{OB}context.json" in stated else loader()


@cache
def _earlier_loader() -> FrozenDocumentLoader:
    documents = dict(loader().documents)
    documents[f"{OB}context.json"] = first_words(documents[f"{OB}context-3.0.1.json"])
    return FrozenDocumentLoader(documents=documents)


def _status_terms(packaged: Any) -> dict[str, Any]:
    terms = json.loads(packaged.read_text("utf-8"))["@context"]
    return {name: terms[name] for name in STATUS_TERMS}


def _terms_of_2021() -> dict[str, Any]:
    """The terms of StatusList2021. Source: W3C CCG, Status List 2021, https://w3c-ccg.github.io/vc-status-list-2021/."""
    own, schema = "https://w3id.org/vc/status-list#", "http://schema.org/"
    members: Mapping[str, Mapping[str, Any]] = {
        "StatusList2021Credential": {name: f"{schema}{name}" for name in ("description", "name")},
        "StatusList2021": {name: f"{own}{name}" for name in ("statusPurpose", "encodedList")},
        "StatusList2021Entry": {
            **{name: f"{own}{name}" for name in ("statusPurpose", "statusListIndex")},
            "statusListCredential": {"@id": f"{own}statusListCredential", "@type": "@id"},
        },
    }
    keywords = {"@protected": True, "id": "@id", "type": "@type"}
    return {kind: {"@id": f"{own}{kind}", "@context": {**keywords, **terms}} for kind, terms in members.items()}


def _as_in_drafts(proofs: Any) -> Any:
    made = deepcopy(proofs)
    terms = made["@context"]["DataIntegrityProof"]["@context"]
    terms["cryptosuite"] = terms["cryptosuite"]["@id"]
    return made


def is_known(url: str) -> bool:
    """Whether an address has a context here."""
    return url in loader().documents
