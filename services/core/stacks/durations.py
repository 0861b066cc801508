"""Spans of calendar time: what a duration such as P3Y or P6M is when counted from an instant.

Years and months are counted on the calendar and a day that the month lacks becomes its last day (31 January + P1M is
the end of February); weeks, days and hours are counted by the clock. An award is within P3Y of every instant up to and
including its third anniversary. What falls out of the calendar is held at its first or last moment.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
TICK = timedelta(microseconds=1)
"""The grain of every instant."""

_PARTS = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: calendar months and an exact rest. `text` is how it was written."""

    months: int
    rest: timedelta
    text: str

    def after(self, instant: datetime) -> datetime:
        """The instant this span later."""
        return _moved(instant, self.months, self.rest)

    def before(self, instant: datetime) -> datetime:
        """The instant this span earlier."""
        return _moved(instant, -self.months, -self.rest)


def span(text: str) -> Span:
    """The span that an ISO 8601 duration names.

    Raises: ValueError when it is none.
    """
    found = _PARTS.fullmatch(text)
    if found is None:
        raise ValueError(f"not an ISO 8601 duration: {text}")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return Span(12 * years + months, rest, text)


def _moved(instant: datetime, months: int, rest: timedelta) -> datetime:
    try:
        return _by_months(instant, months) + rest
    except (OverflowError, ValueError):
        return LAST if (months, rest) > (0, timedelta(0)) else FIRST


def _by_months(instant: datetime, months: int) -> datetime:
    if not months:
        return instant
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)
