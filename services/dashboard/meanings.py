"""The catalog as pages show it and the API answers: achievements by class, what each means, and what became of people.

The checklist and the recognition come from services/core/meaning; here they are joined with what this employer's
workers hold and with the measured outcomes, whose small cells ClickHouse has hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.core.meaning import CLASSES, MOST_COMPARED, Facets, MeaningOf, Wanted, compared, facets, matching
from services.core.registries import vouched
from services.dashboard.catalogs import Known
from services.dashboard.errors import NotFound, Refused
from services.dashboard.look import Look
from services.dashboard.models import Answer, Paged


class Outcomes(Answer):
    """What became of those who set out for an achievement; None where fewer than ten people would be told of."""

    began: int | None = None
    completion_rate: float | None = None
    completed: int | None = None
    median_days: float | None = None
    holders: int | None = None
    went_on_rate: float | None = None
    revocation_rate: float | None = None
    computed_at: datetime | None = None


class CatalogRow(Answer):
    """One achievement in the list."""

    achievement_id: str
    name: str
    issuer: str | None
    type: str
    level: str
    field: str
    skills: tuple[str, ...]
    verified: int
    stated: int
    questions: int
    counts_in: int
    """Stacks that it counts in."""
    holders: int
    """Current workers of the employer that hold it."""


class CatalogList(Paged):
    """A page of the catalog, and all that one may narrow it by."""

    wanted: Wanted
    facets: Facets
    achievements: tuple[CatalogRow, ...]


class Described(Answer):
    """One achievement: what it means, what became of people, and how many of the employer's workers hold it."""

    meaning: MeaningOf
    outcomes: Outcomes
    holders: int


class AchievementPage(Answer):
    """One achievement's page."""

    as_of: datetime
    described: Described


class Comparison(Answer):
    """Up to four achievements side by side, in the order asked for."""

    as_of: datetime
    achievements: tuple[Described, ...]


def catalog_list(look: Look, wanted: Wanted, page: int, page_rows: int) -> CatalogList:
    """A page of the achievements that are wanted, by name."""
    known, as_of = look.known(), look.moment.at
    everything = tuple(known.catalog.achievements.values())
    found = matching(everything, wanted)
    shown = [one.id for one in found[(page - 1) * page_rows : page * page_rows]]
    held = _holders(look)
    return CatalogList(
        as_of=as_of,
        total=len(found),
        page=page,
        page_rows=page_rows,
        wanted=wanted,
        facets=facets(everything),
        achievements=tuple(_row(known, one, as_of, held.get(one, 0)) for one in shown),
    )


def achievement_page(look: Look, achievement: str) -> AchievementPage:
    """What one achievement means. Raises: NotFound when no catalog in force has it."""
    (described,) = _described(look, [achievement])
    return AchievementPage(as_of=look.moment.at, described=described)


def comparison(look: Look, achievements: Sequence[str]) -> Comparison:
    """Up to four side by side. Raises: NotFound; Refused for more than four."""
    ids = tuple(dict.fromkeys(achievements))
    if len(ids) > MOST_COMPARED:
        raise Refused("too_many_compared", f"Compare at most {MOST_COMPARED} achievements, not {len(ids)}.")
    return Comparison(as_of=look.moment.at, achievements=_described(look, ids))


def _described(look: Look, ids: Sequence[str]) -> tuple[Described, ...]:
    held = _holders(look)
    return tuple(
        Described(meaning=one, outcomes=_outcomes(look, one.achievement), holders=held.get(one.achievement, 0))
        for one in _meanings(look.known(), look.moment.at, ids)
    )


def _meanings(known: Known, as_of: datetime, ids: Sequence[str]) -> tuple[MeaningOf, ...]:
    try:
        return compared(ids, known.catalog, vouched(ids, known.catalog, known.registries, as_of))
    except KeyError as unknown:
        raise NotFound("achievement") from unknown


def _row(known: Known, achievement: str, as_of: datetime, holders: int) -> CatalogRow:
    (one,) = _meanings(known, as_of, [achievement])
    told = {name: ", ".join(getattr(one.classes, name)) for name in CLASSES if name != "skill"}
    return CatalogRow(
        achievement_id=one.achievement,
        name=one.name,
        issuer=one.issuer,
        skills=one.classes.skill,
        verified=one.counted("verified"),
        stated=one.counted("verified", "present"),
        questions=len(one.checklist),
        counts_in=len({counts.stack_id for counts in one.recognised}),
        holders=holders,
        **told,
    )


def _holders(look: Look) -> dict[str, int]:
    return {row["achievement_id"]: row["holders"] for row in look.rows("catalog_holders")}


def _outcomes(look: Look, achievement: str) -> Outcomes:
    row = look.row("outcomes", achievement_id=achievement)
    return Outcomes() if row is None else Outcomes.model_validate(row)
