"""The achievement of a credential: what the catalog says of it, in Open Badges' words.

Ids that are no URIs become URNs of ours, because Open Badges wants URIs.
Source: Open Badges 3.0, Achievement and AchievementType, https://www.imsglobal.org/spec/ob/v3p0/
"""

from __future__ import annotations

import re
from typing import Any

from schemas.catalog import Offered, Stack

TYPES = {
    "assessment": "Assessment",
    "badge": "Badge",
    "bachelor": "BachelorDegree",
    "certificate": "Certificate",
    "certification": "Certification",
    "course": "Course",
    "degree": "Degree",
    "diploma": "Diploma",
    "exam": "Assessment",
    "licence": "License",
    "license": "License",
    "micro-credential": "MicroCredential",
}
"""Our types -> Open Badges' own; any other is written with ext: before it."""
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""What stands in a URI as it is. Source: RFC 3986, 2.3."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")


def achievement(awarded: Offered, stack: Stack) -> dict[str, Any]:
    """The achievement that a stack awards."""
    title = stack.title or stack.id
    criteria: dict[str, Any] = {
        "narrative": stack.rule_text or f"All requirements of {title}, version {stack.version}."
    }
    if stack.source and stack.source.startswith(("https://", "http://")):
        criteria["id"] = stack.source
    outcomes = "; ".join(awarded.meaning.outcomes)
    made: dict[str, Any] = {
        "id": as_uri(awarded.id, "achievement"),
        "type": ["Achievement"],
        "name": awarded.name or awarded.id,
        "description": outcomes or f"Awarded for completing {title}.",
        "criteria": criteria,
    }
    if awarded.type:
        made["achievementType"] = TYPES.get(awarded.type.lower(), f"ext:{encoded(awarded.type)}")
    if awarded.subject:
        made["fieldOfStudy"] = awarded.subject
    if awarded.credits is not None:
        made["creditsAvailable"] = awarded.credits.value
    alignment = [
        {"type": ["Alignment"], "targetName": one.name or one.skill, "targetUrl": one.url}
        | ({"targetFramework": one.framework} if one.framework else {})
        for one in awarded.meaning.skills
    ]
    return made | ({"alignment": alignment} if alignment else {})


def as_uri(identifier: str, kind: str) -> str:
    """An id as a URI: as it is when it is one, else as a URN of ours."""
    return identifier if is_uri(identifier) else f"urn:stepwell:{kind}:{encoded(identifier)}"


def is_uri(text: str) -> bool:
    """Whether a text is an absolute URI by its form."""
    return _URI.fullmatch(text) is not None


def encoded(text: str) -> str:
    """A text as one part of a URI."""
    return "".join(chr(octet) if octet in _PLAIN else f"%{octet:02X}" for octet in text.encode())
