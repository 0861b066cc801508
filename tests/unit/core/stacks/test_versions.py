"""Which version of a stack holds for whom."""

from __future__ import annotations

from typing import Any

from schemas.progress import Progress
from services.core.facts import Enrolled, Held
from services.core.stacks import CompiledCatalog, evaluate, progress_of
from tests.builders.records import day
from tests.builders.stacks import catalog, facts, held, stack


def _catalog(catalog_rule: str) -> CompiledCatalog:
    """Version 1 asks for a, version 2 (from 11 June 2025, day 10, on) for b."""
    versions: list[dict[str, Any]] = [
        stack({"award": "a"}, version="1", effective={"to": "2025-06-10"}, catalog_rule=catalog_rule),
        stack({"award": "b"}, version="2", effective={"from": "2025-06-11"}, catalog_rule=catalog_rule),
    ]
    return catalog(*versions)


def _judged(compiled: CompiledCatalog, at: float, *awards: Held, enrolled: Enrolled | None = None) -> Progress:
    worker = facts(*awards, enrolments=() if enrolled is None else (enrolled,))
    return progress_of(evaluate(compiled.stack("s"), worker, day(at), compiled), "w")


def test_at_award_the_version_in_force_now_holds() -> None:
    """And the day that another comes into force is announced."""
    compiled = _catalog("at_award")
    before = _judged(compiled, 9.9, held("a"))
    assert (before.stack_version, before.complete, before.next_change_at) == ("1", True, day(10))
    after = _judged(compiled, 10, held("a"))
    assert (after.stack_version, after.complete) == ("2", False)


def test_at_start_the_version_of_the_enrolment_holds() -> None:
    """By its day, or by the version that it names; without an enrolment the one in force now."""
    compiled = _catalog("at_start")
    assert _judged(compiled, 20, held("a"), enrolled=Enrolled("s", None, day(5))).complete
    assert not _judged(compiled, 20, held("a"), enrolled=Enrolled("s", None, day(15))).complete
    assert _judged(compiled, 20, held("a"), enrolled=Enrolled("s", "1", day(15))).stack_version == "1"
    assert _judged(compiled, 20, held("a")).stack_version == "2"


def test_best_of_takes_the_version_that_serves_best() -> None:
    """Of those in force since the worker began."""
    compiled = _catalog("best_of")
    assert _judged(compiled, 20, held("a")).stack_version == "1"
    assert _judged(compiled, 20, held("b", on=12)).stack_version == "2"
    assert not _judged(compiled, 20, held("a"), enrolled=Enrolled("s", None, day(15))).complete


def test_a_nested_stack_may_name_its_version() -> None:
    """Whatever is in force."""
    compiled = catalog(
        stack({"stack": {"id": "inner", "version": "1"}}),
        stack({"award": "a"}, "inner", version="1"),
        stack({"award": "b"}, "inner", version="2"),
    )
    assert _judged(compiled, 0, held("a")).complete
    assert not _judged(compiled, 0, held("b")).complete


def test_modifiers_beside_a_nested_stack_hold_within_it() -> None:
    """Unless a rule in there says otherwise; on its own the stack is as it was."""
    compiled = catalog(
        stack({"stack": "inner", "active": True}),
        stack({"all": [{"award": "a"}, {"award": "b", "active": False}]}, "inner"),
    )
    ended = (held("a", on=-9, until=-1), held("b", on=-9, until=-1))
    worker = facts(*ended)
    assert progress_of(evaluate(compiled.stack("inner"), worker, day(0), compiled), "w").complete
    assert _judged(compiled, 0, *ended).progress == 0.5


def test_what_was_earned_once_under_an_earlier_version_stays() -> None:
    """Whoever was complete while it was in force; one that follows its parts has lapsed with its version."""
    for status, standing in (("earned_once", ("1", "complete")), ("derived_from_parts", ("2", "lapsed"))):
        compiled = catalog(
            stack({"award": "a"}, version="1", effective={"to": "2025-06-10"}, status=status),
            stack({"award": "b"}, version="2", effective={"from": "2025-06-11"}, status=status),
        )
        in_time = _judged(compiled, 20, held("a", on=5))
        assert (in_time.stack_version, in_time.status) == standing
        assert _judged(compiled, 20, held("a", on=15)).status == "not_started"


def test_a_stack_earned_once_may_be_asked_to_have_been_earned_lately() -> None:
    """Within a span of the day that it was complete; up to and including the anniversary."""
    compiled = catalog(
        stack({"award": "a"}, "inner", status="earned_once"), stack({"stack": "inner", "within": "P30D"}, "outer")
    )
    worker = facts(held("a"))
    now = progress_of(evaluate(compiled.stack("outer"), worker, day(30), compiled), "w")
    assert now.complete
    assert now.next_change_at is not None
    then = progress_of(evaluate(compiled.stack("outer"), worker, now.next_change_at, compiled), "w")
    assert (then.complete, then.status) == (False, "lapsed")
