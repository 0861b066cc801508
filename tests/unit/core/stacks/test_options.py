"""What to take next: what would help an unmet rule."""

from __future__ import annotations

from tests.builders.stacks import catalog, held, judged, stack


def test_what_would_free_an_award_helps_too() -> None:
    """The only award that one rule takes is used by another, which something else would do for."""
    rule = {"all": [{"name": "broad", "award": ["a", "b"]}, {"name": "narrow", "award": "a"}]}
    assert judged(rule, held("a")).next_steps == ("b",)
    rule = {"all": [{"award": "a"}, {"award": ["a", "b"]}, {"award": ["b", "c"]}]}
    assert judged(rule, held("a"), held("b")).next_steps == ("c",)


def test_larger_parts_of_a_sum_come_first() -> None:
    """By the credits that the catalog states."""
    achievements = [{"id": name, "credits": {"value": n, "unit": "semester_hour"}} for n, name in enumerate("abc", 1)]
    compiled = catalog(stack({"sum": {"min": 12, "from": ["a", "b", "c"]}}), achievements=achievements)
    assert judged(compiled).next_steps == ("c", "b", "a")


def test_what_is_averaged_may_be_taken_again() -> None:
    """For a better grade."""
    assert judged({"avg": {"of": "grade", "min": 3, "from": ["a"]}}, held("a", grade="C")).next_steps == ("a",)


def test_only_what_is_asked_for_helps_the_newest_credits() -> None:
    """Not whatever the catalog has."""
    achievements = [{"id": "a", "type": "course"}, {"id": "b", "type": "exam"}]
    compiled = catalog(stack({"last": {"credits": 3, "all": {"type": "course"}}}), achievements=achievements)
    assert judged(compiled).next_steps == ("a",)
