"""What to take next: every term of it, for a worker and for an employer."""

from __future__ import annotations

from typing import Any

from services.core.facts import Enrolled
from services.core.guidance import advice
from services.core.guidance.employer import Plan, best_sellers, plans, purchases
from tests.builders.records import day
from tests.builders.stacks import catalog, facts, held, stack

ACHIEVEMENTS: list[dict[str, Any]] = [
    {"id": "a", "hours": 20, "skills": ["sql"]},
    {"id": "b", "hours": 20, "skills": ["python"], "cost": {"value": 100, "currency": "USD"}, "issuer": "school"},
    {"id": "c", "hours": 200, "skills": ["python"]},
    {"id": "d"},
    {"id": "cert"},
]
COMPILED = catalog(
    stack({"all": [{"award": "a"}, {"award": "b"}]}, "low", awards="cert"),
    stack({"all": [{"award": "cert"}, {"award": "c"}, {"award": "d"}]}, "high"),
    achievements=ACHIEVEMENTS,
    issuers=[{"id": "school", "accreditation": ["board"]}],
)


def test_each_term_of_an_advice_is_shown() -> None:
    """What it completes and unlocks, where else it counts, hours, cost, skills that are lacked, who issues it."""
    found = advice(facts(held("a")), day(0), COMPILED)
    best = found[0]
    assert best.achievement == "b"
    assert [(one.stack_id, one.before, one.after, one.completes, one.unlocks) for one in best.gains] == [
        ("low", 0.5, 1.0, True, ("",)),
    ]
    assert (best.completes, best.gain, best.hours, best.weeks, best.skills) == (("low",), 0.5, 20, 2.0, ("python",))
    assert (best.cost, best.issuer, best.is_accredited) == ({"value": 100, "currency": "USD"}, "school", True)


def test_what_finishes_a_lower_stack_also_counts_in_the_higher() -> None:
    """The last part of the certificate moves both stacks, and the certificate itself is not what one takes."""
    found = advice(facts(held("a"), held("d")), day(0), COMPILED)
    assert [one.achievement for one in found] == ["b", "c"]
    assert [gain.stack_id for gain in found[0].gains] == ["high", "low"]
    assert found[0].higher == ("high",)
    assert found[0].score > found[1].score


def test_advice_is_for_the_stacks_that_were_begun_or_asked_about() -> None:
    """Who has set out on one stack is advised on that; who has begun nothing, on all."""
    enrolled = facts(enrolments=(Enrolled("low", None, day(-1)),))
    assert [one.achievement for one in advice(enrolled, day(0), COMPILED)] == ["a", "b"]
    assert {one.achievement for one in advice(facts(), day(0), COMPILED)} == {"a", "b", "c", "d"}
    asked = advice(facts(held("a")), day(0), COMPILED, [COMPILED.stack("high")])
    assert [one.achievement for one in asked] == ["b", "d", "c"]


def test_nothing_is_advised_that_moves_nothing() -> None:
    """A later rule of a sequence waits for the first; a complete worker needs nothing."""
    compiled = catalog(stack({"seq": [{"all": [{"award": "a"}, {"award": "b"}]}, {"award": "exam"}]}))
    assert [one.achievement for one in advice(facts(held("a")), day(0), compiled)] == ["b"]
    assert advice(facts(held("x")), day(0), catalog(stack({"award": "x"}))) == []


def test_an_equivalent_is_advised_too() -> None:
    """What stands for the wanted achievement brings as much."""
    compiled = catalog(
        stack({"award": "t"}),
        achievements=[{"id": "t"}, {"id": "cert"}],
        equivalences=[{"from": "cert", "to": [{"achievement": "t"}]}],
    )
    assert {one.achievement for one in advice(facts(), day(0), compiled)} == {"t", "cert"}


PEOPLE = {"near": facts(held("a")), "far": facts(held("d")), "done": facts(held("a"), held("b"))}


def test_an_employer_sees_the_shortest_ways_to_finish() -> None:
    """For each worker and unfinished stack, the awards that finish it."""
    found = plans(PEOPLE, day(0), COMPILED)
    assert [(one.worker_id, one.stack_id, one.achievements) for one in found] == [
        ("near", "low", ("b",)),
        ("done", "high", ("c", "d")),
        ("far", "high", ("c", "a", "b")),
    ]
    assert best_sellers(found) == [("b", ("near",))]


def test_a_budget_buys_the_cheapest_ways_first() -> None:
    """What is bought for one stack makes the worker's next one cheaper."""
    ways = [
        Plan("w", "one", 0.5, ("a",)),
        Plan("v", "two", 0.2, ("a", "b")),
        Plan("w", "three", 0.1, ("a", "b", "c")),
        Plan("u", "four", 0.0, ("a", "b", "c", "d")),
    ]
    assert [(one.plan.stack_id, one.awards) for one in purchases(ways, 5)] == [
        ("one", ("a",)),
        ("two", ("a", "b")),
        ("three", ("b", "c")),
    ]
    assert purchases(ways, 0) == []
