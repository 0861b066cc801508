"""What a request asks to see: one frozen value a page, made from path and query, that fetches its report.

A page, its JSON and its live stream make the same ask, so there is one place where parameters are read and bounded.
None of them can name an employer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Query, Request

from services.dashboard import equity, overviews, people, reports, skills, sourcing, spending, stack_reports
from services.dashboard.backlog import Backlog
from services.dashboard.equity import EquityPage
from services.dashboard.look import Look
from services.dashboard.models import Answer, ExpiringList, Sort, StackList, WorkerList
from services.dashboard.overviews import Overview
from services.dashboard.people import Worker
from services.dashboard.skills import SkillsPage
from services.dashboard.sourcing import DataPage
from services.dashboard.spending import AdvicePage
from services.dashboard.stack_reports import Stack
from services.dashboard.wiring import wiring_of

PageNumber = Annotated[int, Query(ge=1, le=100_000)]
SearchText = Annotated[str, Query(max_length=200)]
Budget = Annotated[int, Query(ge=1, le=spending.MOST_AWARDS)]
Days = Annotated[int, Query(ge=1, le=3650)]


class Ask(Protocol):
    """Something to look at. Asks that are equal show the same."""

    def report(self, look: Look) -> Answer | None:
        """What the look finds of it, None when there is no such thing for this tenant."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class OverviewAsk:
    """The overview, with what expires within some days."""

    expiring_days: int

    def report(self, look: Look) -> Overview:
        """Always there."""
        return overviews.overview(look, self.expiring_days)


@dataclass(frozen=True, slots=True)
class ExpiringAsk:
    """A page of what expires."""

    days: int
    page: int
    page_rows: int

    def report(self, look: Look) -> ExpiringList | None:
        """None beyond the last page."""
        listed = reports.expiring_list(look, self.days, self.page, self.page_rows)
        return listed if listed.total or listed.page == 1 else None


@dataclass(frozen=True, slots=True)
class WorkersAsk:
    """A page of workers."""

    search: str
    sort: Sort
    page: int
    page_rows: int

    def report(self, look: Look) -> WorkerList | None:
        """None beyond the last page."""
        listed = reports.worker_list(look, self.search, self.sort, self.page, self.page_rows)
        return listed if listed.total or listed.page == 1 else None


@dataclass(frozen=True, slots=True)
class WorkerAsk:
    """One worker."""

    worker_id: str

    def report(self, look: Look) -> Worker | None:
        """None unless the person is with the employer now."""
        return people.worker(look, self.worker_id)


@dataclass(frozen=True, slots=True)
class StacksAsk:
    """All stacks."""

    def report(self, look: Look) -> StackList:
        """Always there."""
        return stack_reports.stack_list(look)


@dataclass(frozen=True, slots=True)
class StackAsk:
    """One stack, with a page of its workers."""

    stack_id: str
    page: int
    page_rows: int

    def report(self, look: Look) -> Stack | None:
        """None unless a current worker was evaluated for it, and beyond the last page."""
        stack = stack_reports.stack(look, self.stack_id, self.page, self.page_rows)
        return stack if stack and (stack.workers or stack.page == 1) else None


@dataclass(frozen=True, slots=True)
class AdviceAsk:
    """What a budget of awards buys."""

    budget: int

    def report(self, look: Look) -> AdvicePage:
        """Always there."""
        return spending.advice_page(look, self.budget)


@dataclass(frozen=True, slots=True)
class SkillsAsk:
    """Skills by team and role."""

    def report(self, look: Look) -> SkillsPage:
        """Always there."""
        return skills.skills_page(look)


@dataclass(frozen=True, slots=True)
class EquityAsk:
    """Progress on one stack by groups of one kind."""

    stack_id: str
    dimension: str

    def report(self, look: Look) -> EquityPage:
        """Always there."""
        return equity.equity_page(look, self.stack_id, self.dimension)


@dataclass(frozen=True, slots=True)
class DataAsk:
    """The sources, and what waits to be read."""

    backlog: Backlog

    def report(self, look: Look) -> DataPage:
        """Always there."""
        return sourcing.data_page(look, self.backlog.waiting)


def overview_ask(request: Request) -> OverviewAsk:
    """The overview takes no parameters."""
    return OverviewAsk(wiring_of(request).settings.expiring_days)


def expiring_ask(request: Request, days: Days | None = None, page: PageNumber = 1) -> ExpiringAsk:
    """`days` ahead, as many as the overview looks unless given."""
    settings = wiring_of(request).settings
    return ExpiringAsk(days or settings.expiring_days, page, settings.page_rows)


def workers_ask(request: Request, search: SearchText = "", sort: Sort = "worker", page: PageNumber = 1) -> WorkersAsk:
    """Workers whose id, or the name of something they hold, contains `search`."""
    return WorkersAsk(search, sort, page, wiring_of(request).settings.page_rows)


def worker_ask(worker_id: str) -> WorkerAsk:
    """The worker of the path; an id may hold slashes."""
    return WorkerAsk(worker_id)


def advice_ask(budget: Budget = 10) -> AdviceAsk:
    """`budget` awards to pay for."""
    return AdviceAsk(budget)


def stacks_ask() -> StacksAsk:
    """The list of stacks takes no parameters."""
    return StacksAsk()


def stack_ask(request: Request, stack_id: str, page: PageNumber = 1) -> StackAsk:
    """The stack of the path; an id may hold slashes."""
    return StackAsk(stack_id, page, wiring_of(request).settings.page_rows)


def skills_ask() -> SkillsAsk:
    """The page of skills takes no parameters."""
    return SkillsAsk()


def equity_ask(
    stack: Annotated[str, Query(max_length=500)] = "", dimension: Annotated[str, Query(max_length=200)] = ""
) -> EquityAsk:
    """Groups by `dimension`, one that the employer named, on one stack."""
    return EquityAsk(stack, dimension)


def data_ask(request: Request) -> DataAsk:
    """The page of sources takes no parameters."""
    return DataAsk(wiring_of(request).backlog)
