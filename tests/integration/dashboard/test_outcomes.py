"""Measured outcomes: worked out from what was recorded, and never telling of fewer than ten people."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.builders.analytics import DAY, NOW, Tables, award, employment, progress

SHOWN = ("began", "completion_rate", "completed", "median_days", "holders", "went_on_rate", "revocation_rate")


def _record(worker_id: str, achievement_id: str, at: datetime, *, success: bool = True) -> dict[str, Any]:
    body = '{"kind":"completion"}' if success else '{"kind":"completion","success":false}'
    return {
        "record_id": uuid4(),
        "worker_id": worker_id,
        "kind": "completion",
        "achievement_id": achievement_id,
        "issuer_id": "",
        "award_id": "",
        "occurred_at": at,
        "received_at": at,
        "source": "lms",
        "dialect": "native",
        "body": body,
        "version": 1,
    }


def _outcomes(tables: Tables, employer_id: str = "acme", achievement_id: str = "a") -> dict[str, Any]:
    tables.client.command("SYSTEM REFRESH VIEW achievement_outcomes_feed")
    tables.client.command("SYSTEM WAIT VIEW achievement_outcomes_feed")
    rows = tables.client.query(
        "SELECT * FROM v_achievement_outcomes WHERE employer_id = {e:String} AND achievement_id = {a:String}",
        parameters={"e": employer_id, "a": achievement_id},
    ).named_results()
    found = next(iter(rows), {})
    return {name: found.get(name) for name in SHOWN}


def _cohort(tables: Tables, *, tried: int, failed: int, went_on: int, employer_id: str = "other") -> None:
    """Workers who try `a`, all but `failed` in the end with success after four days, and some go on to `b`."""
    names = [f"{employer_id}-{number}" for number in range(tried)]
    tables.put("catalog_next_steps", {"catalog_id": "c", "achievement_id": "a", "next_ids": ["b"], "version": 1})
    tables.put("employments", *(employment(name, employer_id) for name in names))
    passed = names[failed:]
    tables.put("records", *(_record(name, "a", NOW - 40 * DAY, success=False) for name in names))
    tables.put("records", *(_record(name, "a", NOW - 36 * DAY) for name in passed))
    tables.put("awards", *(award(name, "a", employer_id, valid_from=NOW - 36 * DAY) for name in passed))
    if went_on:
        onward = (award(name, "b", employer_id, valid_from=NOW - 5 * DAY) for name in passed[:went_on])
        tables.put("awards", *onward)


def test_what_became_of_those_who_set_out(tables: Tables) -> None:
    """Share that succeeded, days it took, share that went on, share revoked: for an employer with none of them."""
    _cohort(tables, tried=40, failed=10, went_on=15)
    tables.put("employments", employment("mine", "acme"))
    assert _outcomes(tables) == {
        "began": 40,
        "completion_rate": 0.75,
        "completed": 30,
        "median_days": 4.0,
        "holders": 30,
        "went_on_rate": 0.5,
        "revocation_rate": 0.0,
    }


@pytest.mark.parametrize(
    "tried, failed, hidden",
    [
        (9, 0, set(SHOWN)),
        (30, 1, {"completion_rate"}),
        (15, 10, {"completion_rate", "completed", "median_days", "holders", "went_on_rate", "revocation_rate"}),
        (10, 0, set()),
    ],
)
def test_no_cell_below_ten_is_told(tables: Tables, tried: int, failed: int, hidden: set[str]) -> None:
    """Neither the people, nor those of them who failed or succeeded."""
    _cohort(tables, tried=tried, failed=failed, went_on=0)
    tables.put("employments", employment("mine", "acme"))
    found = _outcomes(tables)
    assert {name for name, value in found.items() if value is None} == hidden


def test_an_employer_cannot_subtract_its_own(tables: Tables) -> None:
    """Where all but a few are its own, it would learn of the few; who has none of them, or all, learns nothing so."""
    _cohort(tables, tried=30, failed=0, went_on=0)
    _cohort(tables, tried=3, failed=0, went_on=0, employer_id="small")
    tables.put("employments", employment("mine", "acme"))
    assert _outcomes(tables, "acme")["holders"] == 33
    assert set(_outcomes(tables, "other").values()) == {None}
    assert _outcomes(tables, "small")["holders"] == 33


def test_revocations_count_people(tables: Tables) -> None:
    """Two awards of one person taken back are one."""
    _cohort(tables, tried=40, failed=0, went_on=0)
    tables.put("employments", employment("mine", "acme"))
    taken = {"valid_from": NOW - 36 * DAY, "revoked_at": NOW - DAY}
    for award_id in ("first", "second"):
        tables.put("awards", *(award(f"other-{n}", "a", "other", award_id=award_id, **taken) for n in range(10)))
    assert _outcomes(tables)["revocation_rate"] == 0.25


def test_a_stacks_certificate_is_counted_from_enrolment(tables: Tables) -> None:
    """Who enrolled has begun; completion is the stack's."""
    names = [f"w{number}" for number in range(20)]
    enrolled = [_record(name, "", NOW - 30 * DAY) | {"kind": "enrolment", "body": '{"stack_id":"s"}'} for name in names]
    tables.put("records", *enrolled)
    stack = {"stack_id": "s", "stack_version": "1", "title": "", "awards": "cert", "level": "", "document": "{}"}
    tables.put("catalog_stacks", stack | {"version": 1})
    tables.put("employments", *(employment(name, "other") for name in names), employment("mine", "acme"))
    done = [progress(name, "s", 1, "other", completed_at=NOW - 20 * DAY) for name in names[:10]]
    tables.put("progress", *done, *(progress(name, "s", 0.5, "other") for name in names[10:]))
    found = _outcomes(tables, achievement_id="cert")
    assert (found["began"], found["completion_rate"], found["median_days"]) == (20, 0.5, 10.0)
