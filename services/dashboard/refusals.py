"""What was refused of all sources, for operators: by source and reason, with what mends each.

For nobody's employees: so it has queries of its own, that take no employer, and only an operator's credential leads
here. Rows have no payload, as the table has none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from services.dashboard.advice_on_refusals import advice_on
from services.dashboard.queries import Reader

NAME = "refusals"


class Asked(NamedTuple):
    """Which refusals to tell of; what is empty does not restrict."""

    days: int = 7
    source: str = ""
    reason: str = ""


class RefusedGroup(BaseModel):
    """What one source was refused for one reason."""

    model_config = ConfigDict(frozen=True)

    source: str
    dialect: str
    reason: str
    refused: int
    still_refused: int
    """Those that were not sent back."""
    first_at: datetime
    latest_at: datetime
    pointers: Sequence[str]
    """The most frequent places, most frequent first."""
    detail: str
    """Of the newest one."""
    place: str
    """Where the newest one is on the rejected topic, as `stepwell rejected show` takes it."""
    most_attempts: int
    stages: Sequence[str]
    advice: str


class RefusalReport(BaseModel):
    """The refusals of a time, the most that are still open first."""

    model_config = ConfigDict(frozen=True)

    as_of: datetime
    days: Annotated[int, Field(ge=1)]
    refused: int
    still_refused: int
    groups: Sequence[RefusedGroup]
    sources: Sequence[str]
    reasons: Sequence[str]


class Refusals:
    """Asks ClickHouse. `guard` is entered around a query, by its name."""

    def __init__(self, reader: Reader, guard: Callable[[str], AbstractContextManager[None]]) -> None:
        self._reader = reader
        self._guard = guard
        self._sql = files("services.dashboard").joinpath("operators_sql", f"{NAME}.sql").read_text("utf-8")

    def report(self, asked: Asked, now: datetime) -> RefusalReport:
        """What was refused in the days before `now`. Raises: Unavailable."""
        since = now - timedelta(days=asked.days)
        parameters = {"since": since, "source": asked.source, "reason": asked.reason}
        with self._guard(NAME):
            rows = list(self._reader.query(self._sql, parameters).named_results())
        groups = [RefusedGroup(**row, advice=advice_on(row["reason"])) for row in rows]
        return RefusalReport(
            as_of=now,
            days=asked.days,
            refused=sum(group.refused for group in groups),
            still_refused=sum(group.still_refused for group in groups),
            groups=groups,
            sources=sorted({group.source for group in groups}),
            reasons=sorted({group.reason for group in groups}),
        )
