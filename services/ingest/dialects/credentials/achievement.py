"""The achievement of a credential, as a record describes it.

Skills are what the achievement is aligned with, by the address of each target, except where the target is said to be
another credential or a rubric. The level is that of the European Qualifications Framework, the one frame whose levels
have addresses of their own.
Source: Open Badges 3.0, B.1.1 Achievement, B.1.3 Alignment, B.2.3 AlignmentTargetType.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from services.ingest.dialects.credentials.place import Place

_OURS = "urn:stepwell:achievement:"
"""How Stepwell's own credentials name an achievement whose id is no URI (services/core/issuing)."""
_NO_SKILLS = frozenset(("ceterms:Credential", "CTDL", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel"))
_CREDIT_UNIT = "semester_hour"
"""Open Badges counts credit hours and names no unit; a mapping of the catalog can say that an issuer means another."""
_EQF = re.compile(r"https?://data\.europa\.eu/snb/eqf/([1-8])").fullmatch
_MEANT = {"name": "a name", "description": "what it is", "criteria": "how it is earned"}


def achievement_of(subject: Place) -> tuple[Place, dict[str, Any]] | None:
    """The achievement and what a record says of it; None when it cannot be read."""
    place = subject.required("achievement", "say what was achieved")
    if place is None or not place.must_be("Achievement"):
        return None
    told: dict[str, Place | None] = {name: place.required(name, cure) for name, cure in _MEANT.items()}
    said = place.required("id", "the address of the achievement")
    uri = None if said is None else said.uri()
    name = None if told["name"] is None else told["name"].label()
    _check_criteria(told["criteria"])
    if uri is None or name is None:
        return None
    made = {
        "id": _without_prefix(uri),
        "name": name,
        "type": _type(place),
        "level": _level(place),
        "tags": _labels(place, "tag"),
        "skills": skills_of(place),
        "subject": _label(place, "fieldOfStudy"),
    }
    return place, made


def skills_of(achievement: Place) -> tuple[str, ...]:
    """The targets that an achievement is aligned with and that are skills, each once."""
    found: dict[str, None] = {}
    for alignment in achievement.all_of("alignment"):
        if not alignment.is_object:
            alignment.wrong("wrong_type", "must be an object")
            continue
        said = alignment.required("targetUrl", "the address of what it is aligned with")
        target = None if said is None else said.uri()
        if target is not None and not _EQF(target) and str(alignment.members.get("targetType")) not in _NO_SKILLS:
            found[target] = None
    return tuple(found)


def credits_of(subject: Place, achievement: Place) -> dict[str, Any] | None:
    """The credits that were earned, or else that the achievement is worth; None when neither is said."""
    for said in (subject.member("creditsEarned"), achievement.member("creditsAvailable")):
        if said is None:
            continue
        value = said.number()
        if value is not None and value < 0:
            said.wrong("wrong_value", "must not be below 0")
        elif value is not None:
            return {"value": value, "unit": _CREDIT_UNIT}
    return None


def _check_criteria(criteria: Place | None) -> None:
    if criteria is not None and not criteria.is_object:
        criteria.wrong("wrong_type", "must be an object with an id or a narrative")


def _without_prefix(uri: str) -> str:
    return unquote(uri[len(_OURS) :]) or uri if uri.startswith(_OURS) else uri


def _type(achievement: Place) -> str | None:
    said = _label(achievement, "achievementType")
    return None if said is None else said.removeprefix("ext:") or said


def _level(achievement: Place) -> int | None:
    targets = (each.members.get("targetUrl") for each in achievement.all_of("alignment"))
    found = (_EQF(target) for target in targets if isinstance(target, str))
    return next((int(match[1]) for match in found if match), None)


def _label(place: Place, name: str) -> str | None:
    said = place.member(name)
    return None if said is None else said.label()


def _labels(place: Place, name: str) -> tuple[str, ...]:
    return tuple(text for each in place.all_of(name) if (text := each.label()) is not None)
