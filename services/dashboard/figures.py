"""Figures as files: what a page works out of its report and no query gives, in the forms that every table has.

Apart from the exports of queries, because a figure has only the rows that the page shows; it is made of the very
report of the page, by the same ask, so the two cannot differ.
"""

# Annotations are not postponed here: handlers are made in functions, and FastAPI reads the annotations of each.

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.dashboard.asks import Ask
from services.dashboard.charts import step_label
from services.dashboard.csv_cells import Cell
from services.dashboard.export_tables import Form
from services.dashboard.files import file_of
from services.dashboard.frame import LookOf
from services.dashboard.kinds import KINDS, Kind
from services.dashboard.overviews import Overview
from services.dashboard.pages import report_of
from services.dashboard.people import Worker
from services.dashboard.skills import SkillsPage
from services.dashboard.spending import AdvicePage
from services.dashboard.stack_reports import Stack
from services.dashboard.words import TRUST

Row = list[Cell]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the kind of page that shows it, the headings of its columns, and its rows."""

    kind: str
    columns: tuple[str, ...]
    rows: Callable[[Any], Iterable[Row]]


def _funnel(report: Overview) -> Iterable[Row]:
    return ([one.step, one.meaning, one.pairs] for one in report.funnel)


def _tiers(report: Overview) -> Iterable[Row]:
    return ([tier, TRUST[tier][0], count] for tier, count in enumerate(report.tiles.by_tier))


def _rules(report: Stack) -> Iterable[Row]:
    return (
        [one.rule.path, one.rule.label, one.rule.asks, one.rule.is_option, one.workers, one.share]
        for one in report.rules
    )


def _layers(report: Stack) -> Iterable[Row]:
    return ([one.layer, "; ".join(one.rules), one.workers] for one in report.layers)


def _parts(report: Stack) -> Iterable[Row]:
    return ([one.parts, one.workers] for one in report.drop_off)


def _steps(report: Stack) -> Iterable[Row]:
    return ([step_label(one.tenth), one.workers] for one in report.steps)


def _buy(report: AdvicePage) -> Iterable[Row]:
    return ([one.achievement.name, one.awards, one.stacks, one.cost] for one in report.plan.buy)


def _finishes(report: AdvicePage) -> Iterable[Row]:
    return (
        [one.worker_id, one.stack_title, one.progress, "; ".join(award.name for award in one.awards)]
        for one in report.plan.finishes
    )


def _alone(report: AdvicePage) -> Iterable[Row]:
    return ([one.achievement.name, one.workers] for one in report.plan.alone)


def _curve(report: AdvicePage) -> Iterable[Row]:
    return ([one.awards, one.stacks] for one in report.plan.curve)


def _skills(report: SkillsPage) -> Iterable[Row]:
    return ([one.skill, one.holders, one.verified, one.claimed, one.experts] for one in report.skills)


def _timeline(report: Worker) -> Iterable[Row]:
    return ([one.at, one.what, one.name] for one in report.events)


FIGURES: Final[Mapping[str, Figure]] = {
    "funnel": Figure("overview", ("Step", "Meaning", "Worker and stack"), _funnel),
    "tiers": Figure("overview", ("Trust tier", "What was checked", "Credentials"), _tiers),
    "rules": Figure("stack", ("Place", "Rule", "Asks", "One way of several", "Workers", "Share"), _rules),
    "layers": Figure("stack", ("Layer", "Rules", "Workers through it"), _layers),
    "parts": Figure("stack", ("Parts met, at least", "Workers"), _parts),
    "steps": Figure("stack", ("How far", "Workers"), _steps),
    "buy": Figure("advice", ("Achievement", "Awards", "Stacks", "Cost"), _buy),
    "finishes": Figure("advice", ("Worker", "Stack", "Progress", "By"), _finishes),
    "alone": Figure("advice", ("Achievement", "Workers"), _alone),
    "curve": Figure("advice", ("Awards", "Stacks finished"), _curve),
    "skills": Figure("skills", ("Skill", "Hold it", "Verified", "Claimed only", "Experts"), _skills),
    "timeline": Figure("worker", ("At", "What", "Name"), _timeline),
}


def router() -> APIRouter:
    """One route a figure, which takes what its page takes; the id of a stack or worker goes into the query."""
    kinds = {kind.name: kind for kind in KINDS}
    routes = APIRouter(include_in_schema=False)
    for name, figure in FIGURES.items():
        routes.add_api_route(
            f"/figures/{name}.{{form}}", _file(name, figure, kinds[figure.kind]), response_class=Response
        )
    return routes


def _file(name: str, figure: Figure, kind: Kind) -> Callable[..., Response]:
    def answer(form: Form, look: LookOf, ask: Annotated[Ask, Depends(kind.ask)]) -> Response:
        return file_of(name, form, figure.columns, list(figure.rows(report_of(kind, ask, look))))

    return answer
