"""When two statements are the same (XAPI-00142; Data 2.3.1)."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.lrs.same import is_same, stated
from tests.builders.statements import statement

ACTIVITY = {"id": "https://lms.example.org/site"}
GROUP = [{"mbox": "mailto:a@example.org"}, {"mbox": "mailto:b@example.org"}]


def said_again(**members: Any) -> bool:
    """Whether the builder's statement, with members changed, says the same as the statement unchanged."""
    changed = {name: member for name, member in {**statement(), **members}.items() if member is not None}
    return is_same(stated(statement()), stated(changed))


@pytest.mark.parametrize(
    "members",
    [
        {"timestamp": "2026-02-01T10:30:00+01:00"},
        {"timestamp": None},
        {"stored": "2026-02-01T09:30:00Z"},
        {"version": "1.0.0"},
        {"authority": {"mbox": "mailto:lms@example.org"}},
        {"id": "6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11"},
        {"attachments": []},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "did"}}},
        {"object": {"id": "https://lms.example.org/course/7", "definition": {"name": {"en": "Networks"}}}},
    ],
)
def test_what_a_store_may_set_or_show_does_not_count(members: dict[str, Any]) -> None:
    """A replay whose timestamp is written in another offset is the same statement, and so on."""
    assert said_again(**members)


@pytest.mark.parametrize(
    "members",
    [
        {"timestamp": "2026-02-01T09:30:01Z"},
        {"actor": {"mbox": "mailto:b@example.org"}},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/failed"}},
        {"object": {"id": "https://lms.example.org/course/8"}},
        {"result": {"success": True}},
    ],
)
def test_everything_else_counts(members: dict[str, Any]) -> None:
    """Another moment, person, verb, object or result is another statement."""
    assert not said_again(**members)


def test_a_duration_counts_as_it_is_written() -> None:
    """PT60S and PT1M take as long and are not the same text."""
    once, again = (stated(statement(result={"duration": duration})) for duration in ("PT60S", "PT1M"))
    assert not is_same(once, again)


def test_the_order_of_members_and_one_activity_alone_do_not_count() -> None:
    """A group is a set; one context activity may stand alone or in an array."""
    once = statement(
        actor={"objectType": "Group", "member": GROUP}, context={"contextActivities": {"parent": ACTIVITY}}
    )
    again = statement(
        actor={"objectType": "Group", "member": GROUP[::-1]}, context={"contextActivities": {"parent": [ACTIVITY]}}
    )
    assert is_same(stated(once), stated(again))


@pytest.mark.parametrize(
    "duration,is_equal",
    [
        ("P1DT12H36M0.12S", True),
        ("P1DT12H36M0.1237S", True),
        ("P1DT12H36M0.12999S", True),
        ("P1DT12H36M0.13S", False),
        ("P1DT12H36M0.1S", False),
    ],
)
def test_what_is_finer_than_a_hundredth_of_a_second_does_not_count(duration: str, *, is_equal: bool) -> None:
    """Data 4.6: it is cut off, and not rounded."""
    once, again = (stated(statement(result={"duration": each})) for each in ("P1DT12H36M0.12S", duration))
    assert is_same(once, again) is is_equal
