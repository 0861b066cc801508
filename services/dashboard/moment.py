"""The moment that a page speaks of: now, or the one that `?as_of=` asks for.

Apart from the asks because every page, export and endpoint reads it in the same way, and because only a page that
speaks of now may be live. A day stands for its last instant, in UTC, as far as that is past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.dashboard.errors import Refused

_DAY_LETTERS = len("2026-11-24")
_WRONG = "as_of must be a day (2026-11-24) or an instant with its offset (2026-11-24T14:03:00Z)."


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and whether it is now. `asked` is what the address said, "" for now."""

    at: datetime
    asked: str = ""

    @property
    def is_now(self) -> bool:
        """Whether nothing was asked for, so that what is shown moves on."""
        return not self.asked


def moment_at(asked: str, now: datetime) -> Moment:
    """The moment of a text. Raises: Refused when it is no day or instant, or lies ahead."""
    text = asked.strip()
    if not text:
        return Moment(now)
    at = _instant(text)
    if at > now and not (len(text) == _DAY_LETTERS and at.date() == now.date()):
        raise Refused("ahead", "as_of lies ahead. What will be is not known; leave it out to see what is.")
    return Moment(min(at, now), text)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("bad_as_of", _WRONG) from None
    if len(text) == _DAY_LETTERS:
        return datetime.combine(found.date(), time(), UTC) + timedelta(days=1, microseconds=-1)
    if found.tzinfo is None:
        raise Refused("bad_as_of", _WRONG)
    return found.astimezone(UTC)
