"""How the answers put things: the closed lists of `schemas.meaning` in plain words, amounts and durations."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.values import Credits

UNITS: Mapping[str, str] = {
    "semester_hour": "semester hours",
    "quarter_hour": "quarter hours",
    "ects": "ECTS",
    "ceu": "continuing-education units",
    "hour": "hours",
    "year": "years",
    "point": "points",
    "competency_unit": "competency units",
}
TRUSTED_TYPES: Mapping[str, str] = {
    "knowledge": "Knowledge: a validated assessment of the outcomes",
    "application": "Application: the ability to apply it was shown",
    "recognition": "Recognition of taking part",
}
PARTICIPATION: Mapping[str, str] = {
    "online": "online",
    "onsite": "on site",
    "blended": "partly online, partly on site",
    "workplace": "at work",
    "none": "no course, only the assessment",
}
SUPERVISION: Mapping[str, str] = {
    "unsupervised": "unsupervised",
    "supervised_online": "supervised online",
    "supervised_onsite": "supervised on site",
}
IDENTITY: Mapping[str, str] = {
    "none": "identity not checked",
    "account": "identity by log-in only",
    "document": "identity by document",
    "in_person": "identity checked in person",
    "biometric": "identity by biometrics",
}


def amount(value: Credits) -> str:
    """Credits in words, as in "3 semester hours"."""
    return f"{value.value:g} {UNITS[value.unit]}"


def period(duration: str) -> str:
    """A duration of whole years, months or days in words; any other as it is written."""
    number, unit = duration[1:-1], duration[-1]
    word = {"Y": "year", "M": "month", "W": "week", "D": "day"}.get(unit)
    if word is None or not number.isdecimal():
        return duration
    return f"{int(number)} {word}{'' if int(number) == 1 else 's'}"
