"""The engine against every allocation there is, on small stacks of all rule kinds that claim."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.facts import Held
from tests.builders.stacks import catalog, evaluation, held, stack
from tests.property.core.every_allocation import best, children, wanted

NAMES = ["a", "b", "c", "d", "e", "f"]
SELECTORS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)


def _count(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(1, len(names)).map(lambda least: {"count": {"min": least, "from": names}})


AWARD = SELECTORS.map(lambda names: {"award": names[0] if len(names) == 1 else names})
COUNT = SELECTORS.flatmap(_count)
SUM = st.builds(
    lambda names, least: {"sum": {"of": "credits", "min": least, "from": names}}, SELECTORS, st.integers(1, 9)
)
WEIGHTED = st.tuples(st.one_of(AWARD, COUNT, SUM), st.sampled_from([None, None, 2, 3])).map(
    lambda pair: pair[0] if pair[1] is None else {**pair[0], "weight": pair[1]}
)


def _groups(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=2, max_size=3)
    n_of = several.flatmap(lambda of: st.integers(1, len(of)).map(lambda n: {"n_of": {"n": n, "of": of}}))
    return st.one_of(several.map(lambda of: {"all": of}), several.map(lambda of: {"any": of}), n_of)


def _leaf_count(rule: dict[str, Any]) -> int:
    below = children(rule)
    return 1 if below is None else sum(map(_leaf_count, below))


RULES = st.recursive(WEIGHTED, _groups, max_leaves=6).filter(lambda rule: _leaf_count(rule) <= 6)
AWARDS = st.lists(
    st.builds(
        lambda name, number, on, amount: held(
            name, number=number, on=on, credits=amount, unit=None if amount is None else "semester_hour"
        ),
        st.sampled_from(NAMES),
        st.sampled_from(["1", "1", "2"]),
        st.integers(-9, 0),
        st.sampled_from([None, 1.0, 2.0, 3.0, 4.0]),
    ),
    max_size=7,
    unique_by=lambda award: award.key,
)


@settings(max_examples=300, deadline=None)
@given(rule=RULES, awards=AWARDS)
def test_the_answer_is_that_of_the_best_of_all_allocations(rule: dict[str, Any], awards: list[Held]) -> None:
    """No allocation meets a stack that the engine calls incomplete, and none makes more progress."""
    complete, progress = best(rule, awards)
    found = evaluation(rule, *awards)
    assert found.proof == "exact"
    assert (found.complete, round(found.root.fraction, 6)) == (complete, round(float(progress), 6))


@settings(max_examples=150, deadline=None)
@given(rule=RULES, awards=AWARDS)
def test_no_achievement_serves_two_exclusive_rules(rule: dict[str, Any], awards: list[Held]) -> None:
    """Every unit that a rule claims is one that it selects, and no other rule has it."""
    found = evaluation(rule, *awards)
    claimed: list[str] = []
    for leaf, names in _claims(found.root):
        assert set(names) <= wanted(leaf)
        claimed += names
    assert len(claimed) == len(set(claimed))


@settings(max_examples=150, deadline=None)
@given(rule=RULES, awards=AWARDS, more=AWARDS)
def test_more_evidence_never_takes_back(rule: dict[str, Any], awards: list[Held], more: list[Held]) -> None:
    """Rules without ceilings and averages only ever gain by another award."""
    known = {award.key for award in awards}
    compiled = catalog(stack(rule))
    before = evaluation(compiled, *awards)
    after = evaluation(compiled, *awards, *(award for award in more if award.key not in known))
    assert after.complete >= before.complete
    assert after.root.fraction >= before.root.fraction - 1e-9


def _claims(outcome: Any) -> list[tuple[dict[str, Any], list[str]]]:
    if not outcome.children:
        names = {"from": outcome.node.selector.ids}
        return [({"count": names}, [copy.achievement for copy in outcome.used])]
    return [claim for child in outcome.children for claim in _claims(child)]
