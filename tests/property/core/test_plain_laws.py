"""Progress by pattern is progress: whoever had the pattern first, each worker is told what judging would tell."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.core.facts import Enrolled, Facts, Held
from services.core.stacks import CatalogFaults, CompiledCatalog, compile_texts, evaluate, progress_of
from services.core.stacks.plain import plain, progress_all
from tests.builders.records import day
from tests.builders.stacks import facts, held
from tests.property.core.whole_vocabulary import CATALOGS, FACTS

LAWS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
NAMES = tuple("abcdefgh")
MOST_IN_A_LEAF = 3
MODIFIERS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {}, {}, {"name": "core"}, {"weight": 2}, {"active": True}, {"min_score": 0.5}, {"trust": 1}, {"within": "P8D"}]
)


@st.composite
def plain_rules(draw: st.DrawFn, names: tuple[str, ...]) -> dict[str, Any]:
    """A rule over these achievements, none of them in two leaves."""
    modifiers = draw(MODIFIERS)
    if len(names) == 1:
        return {"award": names[0], **modifiers}
    kinds = ["all", "any", "n_of", *(["count", "award"] if len(names) <= MOST_IN_A_LEAF else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "award":
        return {"award": list(names), **modifiers}
    if kind == "count":
        return {"count": {"min": draw(st.integers(1, len(names))), "from": list(names)}, **modifiers}
    cut = draw(st.integers(1, len(names) - 1))
    parts = [draw(plain_rules(names[:cut])), draw(plain_rules(names[cut:]))]
    return {kind: {"n": draw(st.integers(1, 2)), "of": parts} if kind == "n_of" else parts, **modifiers}


@st.composite
def plain_catalogs(draw: st.DrawFn) -> dict[str, Any]:
    """A catalog of one stack; an equivalence now and then, which makes it one that is judged."""
    document: dict[str, Any] = {"stacks": [{"id": "s", "requires": draw(plain_rules(NAMES)), "awards": "certificate"}]}
    document["stacks"][0]["status"] = draw(st.sampled_from(["earned_once", "derived_from_parts"]))
    if draw(st.booleans()):
        target = draw(st.sampled_from(["a", "elsewhere"]))
        document["equivalences"] = [{"from": draw(st.sampled_from("bz")), "to": [{"achievement": target}]}]
    return document


AWARDS = st.builds(
    held,
    st.sampled_from([*NAMES, "certificate", "z"]),
    on=st.integers(-3, 5),
    number=st.sampled_from("12"),
    until=st.sampled_from([None, None, 20, 2]),
    revoked_at=st.sampled_from([None, None, None, None, day(0), day(6)]),
    trust=st.sampled_from([1, 1, 0]),
    score=st.sampled_from([0.9, 0.9, 0.4, None]),
)
WORKERS = st.lists(AWARDS, min_size=2, max_size=9, unique_by=lambda one: one.key).map(lambda awards: facts(*awards))


def _said_twice(compiled: CompiledCatalog, workers: list[Facts], at: int) -> None:
    """Every worker, one after the other, and again when all patterns are known."""
    for known in workers + workers:
        told = progress_all(compiled.stacks, known, day(at), compiled, "w")
        judged = [progress_of(evaluate(stack, known, day(at), compiled), "w") for stack in compiled.stacks]
        assert [one.model_dump() for one in told] == [one.model_dump() for one in judged]
        assert [list(one.allocation) for one in told] == [list(one.allocation) for one in judged]


@LAWS
@given(document=plain_catalogs(), workers=st.lists(WORKERS, min_size=2, max_size=5), at=st.integers(-1, 8))
def test_a_known_pattern_answers_as_judging_does(document: Any, workers: list[Facts], at: int) -> None:
    """Every member, every sentence and the order of what is used, on stacks of which most are plain."""
    try:
        compiled = compile_texts({"catalog.json": json.dumps(document)})
    except CatalogFaults:
        assume(False)  # noqa: FBT003 - hypothesis's own way to say "not this one"
        raise
    _said_twice(compiled, workers, at)


@LAWS
@given(document=CATALOGS, workers=st.lists(FACTS, max_size=3), at=st.integers(-10, 12))
def test_stacks_that_are_not_plain_are_judged(document: Any, workers: list[Facts], at: int) -> None:
    """Nothing of the vocabulary is taken for plain that is not."""
    try:
        compiled = compile_texts({"catalog.json": json.dumps(document)})
    except CatalogFaults:
        assume(False)  # noqa: FBT003 - as above
        raise
    _said_twice(compiled, workers, at)


def _compiled(requires: dict[str, Any]) -> CompiledCatalog:
    return compile_texts({"catalog.json": json.dumps({"stacks": [{"id": "s", "requires": requires}]})})


def test_a_pattern_is_judged_once() -> None:
    """The second worker with it is looked up, whatever else is held, and told of its own awards."""
    compiled = _compiled({"all": [{"award": "a"}, {"award": "b"}]})
    for key in ("1", "2"):
        known = Facts((held("a", number=key), held("z", number=key)), (Enrolled("s", None, day(0)),))
        (told,) = progress_all(compiled.stacks, known, day(1), compiled, "w")
        assert told.allocation == {f"acme/a-{key}": "/all/0"}
    one = plain(compiled.stack("s"), compiled)
    assert one is not None
    assert list(one.known) == [(frozenset({"a"}), frozenset())]


def test_why_an_award_does_not_count_is_each_workers_own() -> None:
    """Two workers with one pattern, one of whom has what does not count."""
    compiled = _compiled({"all": [{"award": "a"}, {"award": "b", "min_score": 0.5}]})
    low: list[Held] = [held("b", score=0.2)]
    reasons = []
    for more in (low, [], low):
        (told,) = progress_all(compiled.stacks, facts(held("a"), *more), day(1), compiled, "w")
        reasons.append(told.missing[0].reason)
    assert reasons[0] == reasons[2] != reasons[1] == "b is not held."


def test_a_second_award_of_what_counts_is_told_to_nobody_else() -> None:
    """The sentence about one worker's two awards does not go to who has one of them."""
    compiled = _compiled({"count": {"min": 2, "from": ["a", "b", "c"]}})
    twice, once = (facts(*(held("a", number=number) for number in numbers)) for numbers in ("12", "1"))
    reasons = [
        progress_all(compiled.stacks, known, day(1), compiled, "w")[0].missing[0].reason for known in (twice, once)
    ]
    assert reasons == [
        "1 of 2 achievements count. Not counted: a (the same achievement counts once).",
        "1 of 2 achievements count.",
    ]


def test_what_does_not_count_beneath_a_choice_of_everything_is_told_to_who_has_it() -> None:
    """A choice that wants each of its options speaks for them, so its sentence is each worker's own as well."""
    compiled = _compiled({"n_of": {"n": 2, "of": [{"award": "a"}, {"award": "b", "min_score": 0.5}]}})
    reasons = [
        progress_all(compiled.stacks, known, day(1), compiled, "w")[0].missing[0].reason
        for known in (facts(held("a")), facts(held("a"), held("b", score=0.2)))
    ]
    assert reasons == ["1 of 2 choices met.", "1 of 2 choices met. Not counted: b (score 0.2 below 0.5)."]
