"""The kinds of page: for each its path, what may be asked, what it answers, its regions and its charts.

One table, from which the pages, the API and the live streams are made: so each page has all three, and a test that
goes through the table has been everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from services.dashboard import (
    asks,
    charts,
    equity,
    models,
    overviews,
    people,
    skills,
    sourcing,
    spending,
    stack_reports,
)
from services.dashboard.charts import Chart


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page. `path` is below "/", "/api/v1" (where the overview is "/overview") and "/live"."""

    name: str
    path: str
    ask: Callable[..., asks.Ask]
    answer: type[models.Answer]
    regions: tuple[str, ...]
    charts: Callable[[Any], tuple[Chart, ...]] = lambda _report: ()
    noun: str = "page"

    @property
    def template(self) -> str:
        """The page's template."""
        return f"{self.name}.html"

    @property
    def data_path(self) -> str:
        """The path below "/api/v1" and "/live"."""
        return self.path if self.path != "/" else "/overview"


KINDS: Final = (
    Kind(
        name="overview",
        path="/",
        ask=asks.overview_ask,
        answer=overviews.Overview,
        regions=(
            "stamp",
            "tiles",
            "funnel",
            "minutes_caption",
            "minutes",
            "stalled",
            "bands_caption",
            "bands",
            "completions_caption",
            "completions",
            "soon",
            "tiers",
            "sources",
        ),
        charts=charts.overview_charts,
    ),
    Kind("workers", "/workers", asks.workers_ask, models.WorkerList, ("stamp", "workers")),
    Kind(
        "worker",
        "/workers/{worker_id:path}",
        asks.worker_ask,
        people.Worker,
        ("stamp", "worker_tiles", "next_best", "timeline_caption", "timeline", "standing", "holds"),
        charts=charts.worker_charts,
        noun="worker",
    ),
    Kind("stacks", "/stacks", asks.stacks_ask, models.StackList, ("stamp", "stacks")),
    Kind(
        name="stack",
        path="/stacks/{stack_id:path}",
        ask=asks.stack_ask,
        answer=stack_reports.Stack,
        regions=(
            "stamp",
            "stack_tiles",
            "graph",
            "drop_off",
            "step_days",
            "survival_caption",
            "survival",
            "one_away",
            "steps_caption",
            "steps",
            "stack_workers",
        ),
        charts=charts.stack_charts,
        noun="stack",
    ),
    Kind(
        name="advice",
        path="/advice",
        ask=asks.advice_ask,
        answer=spending.AdvicePage,
        regions=("stamp", "budget_caption", "budget", "buy", "alone", "finishes"),
        charts=charts.advice_charts,
    ),
    Kind(
        name="skills",
        path="/skills",
        ask=asks.skills_ask,
        answer=skills.SkillsPage,
        regions=("stamp", "matrix", "skills_caption", "skills", "gaps", "experts"),
        charts=charts.skills_charts,
    ),
    Kind("equity", "/equity", asks.equity_ask, equity.EquityPage, ("stamp", "equity")),
    Kind("data", "/data", asks.data_ask, sourcing.DataPage, ("stamp", "data_tiles", "source_health", "refusals")),
    Kind("expiring", "/expiring", asks.expiring_ask, models.ExpiringList, ("stamp", "expiring")),
)
