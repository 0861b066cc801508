"""Advice for the employer: which achievements, for which workers, finish the most stacks, within a budget of awards.

The ways to finish are read from published progress, not judged again: the fewest awards that would do are there for
every worker, also through stacks within stacks, and one page must not judge a whole workforce. The nearest go first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from services.core.guidance.employer import Plan, Purchase, best_sellers, purchases
from services.core.stacks import CompiledCatalog
from services.dashboard.look import Look
from services.dashboard.models import Answer
from services.dashboard.queries import Row
from services.dashboard.words import text_of_cost

MOST_PLANS: Final = 2_000
MOST_AWARDS: Final = 100
"""The largest budget that can be asked about."""
SHOWN: Final = 8


class Named(Answer):
    """An achievement, with its name."""

    achievement_id: str
    name: str


class ToBuy(Answer):
    """One achievement to give: to how many, in how many of the stacks it finishes it has a part, and what one costs."""

    achievement: Named
    awards: int
    stacks: int
    cost: str | None


class Finish(Answer):
    """One stack that one worker finishes by these awards, in the order of buying."""

    worker_id: str
    stack_id: str
    stack_title: str
    progress: float
    awards: tuple[Named, ...]


class Spent(Answer):
    """So many awards finish so many stacks."""

    awards: int
    stacks: int


class Seller(Answer):
    """An achievement that alone finishes a stack for so many workers."""

    achievement: Named
    workers: int


class Spending(Answer):
    """What a budget buys. `plans` are all ways there are; `is_cut` when only the nearest of them were weighed."""

    budget: int
    spent: int
    workers: int
    buy: tuple[ToBuy, ...]
    finishes: tuple[Finish, ...]
    curve: tuple[Spent, ...]
    alone: tuple[Seller, ...]
    plans: int
    is_cut: bool


class AdvicePage(Answer):
    """The page."""

    as_of: datetime
    most_awards: int
    plan: Spending


def advice_page(look: Look, budget: int) -> AdvicePage:
    """What the page shows."""
    return AdvicePage(as_of=look.moment.at, most_awards=MOST_AWARDS, plan=spending(look, budget))


def spending(look: Look, budget: int) -> Spending:
    """What a budget of so many awards buys now; of the past what was missing is not known, so nothing."""
    rows = plan_rows(look) if look.moment.is_now else []
    catalog = look.known().catalog
    plans = [_plan(row) for row in rows]
    bought = purchases(plans, MOST_AWARDS)
    within = purchases(plans, budget)
    titles = {row["stack_id"]: row["stack_title"] for row in rows}
    total = int(rows[0]["total"]) if rows else 0
    return Spending(
        budget=budget,
        spent=sum(len(one.awards) for one in within),
        workers=len({one.plan.worker_id for one in within}),
        buy=_to_buy(within, catalog),
        finishes=tuple(_finish(one, titles, catalog) for one in within),
        curve=_curve(bought),
        alone=tuple(
            Seller(achievement=_named(achievement, catalog), workers=len(workers))
            for achievement, workers in best_sellers(plans)[:SHOWN]
        ),
        plans=total,
        is_cut=total > len(rows),
    )


def plan_rows(look: Look) -> list[Row]:
    """The nearest ways to finish a stack that awards alone finish."""
    return look.rows("plans", limit=MOST_PLANS, offset=0)


def _plan(row: Row) -> Plan:
    return Plan(row["worker_id"], row["stack_id"], row["progress"], tuple(row["would_do"]))


def _to_buy(bought: Iterable[Purchase], catalog: CompiledCatalog) -> tuple[ToBuy, ...]:
    """By achievement, those that have a part in most stacks first."""
    awards: dict[str, int] = {}
    stacks: dict[str, int] = {}
    for one in bought:
        for achievement in one.awards:
            awards[achievement] = awards.get(achievement, 0) + 1
        for achievement in one.plan.achievements:
            stacks[achievement] = stacks.get(achievement, 0) + 1
    ranked = sorted(awards, key=lambda achievement: (-stacks[achievement], -awards[achievement], achievement))
    return tuple(
        ToBuy(
            achievement=_named(achievement, catalog),
            awards=awards[achievement],
            stacks=stacks[achievement],
            cost=text_of_cost(catalog.achievements[achievement].cost) if achievement in catalog.achievements else None,
        )
        for achievement in ranked
    )


def _finish(one: Purchase, titles: Mapping[str, str], catalog: CompiledCatalog) -> Finish:
    return Finish(
        worker_id=one.plan.worker_id,
        stack_id=one.plan.stack_id,
        stack_title=titles[one.plan.stack_id],
        progress=one.plan.progress,
        awards=tuple(_named(achievement, catalog) for achievement in one.plan.achievements),
    )


def _curve(bought: Sequence[Purchase]) -> tuple[Spent, ...]:
    """Stacks finished by awards bought, one point for each number of awards at which there are more."""
    points = {0: 0}
    spent = 0
    for number, one in enumerate(bought, start=1):
        spent += len(one.awards)
        points[spent] = number
    return tuple(Spent(awards=awards, stacks=stacks) for awards, stacks in points.items())


def _named(achievement: str, catalog: CompiledCatalog) -> Named:
    offered = catalog.achievements.get(achievement)
    return Named(achievement_id=achievement, name=(offered.name if offered else None) or achievement)
