"""Which vocabularies a credential must name before its members mean what they seem to.

Versions of a vocabulary are published under many addresses, so they are known by what their addresses have in common.
Source: W3C Verifiable Credentials Data Model 2.0, 4.3; Open Badges 3.0, section 8; CLR 2.0, section 8.
"""

from __future__ import annotations

from services.ingest.dialects.credentials.place import Place

CREDENTIALS = ("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1")
OPEN_BADGES = "/ob/v3p0/"
CLR = "/clr/v2p0/"
_KNOWN_AS = {OPEN_BADGES: "context-3.0.3.json", CLR: "context-2.0.1.json"}


def require_contexts(credential: Place, *vocabularies: str) -> None:
    """Note a fault at `@context` unless it begins with W3C's and names each of these vocabularies."""
    found = credential.required("@context", f"begin it with {CREDENTIALS[0]}")
    if found is None:
        return
    named = [each.value for each in found.each()]
    if not named or named[0] not in CREDENTIALS:
        found.wrong("wrong_context", f"must begin with {CREDENTIALS[0]}")
        return
    for vocabulary in vocabularies:
        if not any(isinstance(each, str) and vocabulary in f"{each}/" for each in named):
            example = f"https://purl.imsglobal.org/spec{vocabulary}{_KNOWN_AS[vocabulary]}"
            found.wrong("wrong_context", f"must name the vocabulary too, such as {example}")


def names(credential: Place, vocabulary: str) -> bool:
    """Whether `@context` names a vocabulary."""
    return any(isinstance(each.value, str) and vocabulary in f"{each.value}/" for each in credential.all_of("@context"))
