"""Dates and durations as people write them in catalogs: `2026-01-31`, a full RFC 3339 instant, `P3Y`.

A bare date stands for its first moment in UTC where something starts, and for the end of that day where something
ends, so that `{from: 2026-01-01, to: 2026-12-31}` is the whole year. Durations are ISO 8601 with calendar years and
months; they stay text here, because how long a month is depends on where it is counted from.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from schemas.values import Instant

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = r"(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?"
_HOURS = r"(T(?=\d)(\d{1,5}H)?(\d{1,5}M)?(\d{1,6}S)?)?"
_DURATION = re.compile(rf"P(?=\d|T\d){_DAYS}{_HOURS}")
_DURATION_SCHEMA = {
    "type": "string",
    "pattern": f"^{_DURATION.pattern}$",
    "description": "An ISO 8601 duration, such as P3Y.",
}
_SCHEMA = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}([Tt ].+)?$",
    "description": "A date, 2026-01-31, or an RFC 3339 instant.",
}


def start_of(value: Any) -> Any:
    """A bare date as its first moment, other text as the instant it names; anything else unchanged."""
    if not isinstance(value, str):
        return value
    if _DATE.fullmatch(value):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return _instant(value)


def end_of(value: Any) -> Any:
    """A bare date as the first moment after it, other text as the instant it names; anything else unchanged."""
    moment = start_of(value)
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return moment
    try:
        return moment + timedelta(days=1)
    except OverflowError as error:
        raise ValueError("the date is too late to be kept") from error


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("not a date such as 2026-01-31 nor an RFC 3339 instant") from error
    if moment.tzinfo is None:
        raise ValueError("the instant has no offset: end it with Z or +hh:mm")
    return moment


def _duration(text: str) -> str:
    if not _DURATION.fullmatch(text):
        raise ValueError("not an ISO 8601 duration such as P3Y, P6M, P90D or PT12H")
    if not re.search(r"[1-9]", text):
        raise ValueError("the duration is empty")
    return text


Start = Annotated[Instant, BeforeValidator(start_of), WithJsonSchema(_SCHEMA)]
"""When something starts, inclusive."""
End = Annotated[Instant, BeforeValidator(end_of), WithJsonSchema(_SCHEMA)]
"""When something ends: an instant is exclusive, a bare date includes its whole day."""
Duration = Annotated[str, AfterValidator(_duration), WithJsonSchema(_DURATION_SCHEMA)]
