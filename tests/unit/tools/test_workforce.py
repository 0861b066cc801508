"""What an employer tells of its workers: read whole or not at all."""

from __future__ import annotations

import pytest

from services.runtime.errors import Rejected
from services.tools.workforce import Expected, Told, group_rows, read_expectations, read_workers, role_rows


def test_teams_roles_and_groups_are_read_by_name() -> None:
    """In any order, with any of the usual separators; an empty cell takes back."""
    lines = ["\ufeffGroup:Age;worker_id;Team;Role\n", "50+;w1;Data;Analyst\n", "\n", ";w2;;\n"]

    assert read_workers(lines) == (
        Told("w1", "Data", "Analyst", {"age": "50+"}),
        Told("w2", "", "", {"age": None}),
    )


def test_what_a_file_does_not_say_stays_as_it_was() -> None:
    """Without a column team or role there are no rows of them; without group: none of those."""
    only_groups = read_workers(["worker_id,group:age\n", "w1,50+\n"])
    only_teams = read_workers(["worker_id,team\n", "w1,Data\n"])

    assert role_rows("acme", only_groups, 7) == []
    assert group_rows("acme", only_groups, 7) == [("acme", "w1", "age", "50+", 7, 0)]
    assert role_rows("acme", only_teams, 7) == [("acme", "w1", "Data", "", 7, 0)]
    assert group_rows("acme", only_teams, 7) == []


def test_what_is_taken_back_is_deleted() -> None:
    """A worker without team and role, and a group that is left empty."""
    told = read_workers(["worker_id,team,role,group:age\n", "w1,,,\n"])

    assert role_rows("acme", told, 7) == [("acme", "w1", "", "", 7, 1)]
    assert group_rows("acme", told, 7) == [("acme", "w1", "age", "", 7, 1)]


@pytest.mark.parametrize(
    "lines, said",
    [
        (["worker_id,salary\n", "w1,1\n"], "salary is not known"),
        (["team\n", "Data\n"], "worker_id is needed"),
        (["worker_id,group:\n", "w1,x\n"], "needs a name"),
        (["worker_id,team\n", ",Data\n"], "line 2: worker_id is empty"),
        (["worker_id,team\n", "w1,a\n", "w1,b\n"], "w1 is there more than once"),
        (["worker_id,group:age\n", "w1,not stated\n"], "leave a group empty"),
        (["worker_id,team\n", f"w1,{'x' * 201}\n"], "team is too long"),
        ([], "worker_id is needed"),
    ],
)
def test_a_file_with_a_fault_means_nothing(lines: list[str], said: str) -> None:
    """And each fault is named at its line."""
    with pytest.raises(Rejected, match=said):
        read_workers(lines)


def test_expectations_are_pairs_of_role_and_skill() -> None:
    """Each once; both are needed."""
    assert read_expectations(["skill,role\n", "sql,Analyst\n", "sql,Analyst\n"]) == (Expected("Analyst", "sql"),)
    with pytest.raises(Rejected, match="both needed"):
        read_expectations(["role,skill\n", "Analyst,\n"])
    with pytest.raises(Rejected, match="columns are"):
        read_expectations(["role\n", "Analyst\n"])
