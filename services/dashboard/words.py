"""Numbers, instants and states in words, for people: what templates use as filters, and what captions are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from math import ceil
from typing import Final

from services.core.stacks import explain

TRUST: Final = (
    ("Self-asserted", "Nobody but the worker says so, or it is not signed."),
    ("Authenticated source", "Stated by a system we know, or signed."),
    ("Issuer's own key", "Signed, and the key belongs to the issuer."),
    ("Registered issuer", "The issuer is in a registry you trust; status checked and fresh."),
    ("Endorsed", "A third party's endorsement or accreditation was verified."),
)
"""Trust tiers 0 to 4: a name, and what it means."""

STATUS: Final = {
    "active": "In force",
    "expired": "Expired",
    "revoked": "Revoked",
    "not_yet_valid": "Not yet valid",
    "not_started": "Not started",
    "in_progress": "In progress",
    "complete": "Complete",
    "lapsed": "Lapsed",
}

_UNITS: Final = {
    "semester_hour": ("semester hour", "semester hours"),
    "quarter_hour": ("quarter hour", "quarter hours"),
    "ects": ("ECTS credit", "ECTS credits"),
    "ceu": ("continuing-education unit", "continuing-education units"),
    "hour": ("hour", "hours"),
    "year": ("year", "years"),
    "point": ("point", "points"),
    "competency_unit": ("competency unit", "competency units"),
}

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_JUST_NOW_SECONDS = 10


def number(value: float) -> str:
    """1234567 -> "1,234,567"."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def counted(value: int, noun: str, plural: str | None = None) -> str:
    """1, "worker" -> "1 worker"; 3 -> "3 workers"."""
    return f"{number(value)} {noun if value == 1 else plural or noun + 's'}"


def counted_number(value: float, noun: str) -> str:
    """1.5, "week" -> "1.5 weeks"."""
    return f"{number(value)} {noun if value == 1 else noun + 's'}"


def credits_earned(value: float, unit: str) -> str:
    """Credits with their unit, as in "3 semester hours"; a unit that is not known is written as it came."""
    one, more = _UNITS.get(unit, (unit, unit))
    return f"{number(value)} {one if value == 1 else more}"


def text_of_cost(cost: object) -> str | None:
    """A cost as a catalog states it, in words: {"value": 320, "currency": "USD"} -> "320 USD"; None -> None."""
    if cost is None:
        return None
    parts = cost.values() if isinstance(cost, dict) else (cost,)
    return " ".join(number(part) if isinstance(part, int | float) else str(part) for part in parts)


def percent(share: float) -> str:
    """0.996 -> "99 %": rounded down, so that only what is whole reads 100 %."""
    return explain.percent(share)


def seconds(value: float) -> str:
    """A duration: "420 ms", "2.5 s", "3 min", "5 h"."""
    if value < 1:
        return f"{round(value * 1000)} ms"
    if value < _MINUTE:
        return f"{number(round(value, 1))} s"
    return f"{round(value / _MINUTE)} min" if value < _HOUR else f"{number(round(value / _HOUR, 1))} h"


def heat(share: float) -> int:
    """0 to 5: how dark a share is shown; 0 is nothing at all."""
    return min(5, ceil(share * 5)) if share > 0 else 0


def day(instant: date) -> str:
    """The day, as in "24 Nov 2026"; a date or an instant in UTC."""
    return f"{instant.day} {instant:%b %Y}"


def moment(instant: datetime) -> str:
    """The minute, as in "24 Nov 2026, 14:03 UTC"."""
    return f"{day(instant)}, {instant:%H:%M} UTC"


def ago(instant: datetime, now: datetime) -> str:
    """How long ago, coarsely: "just now", "40 s ago", "5 min ago", "3 h ago", "2 days ago"."""
    seconds = (now - instant).total_seconds()
    if seconds < _JUST_NOW_SECONDS:
        return "just now"
    if seconds < _MINUTE:
        return f"{int(seconds // 10 * 10)} s ago"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    return f"{counted(int(seconds // _DAY), 'day')} ago"


def time_left(instant: datetime, now: datetime) -> str:
    """How much time is left: "today", "1 day", "12 days", "over"."""
    seconds = (instant - now).total_seconds()
    if seconds < 0:
        return "over"
    days = int(seconds // _DAY)
    return "less than a day" if days == 0 else counted(days, "day")


def status(name: str) -> str:
    """A status of an award or of progress, as people say it."""
    return STATUS.get(name, name)


def trust(tier: int) -> str:
    """A trust tier's name."""
    return TRUST[min(tier, len(TRUST) - 1)][0]


def listed(items: Sequence[str]) -> str:
    """Items in a sentence, as in "a, b and c"."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1] if items else "")))
