"""Small cells: no figure about groups tells of fewer people than the minimum, whatever is filtered or subtracted.

The laws are held against the view itself, on the engine, with workforces that hypothesis makes up. The employer knows
each worker's progress by name and every total exactly: what it must not learn is who is in which group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.analytics import Row, Tables, employment, progress, worker_group

LEAST: Final = 10
NOISE: Final = 2
MEASURES: Final = ("started", "half", "complete")
WANTED: Final = {"started": 0.01, "half": 0.5, "complete": 1.0}
_employers = count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a group, and how far on the stack."""

    group: str
    share: float


people = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "not stated"]), st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(1, 30)
    ),
    min_size=1,
    max_size=14,
).map(lambda blocks: [Person(group, share) for group, share, size in blocks for _ in range(size)])


@pytest.fixture(scope="module")
def tables(shared_tables: Tables) -> Tables:
    """One database for all workforces, each of an employer of its own; its secret may be changed."""
    return shared_tables


def employ(tables: Tables, workforce: Sequence[Person], employer_id: str = "", stack_id: str = "it") -> str:
    """Write a workforce; gives back its employer."""
    employer = employer_id or f"employer-{next(_employers)}"
    tables.put("employments", *(employment(f"w{number}", employer) for number in range(len(workforce))))
    tables.put(
        "progress", *(progress(f"w{number}", stack_id, one.share, employer) for number, one in enumerate(workforce))
    )
    grouped = [
        worker_group(f"w{number}", one.group, employer_id=employer)
        for number, one in enumerate(workforce)
        if one.group != "not stated"
    ]
    tables.put("worker_groups", *(grouped or [worker_group("nobody", "a", employer_id=employer)]))
    return employer


def shown(tables: Tables, employer: str, where: str = "1", stack_id: str = "it") -> dict[str, Row]:
    """What the employer sees, by group."""
    sql = (
        "SELECT * FROM v_group_progress WHERE employer_id = {employer:String} AND stack_id = {stack:String}"  # noqa: S608
        f" AND ({where}) ORDER BY ALL"
    )
    found = tables.client.query(sql, parameters={"employer": employer, "stack": stack_id}).named_results()
    return {row["group_name"]: row for row in found}


def truth(workforce: Sequence[Person]) -> Mapping[str, Counter[str]]:
    """The bare counts, by measure and group."""
    return {"workers": Counter(one.group for one in workforce)} | {
        measure: Counter(one.group for one in workforce if one.share >= WANTED[measure]) for measure in MEASURES
    }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(workforce=people)
def test_no_figure_is_about_fewer_people_than_the_minimum(tables: Tables, workforce: list[Person]) -> None:
    """Neither those counted nor those left out of the count; and each is near the truth."""
    counts = truth(workforce)
    for group, row in shown(tables, employ(tables, workforce)).items():
        members = counts["workers"][group]
        for measure in ("workers", *MEASURES):
            figure = row[measure]
            if figure is None:
                continue
            exact = counts[measure][group]
            assert figure >= LEAST
            assert exact >= LEAST
            assert measure == "workers" or members - exact >= LEAST
            assert abs(figure - exact) <= NOISE


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(workforce=people)
def test_what_is_hidden_cannot_be_found_by_subtraction(tables: Tables, workforce: list[Person]) -> None:
    """What is left of a total, after all that is shown, is of two groups and of the minimum on either side."""
    counts = truth(workforce)
    rows = shown(tables, employ(tables, workforce))
    for measure in ("workers", *MEASURES):
        hidden = [group for group, row in rows.items() if row[measure] is None]
        if not hidden or len(hidden) == len(rows):
            continue
        inside = sum(counts[measure][group] for group in hidden)
        outside = sum(counts["workers"][group] for group in hidden) - inside
        assert len(hidden) >= 2
        assert inside >= LEAST
        assert measure == "workers" or outside >= LEAST


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    size=st.integers(150, 400),
    share=st.sampled_from([0.0, 0.01, 0.03, 0.5, 0.98, 1.0]),
)
def test_nearly_all_and_nearly_nobody_are_coded(tables: Tables, size: int, share: float) -> None:
    """A share below a twentieth reads as one, above nineteen as that; only of groups in which a twentieth is ten."""
    done = round(size * share)
    workforce = [Person(group, 1.0 if place < done else 0.0) for group in ("a", "b", "c") for place in range(size)]

    row = shown(tables, employ(tables, workforce))["a"]

    if done < size / 20 or done > size * 19 / 20:
        assert row["complete"] is None
        assert row["complete_share"] == (None if size < LEAST * 20 else 0.05 if share < 0.5 else 0.95)
    if row["complete_share"] is not None:
        assert 0.05 <= row["complete_share"] <= 0.95


