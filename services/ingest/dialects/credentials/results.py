"""The results that a credential gives for an achievement: grade, score, status, and each by its name.

A transcript also lists what is under way or was failed, as credentials like any other. Only the status of a result
tells them apart from what was earned, so it is read here and decides whether the record is an award.
Source: Open Badges 3.0, B.1.18 Result, B.1.19 ResultDescription, B.2 ResultType and ResultStatusType.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from services.ingest.dialects.credentials.place import MAX_LABEL, Place

NOT_EARNED = frozenset(("Enrolled", "Failed", "InProgress", "OnHold", "Withdrew"))
"""Statuses that say the achievement is not, or not yet, there."""
_STATUSES = NOT_EARNED | {"Completed", "Provisional"}
_GRADES = ("LetterGrade",)
_SCORES = ("Percent", "RawScore", "ScaledScore", "Result", "GradePointAverage", "WeightedGradePointAverage")
_WHOLE = 100.0


class Results(NamedTuple):
    """What the results of one credential say, as members of a record. `is_earned` is None where no status says it."""

    results: list[dict[str, Any]]
    grade: str | None = None
    score: dict[str, float] | None = None
    is_earned: bool | None = None


class _Read(NamedTuple):
    name: str
    type: str
    value: str | None
    status: str | None
    bounds: tuple[float | None, float | None]


def results_of(subject: Place, achievement: Place) -> Results:
    """What `result` of a subject says, named by the achievement's `resultDescription`."""
    described = _descriptions(achievement)
    read = [found for each in subject.all_of("result") if (found := _read(each, described)) is not None]
    statuses = [each.status for each in read if each.status is not None]
    return Results(
        [{"name": each.name, "value": each.value, "status": each.status} for each in read],
        next((each.value for each in read if each.type in _GRADES and each.value), None),
        next((score for each in read if (score := _score(each)) is not None), None),
        not any(status in NOT_EARNED for status in statuses) if statuses else None,
    )


def _descriptions(achievement: Place) -> dict[str, Place]:
    described: dict[str, Place] = {}
    for each in achievement.all_of("resultDescription"):
        said = each.required("id", "results refer to it") if each.is_object else None
        uri = None if said is None else said.uri()
        if uri is not None:
            described[uri] = each
    return described


def _read(result: Place, described: Mapping[str, Place]) -> _Read | None:
    if not result.is_object:
        result.wrong("wrong_type", "must be an object")
        return None
    refers = result.member("resultDescription")
    description = described.get(refers.value) if refers is not None and isinstance(refers.value, str) else None
    kind = _text(description, "resultType") or "Result"
    value = result.member("value")
    level = _level(result, description)
    said = None if value is None else _value(value)
    return _Read(
        (_text(description, "name") or kind)[:MAX_LABEL],
        kind,
        level if said is None else said,
        _status(result),
        (_bound(description, "valueMin"), _bound(description, "valueMax")),
    )


def _value(value: Place) -> str | None:
    if isinstance(value.value, int | float) and not isinstance(value.value, bool):
        return str(value.value)
    return value.text()


def _status(result: Place) -> str | None:
    said = result.member("status")
    if said is None:
        return None
    if said.value not in _STATUSES if isinstance(said.value, str) else True:
        said.wrong("not_a_choice", f"must be one of {', '.join(sorted(_STATUSES))}")
        return None
    return str(said.value)


def _level(result: Place, description: Place | None) -> str | None:
    """The rubric level that was reached, by its name."""
    reached = result.member("achievedLevel")
    if reached is None or description is None:
        return None
    levels: Iterable[Place] = description.all_of("rubricCriterionLevel")
    found = next((level for level in levels if level.members.get("id") == reached.value), None)
    return _text(found, "name") or _text(found, "level")


def _text(place: Place | None, name: str) -> str | None:
    said = None if place is None else place.members.get(name)
    return said if isinstance(said, str) and said else None


def _bound(description: Place | None, name: str) -> float | None:
    said = None if description is None else description.member(name)
    return None if said is None else said.number()


def _score(read: _Read) -> dict[str, float] | None:
    """The value as a score: a percentage as it is, a number where its description gives both bounds."""
    number = _number(read.value)
    if number is None or read.type not in _SCORES:
        return None
    low, high = (0.0, _WHOLE) if read.type == "Percent" else read.bounds
    if low is None or high is None or not low < high or not low <= number <= high:
        return None
    return {"raw": number, "min": low, "max": high, "scaled": (number - low) / (high - low)}


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text.removesuffix("%"))
    except ValueError:
        return None
