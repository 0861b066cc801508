"""Forms of JSON values that several dialects ask for, and the sentence for a value that has another.

Apart from the models, because a payload of another system is checked member by member and never becomes a model as a
whole. xAPI has forms of its own (`xapi.forms`): it is stricter about some and laxer about others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from math import isfinite
from typing import Any, NamedTuple

_IRI = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*|_):[^\s<>\"{}|\\^`\x00-\x20]+").fullmatch
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)").fullmatch
_DURATION = re.compile(
    r"-?P(?=.)(?:\d+(?:[.,]\d+)?W|(?:\d+Y)?(?:\d+M)?(?:\d+(?:[.,]\d+)?D)?"
    r"(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d+)?S)?)?)"
).fullmatch


class Form(Enum):
    """A form, and what a value of another form is told."""

    TEXT = "must be text"
    NUMBER = "must be a number"
    INTEGER = "must be a whole number"
    BOOLEAN = "must be true or false"
    MAP = "must be an object"
    ARRAY = "must be an array"
    INSTANT = "must be an ISO 8601 date and time with its offset, such as 2026-11-24T05:30:00.000Z"
    DURATION = "must be an ISO 8601 duration such as PT1H30M"
    IRI = "must be an IRI with a scheme, such as https://example.org/x"


class Wrong(NamedTuple):
    """Why a value has not the form: a code, and a sentence without its subject."""

    code: str
    detail: str


_CODES = {Form.INSTANT: "not_an_instant", Form.DURATION: "not_a_duration", Form.IRI: "not_an_iri"}


def form_of(value: Any, form: Form) -> Wrong | None:
    """What is wrong with a value that should have a form; None when it has it."""
    if _HAS[form](value):
        return None
    code = _CODES.get(form, "wrong_type") if isinstance(value, str) else "wrong_type"
    told = "" if code != "wrong_type" else f", not {json_type(value)}"
    return Wrong(code, form.value + told)


def instant_of(value: Any) -> datetime | None:
    """The moment that a text says, in UTC; None when it is no instant with an offset."""
    if not isinstance(value, str) or not _INSTANT(value):
        return None
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def json_type(value: object) -> str:
    """What JSON calls the type of a decoded value."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "an array"
        case _:
            return "an object"


def number_of(value: Any) -> float | None:
    """A finite number, or None: true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:
        return None


def text_of(value: Any, most: int = 500) -> str | None:
    """A text that is not empty, cut to as long as a record may hold; else None."""
    return value[:most] if isinstance(value, str) and value else None


_HAS: Mapping[Form, Callable[[Any], bool]] = {
    Form.TEXT: lambda value: isinstance(value, str),
    Form.NUMBER: lambda value: number_of(value) is not None,
    Form.INTEGER: lambda value: number_of(value) is not None and float(value).is_integer(),
    Form.BOOLEAN: lambda value: isinstance(value, bool),
    Form.MAP: lambda value: isinstance(value, dict),
    Form.ARRAY: lambda value: isinstance(value, list),
    Form.INSTANT: lambda value: instant_of(value) is not None,
    Form.DURATION: lambda value: isinstance(value, str) and _DURATION(value) is not None,
    Form.IRI: lambda value: isinstance(value, str) and _IRI(value) is not None,
}
