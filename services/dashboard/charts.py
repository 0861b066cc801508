"""Charts: Vega-Lite specifications as plain values, apart from their rows.

A specification never changes while a page is open, its rows may. Colours, fonts and strokes are the page's (charts.js
reads them from the style sheet), so that light and dark are decided in one place. Every chart has a caption sentence and
a table beside it, which is what is read aloud; the picture itself is hidden from assistive technology.
Source: https://vega.github.io/vega-lite/docs/
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from services.dashboard.models import CompletionWeek, Overview, Stack, StackStep, StackSummary

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
ROWS: Final = "rows"
"""The name of the one data set that each specification reads."""

Rows = list[dict[str, str | int | float]]

BANDS: Final = (
    ("complete", "Complete"),
    ("half_or_more", "Half or more"),
    ("under_half", "Under half"),
    ("not_started", "Not started"),
    ("lapsed", "Lapsed"),
)
"""How far workers are on a stack, in the order the bars and columns show it: column of the summary -> heading."""

_WIDE: Final = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
_BUSIEST = 12


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture: `name` is the element it is drawn into, `rows` may be replaced while the page is open."""

    name: str
    spec: dict[str, Any]
    rows: Rows


def overview_charts(overview: Overview) -> tuple[Chart, ...]:
    """Workers by stack and band, and completions by week."""
    return (
        stack_bands(overview.stacks),
        completions("achievements", overview.completions),
        completions("stacks", overview.completions),
    )


def stack_charts(stack: Stack) -> tuple[Chart, ...]:
    """Workers by how far they are on one stack."""
    return (stack_steps(stack.steps),)


def stack_bands(stacks: Iterable[StackSummary]) -> Chart:
    """One bar a stack (the busiest twelve), one segment a band; who is complete begins at the left edge."""
    rows: Rows = [
        {
            "stack": stack.stack_title,
            "place": place,
            "band": label,
            "order": order,
            "workers": getattr(stack, column),
        }
        for place, stack in enumerate(list(stacks)[:_BUSIEST])
        for order, (column, label) in enumerate(BANDS)
    ]
    bars: dict[str, Any] = {
        "y": {
            "field": "stack",
            "type": "nominal",
            "sort": {"field": "place"},
            "title": None,
            "axis": {"labelLimit": 220, "ticks": False, "domain": False, "labelPadding": 10},
        },
        "x": {
            "field": "workers",
            "type": "quantitative",
            "stack": "zero",
            "title": "Workers",
            "axis": {"tickMinStep": 1, "format": ",d", "tickCount": 6},
        },
        "order": {"field": "order", "type": "quantitative"},
    }
    return Chart("bands", {"$schema": SCHEMA, "data": {"name": ROWS}, **_WIDE, **_bands_view(bars)}, rows)


def _bands_view(bars: dict[str, Any]) -> dict[str, Any]:
    labels = [label for _, label in BANDS]
    return {
        "height": {"step": 38},
        "transform": [{"filter": "datum.workers > 0"}],
        "encoding": bars,
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.66}, "strokeWidth": 1},
                "encoding": {
                    "color": {
                        "field": "band",
                        "type": "nominal",
                        "scale": {"domain": labels},
                        "legend": {"orient": "top", "title": None, "columns": 5},
                    },
                    "tooltip": [
                        {"field": "stack", "title": "Stack"},
                        {"field": "band", "title": "How far"},
                        {"field": "workers", "title": "Workers", "format": ",d"},
                    ],
                },
            },
        ],
    }


def completions(column: str, weeks: Iterable[CompletionWeek]) -> Chart:
    """One column a week of `achievements` or `stacks`."""
    label = {"achievements": "Achievements earned", "stacks": "Stacks completed"}[column]
    rows: Rows = [{"week": week.week.isoformat(), "count": getattr(week, column)} for week in weeks]
    spec: dict[str, Any] = {
        "$schema": SCHEMA,
        "data": {"name": ROWS},
        **_WIDE,
        "height": 150,
        "mark": {"type": "bar", "width": {"band": 0.72}, "style": column},
        "encoding": {
            "x": {
                "field": "week",
                "type": "temporal",
                "timeUnit": "utcyearmonthdate",
                "bandPosition": 0,
                "title": None,
                "axis": {"format": "%b %Y", "tickCount": {"interval": "month", "step": 2}, "grid": False},
            },
            "y": {
                "field": "count",
                "type": "quantitative",
                "title": None,
                "axis": {"tickMinStep": 1, "tickCount": 4, "format": ",d"},
            },
            "tooltip": [
                {"field": "week", "type": "temporal", "timeUnit": "utcyearmonthdate", "title": "Week of"},
                {"field": "count", "title": label, "format": ",d"},
            ],
        },
    }
    return Chart(column, spec, rows)


def stack_steps(steps: Iterable[StackStep]) -> Chart:
    """One column for each tenth of the way, and one for complete."""
    rows: Rows = [
        {"step": step_label(step.tenth), "tenth": step.tenth, "workers": step.workers, "band": _step_band(step.tenth)}
        for step in steps
    ]
    spec: dict[str, Any] = {
        "$schema": SCHEMA,
        "data": {"name": ROWS},
        **_WIDE,
        "height": 190,
        "mark": {"type": "bar", "width": {"band": 0.8}, "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "step",
                "type": "nominal",
                "sort": {"field": "tenth"},
                "title": "How far",
                "axis": {"labelAngle": 0, "labelOverlap": True, "grid": False},
            },
            "y": {
                "field": "workers",
                "type": "quantitative",
                "title": "Workers",
                "axis": {"tickMinStep": 1, "tickCount": 4, "format": ",d"},
            },
            "color": {
                "field": "band",
                "type": "nominal",
                "scale": {"domain": [label for _, label in BANDS]},
                "legend": None,
            },
            "tooltip": [
                {"field": "step", "title": "How far"},
                {"field": "workers", "title": "Workers", "format": ",d"},
            ],
        },
    }
    return Chart("steps", spec, rows)


def step_label(tenth: int) -> str:
    """ "0-9 %", ... "90-99 %", "100 %"."""
    return "100 %" if tenth == 10 else f"{tenth * 10}-{tenth * 10 + 9} %"


def _step_band(tenth: int) -> str:
    return "Complete" if tenth == 10 else "Half or more" if tenth >= 5 else "Under half"
