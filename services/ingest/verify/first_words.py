"""The words of Open Badges 3.0 as they first were, at the address that names no version; no package ships them.

Credentials of VC 1.1 that name that address were signed over them, and later words give another document. So they are
made here of those of 3.0.1, by what is known to have changed. Source: Open Badges 3.0, appendix on JSON-LD contexts.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

VOCABULARY = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_TYPED: Final[Mapping[str, str]] = {
    "Achievement/alignment": "Alignment",
    "Achievement/otherIdentifier": "IdentifierEntry",
    "Achievement/related": "Related",
    "Achievement/resultDescription": "ResultDescription",
    "AchievementSubject/identifier": "IdentityObject",
    "AchievementSubject/result": "Result",
    "AchievementSubject/source": "Profile",
    "Profile/otherIdentifier": "IdentifierEntry",
    "ResultDescription/rubricCriterionLevel": "RubricCriterionLevel",
    "alignment": "Alignment",
    "endorsement": "EndorsementCredential",
    "image": "Image",
}
"""Terms whose values had a type of the vocabulary, as if they were texts of that kind."""
_NAMED: Final[Mapping[str, str]] = {
    "Achievement/creator": f"{VOCABULARY}Profile",
    "AchievementSubject/achievement": f"{VOCABULARY}Achievement",
    "Alignment": "https://schema.org/Alignment",
    "Profile/address": f"{VOCABULARY}Address",
    "Profile/phone": f"{VOCABULARY}PhoneNumber",
}
"""Terms that stood for something else."""
_LATER: Final = ("Achievement/image", "AchievementSubject/image", "Profile/image", "awardedDate")
"""Terms that came later."""


def first_words(packaged: Mapping[str, Any]) -> dict[str, Any]:
    """The first context, made of that of 3.0.1."""
    made = deepcopy(dict(packaged))
    terms = made["@context"]
    for path in _LATER:
        place, name = _place(terms, path)
        del place[name]
    for path, kind in _TYPED.items():
        place, name = _place(terms, path)
        place[name]["@type"] = f"{VOCABULARY}{kind}"
    for path, iri in _NAMED.items():
        place, name = _place(terms, path)
        place[name]["@id"] = iri
    del terms["Profile"]["@context"]["address"]["@type"]
    terms["Profile"]["@context"]["parentOrg"]["@type"] = "xsd:string"
    return made


def _place(terms: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The context that defines a term, and the term's name."""
    kind, _, name = path.rpartition("/")
    return (terms[kind]["@context"] if kind else terms), name
