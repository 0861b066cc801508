"""The published views: documented, filtered at the primary key, and right about who and what is current."""

from __future__ import annotations

import re
from typing import Any

import pytest

from deploy.clickhouse.migrations import FOLDER, load, migrate, statements_of
from schemas.views import published
from tests.builders.analytics import DAY, NOW, Row, Tables, achievement_name, award, employment, progress, stack_title

MIGRATIONS = "".join(path.read_text() for path in sorted(FOLDER.glob("*.up.sql")))
VIEWS = sorted(set(re.findall(r"CREATE VIEW IF NOT EXISTS (v_\w+)", MIGRATIONS)))
OF_A_TENANT = {
    "awards",
    "progress",
    "progress_history",
    "employments",
    "held",
    "standing",
    "worker_roles",
    "worker_groups",
    "role_skills",
    "statements_daily",
}


def rows(tables: Tables, view: str, employer_id: str = "acme", columns: str = "*") -> list[Row]:
    """What an employer sees in a view."""
    answer = tables.client.query(
        f"SELECT {columns} FROM {view} WHERE employer_id = {{employer_id:String}} ORDER BY ALL",  # noqa: S608
        parameters={"employer_id": employer_id},
    )
    return list(answer.named_results())


def test_views_are_documented_and_begin_with_the_tenant(tables: Tables) -> None:
    """Every view says what it shows, every column what it means, and the first one is employer_id."""
    columns = tables.client.query(
        "SELECT table, position, name, comment FROM system.columns WHERE database = currentDatabase()"
        " AND startsWith(table, 'v_')"
    ).result_rows
    comments = tables.client.query(
        "SELECT name, comment FROM system.tables WHERE database = currentDatabase() AND engine = 'View'"
    ).result_rows

    assert sorted({table for table, *_ in columns}) == VIEWS
    assert [name for _, position, name, _ in columns if position == 1] == ["employer_id"] * len(VIEWS)
    assert [(table, name) for table, _, name, comment in columns if not comment] == []
    assert [name for name, comment in comments if not comment] == []


