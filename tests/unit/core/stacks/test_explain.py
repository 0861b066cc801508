"""What explanations say in words: what is wanted, and why an award does not count."""

from __future__ import annotations

from typing import Any

import pytest

from services.core.facts import Held
from services.core.stacks.explain import lines, percent
from tests.builders.stacks import catalog, evaluation, held, judged, stack


def _reasons(rule: dict[str, Any], *awards: Held) -> list[str]:
    """What is missing, as progress tells it."""
    return [part.reason for part in judged(rule, *awards).missing]


@pytest.mark.parametrize(
    "share, told", [(2 / 3, "66 %"), (0.29, "29 %"), (0.57, "57 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_shares_are_rounded_down(share: float, told: str) -> None:
    """Only what is whole reads 100 %, and no share reads less than it is because it was written in binary."""
    assert percent(share) == told


def test_a_count_tells_which_awards_do_not_count_and_why() -> None:
    """By the achievement's name where the catalog has one; at most three."""
    rule = {"count": {"min": 3, "from": ["a", "b", "c"]}, "min_grade": "C+", "active": True}
    compiled = catalog(stack(rule), achievements=[{"id": "a", "name": "Algebra"}, {"id": "b"}, {"id": "c"}])
    (part,) = judged(compiled, held("a", grade="C"), held("b", grade="A", until=-1), held("c", grade="B")).missing
    assert part.reason == (
        "1 of 3 achievements count. Not counted: Algebra (grade C below C+), b (expired 2025-05-31)."
    )


def test_a_sum_tells_what_states_no_credits() -> None:
    """In the unit that it adds up."""
    rule = {"sum": {"min": 6, "from": ["a", "b"]}}
    awards = (held("a", credits=3.0, unit="semester_hour"), held("b", credits=3.0, unit="ects"))
    assert _reasons(rule, *awards) == [
        "3 of 6 semester hours count. Not counted: b (states no credits in semester hours)."
    ]


def test_a_choice_tells_why_none_of_its_options_is_met() -> None:
    """What is held of them and does not count."""
    rule = {"any": [{"award": "a", "active": True}, {"award": "b", "trust": 3}]}
    assert _reasons(rule, held("a", until=-1), held("b")) == [
        "0 of 1 choices met. Not counted: a (expired 2025-05-31), b (trust 1 below 3)."
    ]


def test_what_another_rule_uses_is_said_to_be_used_there() -> None:
    """By the other rule's name; an award that only one of two rules can have."""
    rule = {"all": [{"name": "Core", "award": "a"}, {"name": "Electives", "count": {"min": 1, "from": ["a"]}}]}
    assert _reasons(rule, held("a")) == ["0 of 1 achievements count. Not counted: a (already used for Core)."]


def test_what_was_earned_too_early_is_said_to_be() -> None:
    """An exam before the courses that must come first."""
    rule = {"seq": [{"all": [{"award": "a"}, {"award": "b"}]}, {"award": "exam"}]}
    early = (held("a", on=-5), held("b", on=-3), held("exam", on=-4))
    assert _reasons(rule, *early) == ["exam is held, but was earned before what must come first."]
    told = list(lines(evaluation(rule, *early)))
    assert "        acme/exam-1 does not count: earned before what must come first." in told


def test_a_lapsed_stack_within_a_stack_is_said_to_have_lapsed() -> None:
    """And one that was never complete is not."""
    compiled = catalog(stack({"award": "a", "active": True}, "inner", title="Inner"), stack({"stack": "inner"}))
    assert [part.reason for part in judged(compiled, held("a", on=-9, until=-1)).missing] == ["Inner has lapsed."]
    assert [part.reason for part in judged(compiled).missing] == ["Inner is not complete."]
