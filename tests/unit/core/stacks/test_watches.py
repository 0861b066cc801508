"""Rules over what other rules claim, limited overlap, and maxima."""

from __future__ import annotations

from typing import Any

from services.core.facts import Held
from tests.builders.stacks import held, judged


def _courses(*names: str, amount: float = 3.0, **more: Any) -> list[Held]:
    return [held(name, credits=amount, unit="semester_hour", **more) for name in names]


ELECTIVES: dict[str, Any] = {
    "all": [
        {"name": "electives", "count": {"min": 3, "from": {"type": "course"}}},
        {"count": {"min": 1, "from": {"tags": "survey"}}, "from_claimed": "electives"},
        {"count": {"min": 2, "from": {"tags": "topic"}}, "from_claimed": "electives"},
    ]
}


def _elective(name: str, tag: str, on: float = 0) -> Held:
    return held(name, type="course", tags=(tag,), on=on)


def test_sub_minima_hold_over_one_set_of_electives() -> None:
    """Three electives, of which one is a survey and two are topics."""
    topics = [_elective(name, "topic", on) for name, on in (("a", -9), ("b", -8), ("c", -7))]
    found = judged(ELECTIVES, *topics)
    assert [part.path for part in found.missing] == ["/all/1"]
    assert judged(ELECTIVES, *topics, _elective("d", "survey")).complete
    assert not judged(ELECTIVES, topics[0], _elective("d", "survey"), _elective("e", "survey")).complete


def test_what_another_rule_takes_is_not_among_the_claimed() -> None:
    """The survey is needed elsewhere, so the electives have none."""
    rule = {"all": [{"award": "d"}, *ELECTIVES["all"]]}
    awards = [_elective("a", "topic"), _elective("b", "topic"), _elective("c", "topic"), _elective("d", "survey")]
    found = judged(rule, *awards)
    assert (found.complete, [part.path for part in found.missing]) == (False, ["/all/2"])
    assert judged(rule, *awards, _elective("e", "survey")).complete


def test_the_claim_is_made_so_that_what_watches_it_is_met() -> None:
    """The contended survey goes to the electives, for the other rule can do with a topic."""
    rule = {"all": [{"award": ["c", "d"]}, *ELECTIVES["all"]]}
    awards = [_elective("d", "survey", -9), _elective("c", "topic", -8)]
    awards += [_elective("a", "topic", -2), _elective("b", "topic", -1)]
    found = judged(rule, *awards)
    assert (found.complete, found.allocation["acme/c-1"]) == (True, "/all/0")


def test_a_rule_that_only_observes_is_not_met_above_its_maximum() -> None:
    """At most one pass/fail course among all that is held."""
    rule = {"count": {"max": 1, "from": ["a", "b"]}, "claim": "observe"}
    assert judged(rule, held("a")).complete
    found = judged(rule, held("a"), held("b"))
    assert (found.complete, found.progress) == (False, 0.5)
    assert "at most 1" in found.missing[0].reason


def test_a_rule_that_claims_takes_no_more_than_its_maximum() -> None:
    """More than the maximum does no harm: the rest stays free."""
    assert judged({"count": {"min": 1, "max": 2, "from": ["a", "b", "c"]}}, held("a"), held("b"), held("c")).complete


def test_at_most_so_many_of_the_claimed_may_be_of_a_kind() -> None:
    """Two surveys at most among three electives: a third elective must be something else."""
    rule = {
        "all": [
            {"name": "electives", "count": {"min": 3, "from": {"type": "course"}}},
            {"count": {"max": 2, "from": {"tags": "survey"}}, "from_claimed": "electives"},
        ]
    }
    surveys = [_elective(name, "survey") for name in "abc"]
    assert not judged(rule, *surveys).complete
    found = judged(rule, *surveys, _elective("d", "topic"))
    assert (found.complete, len(found.allocation), "acme/d-1" in found.allocation) == (True, 3, True)


def test_two_rules_may_overlap_by_as_much_as_they_say() -> None:
    """One course may count for both major and minor; two may not."""
    rule = {
        "all": [
            {"name": "major", "count": {"min": 2, "from": ["a", "b"]}},
            {"count": {"min": 2, "from": ["b", "c"]}, "overlap": {"with": "major", "max": 1}},
        ]
    }
    assert judged(rule, held("a"), held("b"), held("c")).complete
    both: list[dict[str, Any]] = [
        {"name": "major", "count": {"min": 2, "from": ["a", "b"]}},
        {"count": {"min": 2, "from": ["a", "b"]}, "overlap": {"with": "major", "max": 1}},
    ]
    assert not judged({"all": both}, held("a"), held("b")).complete
    both[1]["overlap"]["max"] = 2
    assert judged({"all": both}, held("a"), held("b")).complete


def test_an_overlap_of_sums_is_limited_in_credits() -> None:
    """Three credits may be shared, so one course of three and not two."""
    rule = {
        "all": [
            {"name": "major", "sum": {"min": 6, "from": ["a", "b"]}},
            {"sum": {"min": 6, "from": ["a", "b", "c"]}, "overlap": {"with": "major", "max": 3}},
        ]
    }
    assert judged(rule, *_courses("a", "b", "c")).complete
    assert not judged(rule, *_courses("a", "b")).complete


def test_averages_are_weighted_by_credits_and_take_the_newest_grade() -> None:
    """An A over one credit and a C over three make 2.5; a course taken again counts by its newest grade."""
    rule = {"avg": {"of": "grade", "min": 2.5, "from": ["a", "b"]}}
    awards = [*_courses("a", amount=1.0, grade="A"), *_courses("b", amount=3.0, grade="C")]
    assert judged(rule, *awards).complete
    assert not judged({"avg": {"of": "grade", "min": 2.51, "from": ["a", "b"]}}, *awards).complete
    again = (held("b", grade="C", on=-2), held("b", grade="A", on=-1, number="2"))
    assert judged({"avg": {"of": "grade", "min": 4, "from": ["b"]}}, *again).complete
    assert not judged(rule).complete


def test_the_newest_credits_must_all_match() -> None:
    """The last six credits at the university: an older course from elsewhere does no harm, a newer one does."""
    rule = {"last": {"credits": 6, "all": {"issuer": "home"}}}
    own = [*_courses("a", on=-3, issuer="home"), *_courses("b", on=-2, issuer="home")]
    assert judged(rule, *own, *_courses("x", on=-4)).complete
    found = judged(rule, *own, *_courses("x", on=-1))
    assert (found.complete, found.missing[0].have) == (False, 0)
    assert judged(rule, *own[:1]).missing[0].have == 3


def test_a_sum_may_have_to_be_of_several_subjects() -> None:
    """Five years in at least two domains."""
    rule = {"sum": {"of": "years", "min": 5, "from": {"type": "experience"}, "distinct": {"by": "subject", "min": 2}}}
    one = held("job", number="1", type="experience", credits=4.0, unit="year", subject="law")
    two = held("job", number="2", type="experience", credits=1.0, unit="year", subject="law")
    assert not judged(rule, one, two).complete
    assert judged(
        rule, one, held("job", number="3", type="experience", credits=1.0, unit="year", subject="risk")
    ).complete


def test_counts_may_be_of_other_things_than_achievements() -> None:
    """Three terms, of which two were by one course taken twice."""
    rule = {"count": {"min": 3, "from": {"type": "course"}, "distinct": "term"}}
    terms = [held("a", number=str(n), type="course", term=term) for n, term in enumerate(["24a", "24b", "24b"])]
    assert judged(rule, *terms).missing[0].have == 2
    assert judged(rule, *terms, held("b", type="course", term="25a")).complete
