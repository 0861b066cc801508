"""What answers tell of themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.dashboard.awards import HeldAward
from services.dashboard.models import Paged
from services.dashboard.people import Worker
from services.dashboard.standings import standings
from tests.builders import analytics

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def award(achievement_id: str, **members: Any) -> HeldAward:
    """An award as its query finds it."""
    status = members.pop("status", "active")
    row = analytics.award("ann", achievement_id, **members)
    return HeldAward.model_validate(row | {"status": status})


def worker(*awards: HeldAward) -> Worker:
    """A worker who has these."""
    return Worker(as_of=NOON, worker_id="ann", since=NOON, awards=awards, stacks=())


def test_awards_of_one_achievement_are_told_together() -> None:
    """The first one, in force and newest, speaks for it; the others are counted."""
    ann = worker(award("a", award_id="2"), award("b"), award("a", award_id="1"), award("c", status="expired"))

    assert [(held.best.achievement_id, held.best.award_id, held.repeats) for held in ann.held] == [
        ("a", "2", 1),
        ("b", "b", 0),
        ("c", "c", 0),
    ]
    assert ann.in_force == 2
    assert len(ann.held_singly) == 4


def test_the_next_expiry_knows_of_renewals() -> None:
    """An achievement ends with its last award in force; one without end never does; what is over does not count."""
    ann = worker(
        award("renewed", valid_until=NOON + DAY),
        award("renewed", valid_until=NOON + 9 * DAY),
        award("endless", valid_until=NOON + DAY),
        award("endless"),
        award("revoked", valid_until=NOON + 2 * DAY, status="revoked"),
        award("plain", valid_until=NOON + 20 * DAY),
    )

    assert ann.next_expiry_at == NOON + 9 * DAY
    assert worker(award("endless")).next_expiry_at is None
    assert worker().next_expiry_at is None


@pytest.mark.parametrize("total, page, told", [(0, 1, (1, 0, 0)), (3, 1, (1, 1, 3)), (7, 3, (3, 7, 7))])
def test_a_page_tells_where_it_stands(total: int, page: int, told: tuple[int, int, int]) -> None:
    """How many pages, and the numbers of its first and last row."""
    paged = Paged(as_of=NOON, total=total, page=page, page_rows=3)

    assert (paged.pages, paged.first, paged.last) == told


def test_a_newer_writer_is_still_read() -> None:
    """Members of a missing part that are not known here are passed over."""
    row = analytics.progress("ann", "it", 0.5, missing='[{"reason": "A+ is not held.", "mood": "new"}]')

    row |= {"stack_title": "IT", "next_steps": ["a+"], "next_step_names": ["CompTIA A+"]}
    (standing,) = standings([row], evaluations={}, names={})

    assert [part.reason for part in standing.missing] == ["A+ is not held."]
    assert [(step.achievement_id, step.name) for step in standing.next_steps] == [("a+", "CompTIA A+")]