def test_the_engine_has_the_views_that_are_published(tables: Tables) -> None:
    """Column by column, in order, with the types that the contract says."""
    columns = tables.client.query(
        "SELECT table, name, type FROM system.columns WHERE database = currentDatabase() AND startsWith(table, 'v_')"
        " ORDER BY table, position"
    ).result_rows

    assert [tuple(row) for row in columns] == [
        (name, one.name, one.type) for name, view in sorted(published().items()) for one in view.columns
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_the_tenant_reaches_every_primary_key(two_employers: Tables, view: str) -> None:
    """A filter on the employer is an index condition of every tenant's table that the view reads, joins included."""
    plan = "\n".join(
        line
        for (line,) in two_employers.client.query(
            f"EXPLAIN indexes = 1 SELECT * FROM {view} WHERE employer_id = 'acme'"  # noqa: S608
        ).result_rows
    )
    reads = re.findall(r"ReadFromMergeTree \(\w+\.(\w+)\)(.*?)(?=ReadFrom|\Z)", plan, re.DOTALL)

    assert reads
    assert [
        table for table, how in reads if table in OF_A_TENANT and "employer_id in ['acme', 'acme']" not in how
    ] == []


def test_only_current_workers_are_shown(tables: Tables) -> None:
    """Neither who has left, nor who has not begun, nor whose record was withdrawn; who came back is shown once."""
    tables.put(
        "employments",
        employment("now"),
        employment("left", ended_at=NOW - DAY),
        employment("later", started_at=NOW + DAY),
        employment("leaving", ended_at=NOW + DAY),
        employment("back", started_at=NOW - 900 * DAY, ended_at=NOW - 800 * DAY),
        employment("back", started_at=NOW - 100 * DAY),
        employment("withdrawn"),
        employment("elsewhere", "other"),
    )
    tables.put("employments", employment("withdrawn", is_deleted=1))
    people = ("now", "left", "later", "leaving", "back", "withdrawn", "elsewhere")
    tables.put("awards", *(award(worker, "a+") for worker in people))
    tables.put("progress", *(progress(worker, "it", 0.5) for worker in people))

    current = ["back", "leaving", "now"]
    assert [row["worker_id"] for row in rows(tables, "v_workers")] == current
    assert [row["worker_id"] for row in rows(tables, "v_awards", columns="worker_id")] == current
    assert [row["worker_id"] for row in rows(tables, "v_progress", columns="worker_id")] == current
    assert [row["workers"] for row in rows(tables, "v_stack_summary")] == [3]


def test_the_newest_version_of_a_row_counts_once(tables: Tables) -> None:
    """Rows written again and rows overtaken change no count, merged or not."""
    tables.put("employments", employment("ann"))
    old, new = progress("ann", "it", 0.25), progress("ann", "it", 0.75)
    for row in (new, old, new):
        tables.put("progress", row)
    tables.put("awards", award("ann", "a+", version=2))
    tables.put("awards", award("ann", "a+", version=1, revoked_at=NOW - DAY))

    assert [row["progress"] for row in rows(tables, "v_progress")] == [0.75]
    assert [row["status"] for row in rows(tables, "v_awards")] == ["active"]
    assert [row["awards"] for row in rows(tables, "v_sources")] == [1]


def test_an_award_s_status_is_told_for_this_instant(tables: Tables) -> None:
    """Revoked goes before expired, and a date to come changes nothing yet."""
    tables.put("employments", employment("ann"))
    tables.put(
        "awards",
        award("ann", "active", valid_until=NOW + DAY, revoked_at=NOW + DAY),
        award("ann", "expired", valid_until=NOW - DAY),
        award("ann", "revoked", valid_until=NOW - DAY, revoked_at=NOW - 2 * DAY),
        award("ann", "later", valid_from=NOW + DAY),
    )

    statuses = {row["achievement_id"]: row["status"] for row in rows(tables, "v_awards")}

    assert statuses == {"active": "active", "expired": "expired", "revoked": "revoked", "later": "not_yet_valid"}


def test_names_come_from_the_catalog_then_the_record_then_the_id(tables: Tables) -> None:
    """Achievements, stacks and next steps are called what the catalog calls them."""
    tables.put("employments", employment("ann"))
    tables.put("catalog_achievements", achievement_name("a", "Alpha"))
    tables.put("catalog_stacks", stack_title("it", "IT Support"))
    tables.put(
        "awards",
        award("ann", "a", achievement_name="said"),
        award("ann", "b", achievement_name="Beta"),
        award("ann", "c"),
    )
    tables.put("progress", progress("ann", "it", 0.5, next_steps=["a", "z"]), progress("ann", "other", 0.5))

    assert [row["achievement_name"] for row in rows(tables, "v_awards")] == ["Alpha", "Beta", "c"]
    assert [(row["stack_title"], row["next_step_names"]) for row in rows(tables, "v_progress")] == [
        ("IT Support", ["Alpha", "z"]),
        ("other", []),
    ]


def test_a_renewed_achievement_does_not_expire(tables: Tables) -> None:
    """What counts is the last award in force: a renewal moves the end, one without end removes it."""
    tables.put("employments", employment("ann"))
    tables.put(
        "awards",
        award("ann", "once", award_id="1", valid_until=NOW + 5 * DAY),
        award("ann", "renewed", award_id="2", valid_until=NOW + 5 * DAY),
        award("ann", "renewed", award_id="3", valid_until=NOW + 300 * DAY),
        award("ann", "endless", award_id="4", valid_until=NOW + 5 * DAY),
        award("ann", "endless", award_id="5"),
        award("ann", "revoked", award_id="6", valid_until=NOW + 5 * DAY, revoked_at=NOW - DAY),
    )

    found = [(row["achievement_id"], row["award_id"], row["expires_at"]) for row in rows(tables, "v_expiring")]

    assert found == [("once", "1", NOW + 5 * DAY), ("renewed", "3", NOW + 300 * DAY)]


def test_completions_are_counted_once_a_worker_and_day(tables: Tables) -> None:
    """Two attempts at one achievement on one day are one completion; revoked ones are none."""
    tables.put("employments", employment("ann"), employment("ben"))
    tables.put(
        "awards",
        award("ann", "a", award_id="1", valid_from=NOW - DAY),
        award("ann", "a", award_id="2", valid_from=NOW - DAY),
        award("ben", "a", award_id="3", valid_from=NOW - DAY),
        award("ben", "b", award_id="4", valid_from=NOW - DAY, revoked_at=NOW),
    )
    tables.put("progress", progress("ann", "it", 1, completed_at=NOW - DAY), progress("ben", "it", 0.5))

    assert rows(tables, "v_completions_daily") == [
        {"employer_id": "acme", "day": (NOW - DAY).date(), "achievements": 2, "stacks": 1}
    ]


@pytest.mark.parametrize("table", ["awards", "progress", "employments"])
def test_any_new_row_changes_the_pulse(two_employers: Tables, table: str) -> None:
    """Also one whose version is lower than others', as partitions count apart; another employer's row does not."""
    low: dict[str, Any] = {"version": 1}
    new: dict[str, Row] = {
        "awards": award("ann", "new", **low),
        "progress": progress("ann", "new", 0.5, **low),
        "employments": employment("new", **low),
    }
    before = rows(two_employers, "v_pulse"), rows(two_employers, "v_pulse", "other")

    two_employers.put(table, new[table])

    assert rows(two_employers, "v_pulse") != before[0]
    assert rows(two_employers, "v_pulse", "other") == before[1]


def test_the_way_back_leaves_no_view(database: tuple[str, str], tables: Tables) -> None:
    """Going back one migration and forward again is possible."""
    migrate(*database, target=2)

    assert tables.client.query(r"SHOW TABLES LIKE 'v\\_%'").result_rows == []

    migrate(*database)

    assert len(tables.client.query(r"SHOW TABLES LIKE 'v\\_%'").result_rows) == len(VIEWS)


def test_no_view_reads_a_mutable_column_before_final() -> None:
    """PREWHERE would choose among superseded rows."""
    views = next(migration for migration in load() if migration.name == "views")

    assert [statement for statement in statements_of(views.up) if "PREWHERE" in re.sub(r"--.*", "", statement)] == []
