"""Sequences: each rule met no earlier than the one before it."""

from __future__ import annotations

from tests.builders.records import day
from tests.builders.stacks import catalog, held, judged, stack

COURSES_THEN_EXAM = {"seq": [{"all": [{"award": "a"}, {"award": "b"}]}, {"award": "exam"}]}


def test_what_came_after_completes_the_sequence() -> None:
    """Courses, then the exam; the same instant is not earlier."""
    assert judged(COURSES_THEN_EXAM, held("a", on=-3), held("b", on=-2), held("exam", on=-1)).complete
    assert judged(COURSES_THEN_EXAM, held("a", on=-3), held("b", on=-2), held("exam", on=-2)).complete


def test_an_exam_passed_too_early_does_not_count_until_it_is_passed_again() -> None:
    """All is held and yet the stack is not complete, and shows it; a second pass in time completes it."""
    early = (held("a", on=-3), held("b", on=-1), held("exam", on=-2))
    found = judged(COURSES_THEN_EXAM, *early)
    assert (found.complete, found.progress) == (False, 0.5)
    assert [(part.path, part.options) for part in found.missing] == [("/seq/1", ("exam",))]
    assert judged(COURSES_THEN_EXAM, *early, held("exam", on=0, number="2")).complete


def test_nothing_counts_after_a_rule_that_is_not_met() -> None:
    """The exam waits for the courses, so the next step is the course."""
    found = judged(COURSES_THEN_EXAM, held("a", on=-3), held("exam", on=-2))
    assert (found.progress, found.next_steps) == (0.25, ("b",))


def test_a_larger_rule_needs_one_part_that_came_late_enough() -> None:
    """Two of three after the course: one of the two may be older, not both."""
    rule = {"seq": [{"award": "a"}, {"count": {"min": 2, "from": ["x", "y", "z"]}}]}
    older = (held("x", on=-5), held("y", on=-4), held("a", on=-3))
    early = judged(rule, *older)
    assert (early.complete, early.progress < 1) == (False, True)
    assert judged(rule, *older, held("z", on=-2)).complete


def test_sequences_nest() -> None:
    """A sequence inside a sequence begins after what comes before it."""
    rule = {"seq": [{"award": "a"}, {"seq": [{"award": "b"}, {"award": "c"}]}]}
    assert judged(rule, held("a", on=-3), held("b", on=-2), held("c", on=-1)).complete
    assert not judged(rule, held("a", on=-3), held("b", on=-1), held("c", on=-2)).complete


def test_a_nested_stack_has_its_place_by_when_it_was_complete() -> None:
    """A stack counts in a sequence from the day its last part was earned."""
    compiled = catalog(
        stack({"seq": [{"stack": "inner"}, {"award": "exam"}]}),
        stack({"all": [{"award": "a"}, {"award": "b"}]}, "inner"),
    )
    assert judged(compiled, held("a", on=-3), held("b", on=-2), held("exam", on=-1)).complete
    assert not judged(compiled, held("a", on=-3), held("b", on=-1), held("exam", on=-2)).complete


def test_the_allocation_minds_the_order() -> None:
    """The award that is late enough goes to the sequence, though the older would be taken first."""
    rule = {"all": [{"award": ["x", "y"]}, {"seq": [{"award": "a"}, {"award": ["x", "y"]}]}]}
    found = judged(rule, held("a", on=-3), held("x", on=-5), held("y", on=-1))
    assert (found.complete, found.allocation["acme/y-1"]) == (True, "/all/1/seq/1")
    assert found.completed_at == day(-1)
