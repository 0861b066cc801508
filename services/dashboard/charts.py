"""Charts: Vega-Lite specifications (`specs/`, plain JSON), and the rows each reads.

A specification never changes while a page is open, its rows may. Colours, fonts and strokes are the page's (charts.js
reads them from the style sheet), so that light and dark are decided in one place. Every chart has a caption sentence
and a table beside it, which is what is read aloud; the picture itself is hidden from assistive technology.
Source: https://vega.github.io/vega-lite/docs/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from orjson import loads

from services.dashboard import words
from services.dashboard.models import StackStep, StackSummary
from services.dashboard.overviews import CompletionWeek, Minute, Overview
from services.dashboard.people import Worker
from services.dashboard.skills import SkillRow, SkillsPage
from services.dashboard.spending import AdvicePage
from services.dashboard.stack_reports import Stack
from services.dashboard.survival import Curve

Rows = list[dict[str, str | int | float]]

BANDS: Final = (
    ("complete", "Complete"),
    ("half_or_more", "Half or more"),
    ("under_half", "Under half"),
    ("not_started", "Not started"),
    ("lapsed", "Lapsed"),
)
"""How far workers are on a stack, in the order that bars and columns show it: column of the summary -> heading."""

BUSIEST: Final = 12
"""Stacks that the picture shows; the table has all."""
MOST_BARS: Final = 30
"""Achievements that the picture of a person's time shows."""
NEWEST: Final = 4
"""Cohorts that the picture of how long it takes shows; the table has all."""
_MONTH_DAYS: Final = 30.44
_COMPLETE: Final = 10
_HALF: Final = 5
_COLUMN: Final = timedelta(days=6)
"""How much of a week its column covers: all but a day, so that columns stand apart."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture: `name` is the element it is drawn into and the specification's file."""

    name: str
    rows: Rows

    @property
    def spec(self) -> dict[str, Any]:
        """The specification; its one data set is called "rows" and is empty."""
        return _spec(self.name)


def overview_charts(overview: Overview) -> tuple[Chart, ...]:
    """Changes by minute, workers by stack and band, and completions by week."""
    return (
        Chart("minutes", minute_rows(overview.minutes)),
        Chart("bands", band_rows(overview.stacks)),
        Chart("achievements", week_rows(overview.completions, "achievements")),
        Chart("stacks", week_rows(overview.completions, "stacks")),
    )


def stack_charts(stack: Stack) -> tuple[Chart, ...]:
    """How long it takes, and workers by how far they are on one stack."""
    return (Chart("survival", curve_rows(stack.curves)), Chart("steps", step_rows(stack.steps)))


def advice_charts(page: AdvicePage) -> tuple[Chart, ...]:
    """Stacks finished by awards paid for."""
    return (Chart("budget", [{"awards": one.awards, "count": one.stacks} for one in page.plan.curve]),)


def skills_charts(page: SkillsPage) -> tuple[Chart, ...]:
    """Who holds the skills that most hold, verified or not."""
    return (Chart("skills", skill_rows(page.skills[:BUSIEST])),) if page.skills else ()


def skill_rows(found: Sequence[SkillRow]) -> Rows:
    """Two rows for each skill."""
    return [
        {"skill": row.skill, "place": place, "held": held, "order": order, "workers": workers}
        for place, row in enumerate(found)
        for order, (held, workers) in enumerate((("Verified", row.verified), ("Claimed only", row.claimed)))
    ]


def worker_charts(worker: Worker) -> tuple[Chart, ...]:
    """What a person holds, from when until when."""
    return (Chart("timeline", timeline_rows(worker)),) if worker.awards else ()


def timeline_rows(worker: Worker) -> Rows:
    """One row for each award of the newest achievements: from when it was in force until it ended, or now."""
    rows: Rows = []
    for place, held in enumerate(worker.held[:MOST_BARS]):
        for award in held.awards:
            ends = [end for end in (award.valid_until, award.revoked_at) if end is not None]
            rows.append(
                {
                    "name": held.best.achievement_name,
                    "place": place,
                    "status": "Ends" if award.status == "active" and award.valid_until else words.status(award.status),
                    "from": int(award.valid_from.timestamp() * 1000),
                    "until": int(min(ends, default=worker.as_of).timestamp() * 1000),
                }
            )
    return rows


def minute_rows(minutes: Iterable[Minute]) -> Rows:
    """One row for each minute."""
    return [{"minute": int(one.minute.timestamp() * 1000), "count": one.changes} for one in minutes]


def band_rows(stacks: Sequence[StackSummary]) -> Rows:
    """One row for each band of the busiest twelve stacks."""
    return [
        {"stack": stack.stack_title, "place": place, "band": label, "order": order, "workers": getattr(stack, column)}
        for place, stack in enumerate(stacks[:BUSIEST])
        for order, (column, label) in enumerate(BANDS)
    ]


def week_rows(weeks: Iterable[CompletionWeek], column: Literal["achievements", "stacks"]) -> Rows:
    """One row for each week: where its column begins and ends, and how many."""
    return [
        {
            "week": _milliseconds(week.week),
            "until": _milliseconds(week.week + _COLUMN),
            "count": getattr(week, column),
        }
        for week in weeks
    ]


def curve_rows(found: Sequence[Curve]) -> Rows:
    """One row for each point of the newest curves, in months."""
    return [
        {"cohort": str(curve.cohort), "months": round(point.days / _MONTH_DAYS, 2), "share": point.share}
        for curve in found[-NEWEST:]
        for point in curve.points
    ]


def step_rows(steps: Iterable[StackStep]) -> Rows:
    """One row for each tenth of the way, and one for complete."""
    return [{"step": step_label(step.tenth), "band": _band_of(step.tenth), "workers": step.workers} for step in steps]


def step_label(tenth: int) -> str:
    """What one step is called, "30-39 %" for 3 and "100 %" for 10."""
    return "100 %" if tenth == _COMPLETE else f"{tenth * 10}-{tenth * 10 + 9} %"


def _band_of(tenth: int) -> str:
    return dict(BANDS)["complete" if tenth == _COMPLETE else "half_or_more" if tenth >= _HALF else "under_half"]


def _milliseconds(day: date) -> int:
    """A UTC midnight as scripts count: rows that replace others are not parsed, so dates travel as numbers."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


@cache
def _spec(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = loads((files("services.dashboard") / "specs" / f"{name}.json").read_bytes())
    return spec
