"""The views that count: what is held, how far, which steps, which skills; over narrow tables that follow wide ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.builders.analytics import (
    DAY,
    NOW,
    Row,
    Tables,
    award,
    employment,
    missing_part,
    progress,
    role_skill,
    worker_role,
)


def rows(tables: Tables, view: str, columns: str = "*", employer_id: str = "acme") -> list[tuple[Any, ...]]:
    """What an employer sees in a view, ordered."""
    sql = f"SELECT {columns} FROM {view} WHERE employer_id = {{employer_id:String}} ORDER BY ALL"  # noqa: S608
    return [tuple(row) for row in tables.client.query(sql, parameters={"employer_id": employer_id}).result_rows]


def one_short(worker_id: str, stack_id: str, step: str, **members: Any) -> Row:
    """Progress with one award wanting."""
    return progress(
        worker_id,
        stack_id,
        0.75,
        missing=json.dumps([{**missing_part("x"), "path": "/all/3"}]),
        next_steps=[step],
        awards_to_finish=1,
        finish_with=[step, "instead"],
        **members,
    )


def test_the_narrow_tables_follow_the_wide_ones(tables: Tables) -> None:
    """Newest versions, deletions and repeats come through as they are, whatever order they are written in."""
    tables.put("employments", employment("ann"), employment("ben"))
    old, new = award("ann", "a", award_id="1", trust=1), award("ann", "a", award_id="1", trust=3)
    for row in (new, old, new):
        tables.put("awards", row)
    gone = award("ben", "a", award_id="2")
    tables.put("awards", gone)
    tables.put("awards", award("ben", "a", award_id="2", is_deleted=1))
    tables.put("progress", progress("ann", "it", 0.25), progress("ann", "it", 0.5))

    assert rows(tables, "v_held", "worker_id, achievement_id, trust") == [("ann", "a", 3)]
    assert rows(tables, "v_standing", "worker_id, progress") == [("ann", 0.5)]


@pytest.mark.parametrize("view", ["v_held", "v_standing", "v_people", "v_worker_skills", "v_steps", "v_one_step_short"])
def test_who_has_left_is_in_no_view_of_people(tables: Tables, view: str) -> None:
    """From the instant an employment ends, before anything else is written."""
    tables.put("employments", employment("ann"), employment("ben"))
    for worker in ("ann", "ben"):
        tables.put("awards", award(worker, "a", award_id=worker, skills=["sql"]))
        used = json.dumps({f"issuer/{worker}": "/all/0"})
        tables.put("progress", one_short(worker, "it", "b", allocation=used))

    assert rows(tables, view, "worker_id") == [("ann",), ("ben",)]

    tables.put("employments", employment("ben", ended_at=NOW - DAY))

    assert rows(tables, view, "worker_id") == [("ann",)]


def test_the_funnel_keeps_whoever_has_completed_once(tables: Tables) -> None:
    """A lapsed worker has been through every step."""
    tables.put("employments", *(employment(worker) for worker in "abcde"))
    tables.put(
        "progress",
        progress("a", "it", 0),
        progress("b", "it", 0.25),
        progress("d", "it", 1),
        progress("e", "it", 0.5, status="lapsed"),
    )
    tables.put("progress", one_short("c", "it", "z"))

    assert rows(tables, "v_funnel", "stack_id, enrolled, first, half, one_short, stack") == [("it", 5, 4, 3, 1, 2)]


def test_one_step_short_is_one_award_whatever_rules_it_serves(tables: Tables) -> None:
    """As the engine tells it, or, of rows from before it did, where one award is missing; the last day is told."""
    tables.put("employments", *(employment(worker) for worker in "abc"))
    tables.put("awards", award("a", "x", valid_from=NOW - 5 * DAY), award("a", "y", valid_from=NOW - 200 * DAY))
    two_units = [{**missing_part("x"), "gap": 2.0}]
    tables.put(
        "progress",
        progress("b", "it", 0.5, reasons=["one", "two"]),
        progress("c", "it", 0.5, missing=json.dumps(two_units)),
    )
    tables.put("progress", one_short("a", "it", "last"))

    assert rows(tables, "v_one_step_short", "worker_id, rule_path, finish_with, newest_at") == [
        ("a", "/all/3", ["last", "instead"], NOW - 5 * DAY)
    ]
    assert rows(tables, "v_finishing_steps", "achievement_id, stack_id, workers, worker_ids") == [
        ("instead", "it", 1, ["a"]),
        ("last", "it", 1, ["a"]),
    ]


def test_nodes_say_for_how_many_a_rule_is_met_or_missing(tables: Tables) -> None:
    """Met by an award that serves it; an award that serves a rule is in the steps with its day."""
    tables.put("employments", employment("ann"), employment("ben"))
    tables.put("awards", award("ann", "x", award_id="1", valid_from=NOW - 7 * DAY))
    tables.put("progress", one_short("ann", "it", "b", allocation='{"issuer/1": "/all/0"}'))
    tables.put("progress", progress("ben", "it", 1))

    assert rows(tables, "v_stack_nodes", "rule_path, missing, served, workers") == [
        ("/all/0", 0, 1, 2),
        ("/all/3", 1, 0, 2),
    ]
    assert rows(tables, "v_steps", "worker_id, rule_path, earned_at") == [("ann", "/all/0", NOW - 7 * DAY)]


def test_skills_count_people_by_team_and_tell_checked_from_claimed(tables: Tables) -> None:
    """Once a person and skill; an expert has two that were checked; expired ones do not count."""
    tables.put("employments", *(employment(worker) for worker in "abc"))
    tables.put("worker_roles", worker_role("a", "data", "analyst"), worker_role("b", "data", "analyst"))
    tables.put("role_skills", role_skill("analyst", "sql"), role_skill("analyst", "law"))
    tables.put(
        "awards",
        award("a", "one", skills=["sql"], trust=2),
        award("a", "two", skills=["sql"], trust=3),
        award("b", "one", skills=["sql"], trust=1),
        award("b", "old", skills=["law"], valid_until=NOW - DAY),
        award("c", "one", skills=["sql"], trust=2),
    )

    assert rows(tables, "v_team_skills", "team, skill, holders, verified, experts") == [
        ("", "sql", 1, 1, 0),
        ("data", "sql", 2, 1, 1),
    ]
    assert rows(tables, "v_role_gaps", "role, skill, workers, holders, verified") == [
        ("analyst", "law", 2, 0, 0),
        ("analyst", "sql", 2, 2, 1),
    ]
    assert rows(tables, "v_worker_skills", "worker_id, achievements, verified, is_expert") == [
        ("a", 2, 2, 1),
        ("b", 1, 0, 0),
        ("c", 1, 1, 0),
    ]


def test_sources_are_told_with_what_they_sent_and_how_long_it_took(tables: Tables) -> None:
    """Statements about one's own workers are counted once, however often they are written."""
    tables.put("employments", employment("ann"))
    row = award("ann", "a", source="lms")
    for _ in range(3):
        tables.put("awards", row | {"version": row["version"] + 1})
    record = {
        "record_id": "00000000-0000-0000-0000-000000000001",
        "worker_id": "ann",
        "kind": "award",
        "occurred_at": NOW,
        "received_at": NOW,
        "source": "lms",
        "version": 1,
    }
    tables.put("records", record)

    (found,) = rows(
        tables, "v_source_health", "source, awards, statements_24h, end_to_end_p95_seconds >= 0, record_latest"
    )
    assert found == ("lms", 1, 1, True, NOW)


def test_teams_of_another_employer_are_not_told(tables: Tables) -> None:
    """Who works for two employers has a team with each."""
    tables.put("employments", employment("ann"), employment("ann", "other"))
    tables.put("worker_roles", worker_role("ann", "secret", "spy", "other"))

    assert rows(tables, "v_people", "worker_id, team, role") == [("ann", "", "")]
    assert rows(tables, "v_people", "worker_id, team, role", "other") == [("ann", "secret", "spy")]
