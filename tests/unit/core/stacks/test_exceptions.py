"""What a registrar may decide for one worker about one rule."""

from __future__ import annotations

from typing import Any

from schemas.progress import Progress
from services.core.facts import Excepted, Held
from services.core.stacks import CompiledCatalog, evaluate, progress_of
from tests.builders.records import day
from tests.builders.stacks import catalog, facts, held, stack

RULE = {
    "all": [
        {"name": "core", "award": "a", "min_grade": "B"},
        {"name": "electives", "count": {"min": 2, "from": ["x", "y"]}},
    ]
}


def _decision(
    type_: Any, rule: str | None, achievement: str | None = None, least: float | None = None, on: float = 0
) -> Excepted:
    return Excepted("s", type_, rule, achievement, least, "Registrar", "for a reason", day(on))


def _judged(compiled: CompiledCatalog, decisions: list[Excepted], *awards: Held) -> Progress:
    worker = facts(*awards, exceptions=tuple(decisions))
    return progress_of(evaluate(compiled.stack("s"), worker, day(0), compiled), "w")


ELECTIVES = (held("x"), held("y"))


def test_a_waived_rule_is_met() -> None:
    """By name or by path; a decision dated ahead does not hold yet, and its day is announced."""
    compiled = catalog(stack(RULE))
    assert _judged(compiled, [_decision("waive", "core")], *ELECTIVES).complete
    assert _judged(compiled, [_decision("waive", "/all/0")], *ELECTIVES).complete
    ahead = _judged(compiled, [_decision("waive", "core", on=3)], *ELECTIVES)
    assert (ahead.complete, ahead.next_change_at) == (False, day(3))


def test_who_decided_what_and_why_is_in_the_result() -> None:
    """What is in force, oldest first, whether or not it changed anything."""
    decided = [_decision("change_min", "electives", least=1), _decision("waive", "nowhere", on=-2)]
    found = _judged(catalog(stack(RULE)), [*decided, _decision("waive", "core", on=3)], *ELECTIVES).exceptions
    assert [(one.type, one.rule, one.min, one.by, one.why, one.decided_at) for one in found] == [
        ("waive", "nowhere", None, "Registrar", "for a reason", day(-2)),
        ("change_min", "electives", 1, "Registrar", "for a reason", day(0)),
    ]
    assert _judged(catalog(stack(RULE)), []).exceptions == ()


def test_waiving_the_whole_stack_completes_it() -> None:
    """A decision that names no rule is about the stack."""
    assert _judged(catalog(stack(RULE)), [_decision("waive", None)]).complete


def test_a_substitute_counts_as_though_it_were_what_the_rule_asks() -> None:
    """Without the grade that the rule asks for; another award would still need it."""
    compiled = catalog(stack(RULE))
    decision = _decision("substitute", "core", "z")
    assert _judged(compiled, [decision], held("z"), *ELECTIVES).complete
    assert not _judged(compiled, [decision], held("a", grade="C"), *ELECTIVES).complete


def test_an_achievement_allowed_besides_must_still_pass_the_filter() -> None:
    """It is let in, not excused."""
    compiled = catalog(stack(RULE))
    decision = _decision("also_allow", "core", "z")
    assert not _judged(compiled, [decision], held("z", grade="C"), *ELECTIVES).complete
    assert _judged(compiled, [decision], held("z", grade="B"), *ELECTIVES).complete
    assert _judged(
        compiled, [_decision("also_allow", "electives", "z")], held("a", grade="A"), held("x"), held("z")
    ).complete


def test_an_award_applied_here_counts_here_and_nowhere_else() -> None:
    """It is taken from the rule that it would have served."""
    compiled = catalog(stack(RULE))
    found = _judged(compiled, [_decision("apply_here", "core", "x")], *ELECTIVES)
    assert found.allocation == {"acme/x-1": "/all/0", "acme/y-1": "/all/1"}
    assert [part.path for part in found.missing] == ["/all/1"]


def test_a_minimum_may_be_changed() -> None:
    """Of a count, a sum and a choice."""
    assert _judged(
        catalog(stack(RULE)), [_decision("change_min", "electives", least=1)], held("a", grade="A"), held("x")
    ).complete
    summed = catalog(stack({"name": "credits", "sum": {"min": 6, "from": "x"}}))
    assert _judged(
        summed, [_decision("change_min", "credits", least=3)], held("x", credits=3.0, unit="semester_hour")
    ).complete
    chosen = catalog(stack({"name": "two", "n_of": {"n": 2, "of": [{"award": "x"}, {"award": "y"}]}}))
    assert _judged(chosen, [_decision("change_min", "two", least=1)], held("x")).complete


def test_a_blocked_achievement_does_not_count() -> None:
    """In the rule named, or anywhere in the stack."""
    compiled = catalog(stack(RULE))
    awards = (held("a", grade="A"), *ELECTIVES)
    assert _judged(compiled, [], *awards).complete
    assert not _judged(compiled, [_decision("block", "electives", "x")], *awards).complete
    assert not _judged(compiled, [_decision("block", None, "a")], *awards).complete


def test_a_decision_about_no_rule_that_is_there_changes_nothing() -> None:
    """It is kept with the evaluation, so that it can be shown."""
    compiled = catalog(stack(RULE))
    decision = _decision("waive", "nothing of that name")
    worker = facts(*ELECTIVES, exceptions=(decision,))
    found = evaluate(compiled.stack("s"), worker, day(0), compiled)
    assert (found.complete, found.exceptions) == (False, (decision,))
