"""Pydantic's errors in the words of whoever has to mend the payload: which member, what is wrong, what to do.

Apart because every way in that validates by models reports alike. Invariant: a detail names the member and the cure and
never repeats a value, since values may be personal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.records import SENT_KINDS
from services.runtime.errors import Fault

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_member",
    "union_tag_not_found": "missing",
    "union_tag_invalid": "not_a_choice",
    "literal_error": "not_a_choice",
    "json_invalid": "invalid_json",
    "value_error": "rule",
}
_KIND = f"kind must be one of {', '.join(SENT_KINDS)}"
_CURES = {
    "missing": "is required; add it",
    "extra_forbidden": "is no member of this kind of record; remove it",
    "timezone_aware": "must say its offset from UTC, such as 2025-06-01T00:00:00Z",
    "datetime_parsing": "must be an RFC 3339 instant such as 2025-06-01T00:00:00Z",
    "datetime_from_date_parsing": "must be an RFC 3339 instant such as 2025-06-01T00:00:00Z",
    "datetime_type": "must be text with an RFC 3339 instant such as 2025-06-01T00:00:00Z",
    "string_type": "must be text",
    "uuid_parsing": "must be a UUID",
    "uuid_type": "must be text with a UUID",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "model_type": "must be an object",
    "string_too_short": "must not be empty",
    "model_attributes_type": "must be an object",
    "tuple_type": "must be an array",
}


def faults_of(error: ValidationError, document: Any, index: int | None = None) -> list[Fault]:
    """One fault for each error. `document` is what was validated, decoded; it tells members from names of models.

    With `index` None and an array as document, the first part of each place is the index of the item.
    """
    return [_fault(entry, document, index) for entry in error.errors(include_url=False, include_input=False)]


def _fault(entry: ErrorDetails, document: Any, index: int | None) -> Fault:
    place: Sequence[int | str] = entry["loc"]
    if index is None and isinstance(document, list) and place and isinstance(place[0], int):
        index, place = place[0], place[1:]
        document = document[index]
    members = list(_members(place, document, is_missing=entry["type"] == "missing"))
    if entry["type"] in {"union_tag_not_found", "union_tag_invalid"}:
        return Fault(_CODES[entry["type"]], "/kind", _KIND, index)
    pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in members)
    return Fault(_CODES.get(entry["type"], "wrong_value"), pointer, _detail(entry, members), index)


def _members(place: Iterable[int | str], document: Any, *, is_missing: bool) -> Iterable[int | str]:
    """The parts of a place that are in the document: pydantic also names the models and unions on the way."""
    parts = list(place)
    for position, part in enumerate(parts):
        try:
            document = document[part]
            yield part
        except (LookupError, TypeError):
            if is_missing and position == len(parts) - 1:
                yield part


def _detail(entry: ErrorDetails, members: Sequence[int | str]) -> str:
    name = ".".join(str(member) for member in members)
    if entry["type"] == "value_error":
        return entry["msg"].removeprefix("Value error, ")
    if entry["type"] == "json_invalid":
        return f"this is no JSON: {entry['msg'].removeprefix('Invalid JSON: ')}"
    cure = _CURES.get(entry["type"]) or entry["msg"].replace("Input should", "should").lower()
    return f"{name or 'the record'} {cure}"