FILTERS: Final = (
    "group_name = 'a'",
    "group_name != 'b'",
    "group_name IN ('c', 'd')",
    "hidden = ''",
    "hidden != ''",
    "workers > 20",
    "complete IS NULL",
    "dimension = 'gender' AND started > 12",
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(workforce=people)
def test_a_filter_only_leaves_out_rows(tables: Tables, workforce: list[Person]) -> None:
    """It changes no figure: nothing reaches beneath the hiding, whatever the engine pushes down."""
    employer = employ(tables, workforce)
    everything = shown(tables, employer)
    for condition in FILTERS:
        for group, row in shown(tables, employer, condition).items():
            assert row == everything[group], condition


def test_subtracting_two_stacks_does_not_tell_whose_group_one_is_in(tables: Tables) -> None:
    """Whichever group the one is in who is only on the first, what is seen could be seen with the one in the other."""
    rest = [Person("a", 1.0), Person("a", 0.25), Person("b", 1.0), Person("b", 0.25)] * 15
    seen = {}
    for group in ("a", "b"):
        employer = employ(tables, [*rest, Person(group, 1.0)])
        tables.put("progress", *(progress(f"w{n}", "law", one.share, employer) for n, one in enumerate(rest)))
        seen[group] = set(_differences(tables, employer))

    assert len(seen["a"] & seen["b"]) >= 3


def test_a_change_moves_every_figure_so_that_none_gives_it_away(tables: Tables) -> None:
    """When one person moves on, the groups that the person is not in are drawn anew as well."""
    workforce = [Person(group, share) for group in ("a", "b", "c") for share in (0.25, 1.0) for _ in range(20)]
    moved = set()
    for _ in range(12):
        employer = employ(tables, workforce)
        before = shown(tables, employer)
        tables.put("progress", progress("w0", "it", 1.0, employer))
        after = shown(tables, employer)
        moved |= {group for group in ("b", "c") if before[group]["complete"] != after[group]["complete"]}

    assert moved == {"b", "c"}


def test_the_minimum_can_be_raised_and_not_put_out_of_force(tables: Tables) -> None:
    """A configured minimum is kept to; one below three is taken as three."""
    employer = employ(tables, [Person(group, share) for group in "abc" for share in (0.0, 1.0) for _ in range(15)])
    assert shown(tables, employer)["a"]["workers"] is not None
    version = count(10)
    try:
        _set(tables, "minimum_cell", 50, next(version))
        assert {row["workers"] for row in shown(tables, employer).values()} == {None}
        _set(tables, "minimum_cell", 0, next(version))
        assert {row["minimum"] for row in shown(tables, employer).values()} == {3}
    finally:
        _set(tables, "minimum_cell", LEAST, next(version))


def test_nobody_s_group_can_be_selected(tables: Tables) -> None:
    """No published view has a group beside a person; one has groups, and one what they are by."""
    columns = tables.client.query(
        "SELECT table, name FROM system.columns WHERE database = currentDatabase() AND startsWith(table, 'v_')"
    ).result_rows
    of_groups = {table for table, name in columns if name in {"group_name", "dimension"}}

    assert of_groups == {"v_group_progress", "v_group_dimensions"}
    assert not {name for table, name in columns if table in of_groups} & {"worker_id", "person", "pair", "award_id"}


def _differences(tables: Tables, employer: str) -> Iterator[tuple[int, int]]:
    """What the two stacks differ by in either group, under many secrets."""
    try:
        for secret in range(60):
            _set(tables, "secret", secret * 7919 + 1, 100 + secret)
            more, fewer = shown(tables, employer), shown(tables, employer, stack_id="law")
            yield tuple(more[group]["complete"] - fewer[group]["complete"] for group in ("a", "b"))
    finally:
        tables.client.command("ALTER TABLE privacy DELETE WHERE name = 'secret' AND version >= 100")


def _set(tables: Tables, name: str, value: int, version: int) -> None:
    row: dict[str, Any] = {"name": name, "value": value, "version": version}
    tables.put("privacy", row)
