"""Data: whether the figures can be trusted; for each source how much, how fresh, how fast, and what was refused."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import TypeAdapter, computed_field

from services.dashboard.backlog import Waiting
from services.dashboard.look import Look
from services.dashboard.models import Answer

DAYS: Final = 30


class SourceHealth(Answer):
    """One source. What is None has not been measured yet."""

    source: str
    workers: int
    awards: int
    newest_at: datetime
    stored_latest: datetime | None
    statements_24h: int
    statements_30d: int
    record_latest: datetime | None
    end_to_end_p50_seconds: float | None
    end_to_end_p95_seconds: float | None
    silent_seconds: float | None

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def statements_a_day(self) -> float:
        """The rate at which it stated awards of your workers over 30 days."""
        return self.statements_30d / DAYS


class Refusals(Answer):
    """What of one source was refused, where, and why."""

    source: str
    reason: str
    stage: str
    refusals_24h: int
    refusals_30d: int
    newest_at: datetime


class DataPage(Answer):
    """The page. `evaluated_at` is when progress was last worked out; `waiting` is None where it is not known."""

    as_of: datetime
    evaluated_at: datetime | None
    evaluations: int
    sources: tuple[SourceHealth, ...]
    refusals: tuple[Refusals, ...]
    waiting: Waiting | None

    @property
    def slowest_seconds(self) -> float | None:
        """The slowest source's end-to-end time, 95th percentile."""
        return max(
            (one.end_to_end_p95_seconds for one in self.sources if one.end_to_end_p95_seconds is not None), default=None
        )

    @property
    def newest_record_at(self) -> datetime | None:
        """When the newest record of any of these sources came in."""
        return max((one.record_latest for one in self.sources if one.record_latest is not None), default=None)


_sources = TypeAdapter(tuple[SourceHealth, ...])
_refusals = TypeAdapter(tuple[Refusals, ...])


def data_page(look: Look, waiting: Waiting | None) -> DataPage:
    """What the page shows, which is how it is now whatever the moment."""
    fresh = look.row("freshness")
    return DataPage(
        as_of=look.moment.at,
        evaluated_at=fresh["evaluated_at"] if fresh else None,
        evaluations=fresh["evaluations"] if fresh else 0,
        sources=_sources.validate_python(look.rows("source_health")),
        refusals=_refusals.validate_python(look.rows("refusals")),
        waiting=waiting,
    )
