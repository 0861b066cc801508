"""Chart specifications and their rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import altair as alt
import pytest

from services.dashboard import captions, charts
from services.dashboard.models import StackStep, StackSummary
from services.dashboard.overviews import CompletionWeek, Minute
from services.dashboard.survival import Spell, curves

NAMES = ("minutes", "survival", "timeline", "budget", "skills", "bands", "achievements", "stacks", "steps")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def summary(title: str = "IT Support", **members: int) -> StackSummary:
    """A stack with ten workers under half of the way, unless said otherwise."""
    counts = {
        "workers": 10,
        "not_started": 0,
        "under_half": 10,
        "half_or_more": 0,
        "complete": 0,
        "lapsed": 0,
    } | members
    return StackSummary.model_validate(
        {
            "stack_id": title,
            "stack_title": title,
            "average_progress": 0.2,
            "completed_latest": None,
            "evaluated_at": NOON,
        }
        | counts
    )


def rows_of(name: str) -> charts.Rows:
    """Rows for each chart."""
    weeks = [CompletionWeek(week=date(2026, 2, 23), achievements=3, stacks=1)]
    steps = [StackStep(tenth=tenth, workers=tenth) for tenth in range(11)]
    rows: dict[str, Any] = {
        "survival": charts.curve_rows(curves([Spell(cohort=2025, days=61, completed=1, waiting=1)])),
        "timeline": [{"name": "A", "place": 0, "status": "Ends", "from": 0, "until": 1}],
        "skills": [{"skill": "a", "place": 0, "held": "Verified", "order": 0, "workers": 2}],
        "budget": [{"awards": 1, "count": 2}],
        "minutes": charts.minute_rows([Minute(minute=NOON, changes=4)]),
        "bands": charts.band_rows([summary()]),
        "achievements": charts.week_rows(weeks, "achievements"),
        "stacks": charts.week_rows(weeks, "stacks"),
        "steps": charts.step_rows(steps),
    }
    found: list[dict[str, str | int | float]] = rows[name]
    return found


def fields(spec: Any) -> set[str]:
    """Every field that a specification's encoding names."""
    if isinstance(spec, list):
        return {name for part in spec for name in fields(part)}
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return own | {name for part in spec.values() for name in fields(part)}
    return set()


@pytest.mark.parametrize("name", NAMES)
def test_every_specification_is_vega_lite(name: str) -> None:
    """Valid against the schema, with its one data set left to be filled."""
    spec = charts.Chart(name, []).spec

    alt.Chart.from_dict({**spec, "data": {"values": rows_of(name)}})
    assert spec["data"] == {"name": "rows"}


@pytest.mark.parametrize("name", NAMES)
def test_rows_have_every_field_that_the_picture_reads(name: str) -> None:
    """No picture asks for what its rows do not say."""
    assert fields(charts.Chart(name, []).spec["encoding"]) <= set(rows_of(name)[0])


@pytest.mark.parametrize("name", ["bands", "steps"])
def test_bands_are_called_the_same_everywhere(name: str) -> None:
    """A picture's colours go by the names that rows and tables use."""
    assert charts.Chart(name, []).spec["encoding"]["color"]["scale"]["domain"] == [label for _, label in charts.BANDS]


def test_steps_are_called_as_the_axis_says() -> None:
    """The eleven labels of the axis are the eleven of the rows."""
    domain = charts.Chart("steps", []).spec["encoding"]["x"]["scale"]["domain"]

    assert domain == [row["step"] for row in rows_of("steps")]


def test_a_band_caption_says_where_most_are() -> None:
    """The busiest stack, completions, and what lapsed."""
    stacks = [summary(), summary("Nursing", workers=3, under_half=0, complete=2, lapsed=1)]

    assert captions.stack_bands(stacks) == (
        "Your workers are on 2 stacks, most of them (10) on IT Support; 2 completions hold today and 1 has lapsed."
    )


def test_an_empty_caption_is_a_sentence_too() -> None:
    """Nothing begun, nothing earned."""
    weeks = [CompletionWeek(week=date(2026, 2, 23), achievements=0, stacks=0)]

    assert captions.stack_bands([]) == "No worker has begun a stack yet."
    assert captions.completions(weeks) == "Nothing was earned in the last 1 week."
