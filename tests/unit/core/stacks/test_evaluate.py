"""What each rule says of which awards, at the boundaries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.core.facts import Enrolled
from services.core.stacks import evaluate, progress_of
from tests.builders.records import day
from tests.builders.stacks import at_instant, catalog, facts, held, judged, stack

TICK = timedelta(microseconds=1)


def test_all_is_met_only_when_every_part_is() -> None:
    """Two parts of three make two thirds, and the third is named as missing."""
    found = judged({"all": [{"award": "a"}, {"award": "b"}, {"award": "c"}]}, held("a"), held("b"))
    assert (found.complete, found.progress, found.status) == (False, 0.666667, "in_progress")
    assert [(part.path, part.rule, part.need, part.have, part.gap) for part in found.missing] == [
        ("/all/2", "award", 1, 0, 1)
    ]
    assert found.missing[0].options == ("c",)
    assert found.next_steps == ("c",)
    assert found.allocation == {"acme/a-1": "/all/0", "acme/b-1": "/all/1"}


def test_nothing_held_is_not_started() -> None:
    """A worker without awards has made no progress, and everything is missing."""
    found = judged({"all": [{"award": "a"}, {"award": "b"}]})
    assert (found.complete, found.progress, found.status, len(found.missing)) == (False, 0.0, "not_started", 2)


def test_any_is_met_by_one_and_stands_for_itself_when_missing() -> None:
    """One option suffices; with none, the choice is missing and its options are named."""
    rule = {"any": [{"award": "a"}, {"award": "b"}]}
    assert judged(rule, held("b")).complete
    missing = judged(rule).missing
    assert [(part.path, part.rule, part.options) for part in missing] == [("", "any", ("a", "b"))]


def test_n_of_counts_the_rules_that_are_met() -> None:
    """Two of three, by any two; one alone is half way."""
    rule = {"n_of": {"n": 2, "of": [{"award": "a"}, {"award": "b"}, {"award": "c"}]}}
    assert judged(rule, held("a"), held("c")).complete
    found = judged(rule, held("c"))
    assert (found.progress, [(part.rule, part.need, part.have) for part in found.missing]) == (0.5, [("n_of", 2, 1)])


def test_two_awards_of_one_achievement_count_once() -> None:
    """Two copies of one badge are not two badges: not in a count, a sum, nor in two rules."""
    twice = (held("a", number="1"), held("a", number="2"))
    credited = (held("a", number="1", credits=3.0, unit="semester_hour"), held("a", number="2", credits=3.0))
    assert judged({"count": {"min": 2, "from": ["a", "b"]}}, *twice).missing[0].have == 1
    assert judged({"sum": {"min": 6, "from": ["a", "b"]}}, *credited).missing[0].have == 3
    assert not judged({"all": [{"award": "a"}, {"award": ["a", "b"]}]}, *twice).complete


def test_years_and_continuing_education_add_up_over_awards_of_one_achievement() -> None:
    """Two jobs in one domain are two stretches of experience."""
    jobs = (held("job", number="1", credits=2.0, unit="year"), held("job", number="2", credits=3.0, unit="year"))
    assert judged({"sum": {"of": "years", "min": 5, "from": "job"}}, *jobs).complete


def test_an_award_serves_one_exclusive_rule_and_any_number_of_shared_ones() -> None:
    """Exclusive is the default; shared rules count it besides, and observing rules use nothing."""
    both = [{"count": {"min": 1, "from": ["a"]}}, {"count": {"min": 1, "from": ["a", "b"]}}]
    assert not judged({"all": both}, held("a")).complete
    for claim in ("shared", "observe"):
        assert judged({"all": [both[0], {**both[1], "claim": claim}]}, held("a")).complete
    assert judged({"claim": "observe", "all": both}, held("a")).allocation == {}


def test_the_allocation_is_found_when_taking_what_comes_first_would_fail() -> None:
    """The rule that comes first must leave `a` to the one that can use nothing else."""
    rule = {"all": [{"award": ["a", "b"]}, {"award": "a"}]}
    found = judged(rule, held("a"), held("b"))
    assert (found.complete, found.allocation) == (True, {"acme/b-1": "/all/0", "acme/a-1": "/all/1"})


def test_of_equal_awards_the_older_is_used() -> None:
    """Ties go to the older award, then to the smaller key, so that a replay allocates alike."""
    rule = {"count": {"min": 1, "from": ["a", "b", "c"]}}
    assert judged(rule, held("a", on=-1), held("b", on=-3), held("c", on=-3)).allocation == {"acme/b-1": ""}


def test_an_award_is_active_until_its_last_instant() -> None:
    """`valid_until` is exclusive: a tick before it counts, at it does not, and the change is announced."""
    compiled = catalog(stack({"award": "a", "active": True}))
    award = held("a", on=-10, until=5)
    before, at = at_instant(compiled, day(5) - TICK, award), at_instant(compiled, day(5), award)
    assert (before.complete, before.next_change_at) == (True, day(5))
    assert (at.complete, at.status, at.next_change_at) == (False, "lapsed", None)
    assert "expired" in at.missing[0].reason


def test_an_expired_award_counts_where_the_rule_does_not_ask_that_it_be_active() -> None:
    """Expiry matters only to a rule that asks for it; then time changes nothing."""
    found = judged({"award": "a"}, held("a", on=-10, until=-5))
    assert (found.complete, found.next_change_at) == (True, None)


def test_an_award_counts_from_the_instant_it_begins() -> None:
    """One dated ahead does not count yet, and the day it will is announced."""
    compiled = catalog(stack({"award": "a"}))
    award = held("a", on=3)
    before = at_instant(compiled, day(3) - TICK, award)
    assert (before.complete, before.next_change_at) == (False, day(3))
    assert at_instant(compiled, day(3), award).complete


def test_within_holds_through_the_anniversary() -> None:
    """Three years to the instant still count; a tick later does not."""
    compiled = catalog(stack({"award": "a", "within": "P3Y"}))
    award = held("a")
    anniversary = day(0).replace(year=2028)
    at = at_instant(compiled, anniversary, award)
    assert (at.complete, at.next_change_at) == (True, anniversary + TICK)
    assert not at_instant(compiled, anniversary + TICK, award).complete


def test_a_revoked_award_does_not_count_from_its_revocation_on() -> None:
    """Before it, it counts and the change is announced; from it on, it is as if never held."""
    compiled = catalog(stack({"award": "a"}))
    award = held("a", revoked_at=day(5))
    before = at_instant(compiled, day(5) - TICK, award)
    assert (before.complete, before.next_change_at) == (True, day(5))
    after = at_instant(compiled, day(5), award)
    assert (after.complete, after.status) == (False, "not_started")
    assert "revoked" in after.missing[0].reason


def test_another_copy_stands_in_for_a_revoked_or_expired_one() -> None:
    """Any award of the achievement that counts will do."""
    rule = {"award": "a", "active": True}
    assert judged(rule, held("a", number="1", revoked_at=day(-1)), held("a", number="2")).complete
    assert judged(rule, held("a", number="1", until=0), held("a", number="2", until=1)).complete


def test_a_modifier_beside_a_group_holds_beneath_it_unless_a_rule_says_otherwise() -> None:
    """The nearest modifier is the one in force."""
    rule = {"active": True, "all": [{"award": "a"}, {"award": "b", "active": False}]}
    expired = (held("a", on=-9, until=-1), held("b", on=-9, until=-1))
    assert [part.path for part in judged(rule, *expired).missing] == ["/all/0"]


def test_grades_and_scores_must_reach_the_minimum() -> None:
    """C+ meets C+, C does not; 0.68 meets 0.68; none stated meets nothing."""
    graded = {"award": "a", "min_grade": "C+"}
    assert [judged(graded, held("a", grade=grade)).complete for grade in ("B-", "C+", "C", "pass", None)] == [
        True, True, False, False, False,
    ]  # fmt: skip
    scored = {"award": "a", "min_score": 0.68}
    assert [judged(scored, held("a", score=score)).complete for score in (0.68, 0.6799, None)] == [True, False, False]
    assert "grade C below C+" in judged(graded, held("a", grade="C")).missing[0].reason


def test_sums_add_credits_of_the_stacks_unit_only() -> None:
    """Other units are not converted unless a rate is declared."""
    rule = {"sum": {"of": "credits", "min": 6, "from": ["a", "b"]}}
    awards = (held("a", credits=3.0, unit="semester_hour"), held("b", credits=6.0, unit="ects"))
    assert judged(rule, *awards).missing[0].have == 3
    rated = catalog(stack(rule), conversions=[{"from": "ects", "to": "semester_hour", "rate": 0.5}])
    assert judged(rated, *awards).complete


def test_a_capped_category_counts_no_more_than_its_cap() -> None:
    """Of nine credits from elsewhere six count."""
    rule = {"sum": {"min": 12, "from": ["a", "b", "c"], "max_from": [{"max": 6, "from": ["a", "b"]}]}}
    awards = [held(name, credits=amount, unit="semester_hour") for name, amount in (("a", 5.0), ("b", 4.0), ("c", 5.0))]
    assert judged(rule, *awards).missing[0].have == 11


def test_a_nested_stack_counts_when_it_is_complete() -> None:
    """Half of the nested stack is half of the rule, and what it lacks is what to take next."""
    compiled = catalog(
        stack({"all": [{"stack": "inner"}, {"award": "c"}]}),
        stack({"all": [{"award": "a"}, {"award": "b"}]}, "inner", title="Inner"),
    )
    found = judged(compiled, held("a"), held("c"))
    assert (found.complete, found.progress) == (False, 0.75)
    assert [(part.path, part.rule, part.options) for part in found.missing] == [("/all/0", "stack", ("b",))]
    assert judged(compiled, held("a"), held("b"), held("c")).complete


def test_what_nested_stacks_use_is_not_used_up() -> None:
    """A stack is judged on its own: two stacks may rest on one award, and a rule beside them too."""
    compiled = catalog(
        stack({"all": [{"stack": "one"}, {"stack": "two"}, {"award": "a"}]}),
        stack({"award": "a"}, "one"),
        stack({"award": "a"}, "two"),
    )
    assert judged(compiled, held("a")).complete


def test_a_lapsed_part_lapses_the_stack_unless_it_is_earned_once() -> None:
    """Derived stacks follow their parts, and come back with them; earned once is earned."""
    rule = {"active": True, "all": [{"award": "a"}, {"award": "b"}]}
    awards = (held("a", on=-9, until=3), held("b", on=-8, until=9))
    derived, once = catalog(stack(rule)), catalog(stack(rule, status="earned_once"))
    assert judged(derived, *awards, at=4).status == "lapsed"
    assert judged(derived, *awards, held("a", number="2", on=4), at=5).complete
    kept = judged(once, *awards, at=4)
    assert (kept.complete, kept.status, kept.progress, kept.missing, kept.completed_at) == (
        True, "complete", 1.0, (), day(-8),
    )  # fmt: skip


def test_parts_that_never_held_together_never_completed_the_stack() -> None:
    """A part that ended before the other began lapses nothing."""
    rule = {"active": True, "all": [{"award": "a"}, {"award": "b"}]}
    assert judged(rule, held("a", on=-9, until=-5), held("b", on=-4)).status == "in_progress"


def test_a_goal_chooses_the_rule() -> None:
    """Who is enrolled in the goal is judged by one rule, everyone else by the other."""
    compiled = catalog(stack({"if": {"goal": "g", "then": {"award": "a"}, "else": {"award": "b"}}}))
    aiming = facts(held("a"), enrolments=(Enrolled("g", None, day(-1)),))
    assert progress_of(evaluate(compiled.stack("s"), aiming, day(0), compiled), "w").complete
    assert not judged(compiled, held("a")).complete


def test_a_stack_without_a_minimum_is_complete_from_the_start() -> None:
    """Nothing asked is nothing missing."""
    assert judged({"sum": {"min": 0, "from": "a"}}).complete


@pytest.mark.parametrize(
    "selector, selects",
    [
        ({"type": "course"}, True),
        ({"type": ["exam", "course"]}, True),
        ({"type": {"ne": "course"}}, False),
        ({"level": {"gte": 300}}, True),
        ({"level": {"gte": 300, "lte": 399}}, True),
        ({"level": {"gte": 301}}, False),
        ({"level": "300"}, False),
        ({"tags": "it"}, True),
        ({"tags": ["nursing", "it"]}, True),
        ({"tags": {"has": ["it", "lab"]}}, True),
        ({"tags": {"has": ["it", "nursing"]}}, False),
        ({"achievement": {"prefix": "cs."}}, True),
        ({"issuer": "acme", "type": "course"}, True),
        ({"issuer": "acme", "type": "exam"}, False),
        ({"any": [{"type": "exam"}, "cs.101"]}, True),
        ({"all": [{"type": "course"}, {"not": {"level": 300}}]}, False),
        ({"not": "cs.101"}, False),
        ({"valid_until": {"ne": None}}, False),
        ({"valid_until": None}, True),
        ({"valid_from": {"gte": "2025-06-01"}}, True),
        ({"valid_from": {"lte": "2025-05-31T23:59:59Z"}}, False),
        ({"trust": {"gte": 1}}, True),
        ({"trust": {"gte": 2}}, False),
        ({"grade": {"gte": "C"}}, True),
        ({"grade": {"lte": "C"}}, False),
        ({"grade": "b-"}, True),
        ({"score": {"gte": 0.5}}, True),
        ({"subject": {"ne": None}}, False),
    ],
)
def test_selectors_match_by_every_field(selector: object, *, selects: bool) -> None:
    """A value is "is" or "contains", a list "is one of", a comparison what it says; members must all hold."""
    award = held("cs.101", type="course", level=300, tags=("it", "lab"), grade="B-", score=0.5)
    assert judged({"award": selector}, award).complete is selects


def test_absurd_amounts_are_judged_like_any() -> None:
    """No record and no catalog can make a sum that is no number."""
    rule = {"all": [{"sum": {"min": 3, "from": ["a", "b"]}}, {"last": {"credits": 1e300, "all": "a"}}]}
    found = judged(rule, held("a", credits=1e308, unit="semester_hour"), held("b", credits=1e308, unit="semester_hour"))
    assert (found.complete, found.progress) == (True, 1.0)
