"""Sums with little or nothing to spare, against every way to share units out; and crowds that are known to fit."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.stacks.allocate.cover import covered
from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.trade import traded
from services.core.stacks.allocate.units import singles
from tests.benchmarks.stacks import crowd
from tests.builders.stacks import catalog, evaluation, held, stack

Asked = tuple[int, dict[int, int]]
"""What a demand needs, and what each unit is worth to it."""

WORTHS = st.sampled_from([1, 2, 3, 3, 4])
ENOUGH = 25_000


@st.composite
def _tight(draw: st.DrawFn) -> list[Asked]:
    """Sums that need nearly all that some units are worth, shared out in a way that need not be one there is."""
    worth = draw(st.lists(WORTHS, min_size=3, max_size=10))
    count = draw(st.integers(2, 4))
    needs = [0] * count
    for amount in worth:
        needs[draw(st.integers(0, count - 1))] += amount
    needs[0] = max(0, needs[0] - draw(st.integers(0, 2)))
    wanted = [draw(st.lists(st.sampled_from(range(len(worth))), unique=True, min_size=1)) for _ in needs]
    less = draw(st.sampled_from([0, 0, 0, 1]))
    return [
        (need, {unit: max(1, worth[unit] - (less if unit == place else 0)) for unit in units})
        for place, (need, units) in enumerate(zip(needs, wanted, strict=True))
    ]


def _can_all_be_filled(asked: list[Asked]) -> bool:
    """Whether units can be shared out so that everything has what it needs: each way tried, unit by unit."""
    units = sorted({unit for _, worth in asked for unit in worth})

    @cache
    def fits(index: int, lacks: tuple[int, ...]) -> bool:
        if not any(lacks):
            return True
        if index == len(units):
            return False
        unit = units[index]
        takers = [place for place, (_, worth) in enumerate(asked) if unit in worth and lacks[place]]
        return fits(index + 1, lacks) or any(
            fits(
                index + 1,
                tuple(
                    max(0, lack - asked[place][1][unit]) if place == taker else lack for place, lack in enumerate(lacks)
                ),
            )
            for taker in takers
        )

    return fits(0, tuple(need for need, _ in asked))


def _demand(place: int, asked: Asked, *, is_count: bool = False) -> Demand:
    need, worth = asked
    wanted = sum(1 << unit for unit in worth)

    def filled(units: int) -> float:
        have = sum(1 if is_count else worth[unit.bit_length() - 1] for unit in singles(units & wanted))
        return min(1.0, have / need) if need else 1.0

    return Demand(place, wanted, 0, 1.0, filled, need, need, None if is_count else worth)


def _are_filled(demands: list[Demand], taken: tuple[int, ...]) -> bool:
    shares = sum(units.bit_count() for units in taken)
    whole = 0
    for units in taken:
        whole |= units
    return shares == whole.bit_count() and all(
        not units & ~demand.wanted and demand.filled(units) >= 1.0 for demand, units in zip(demands, taken, strict=True)
    )


@settings(max_examples=300, deadline=None)
@given(asked=_tight())
def test_covering_finds_a_way_where_there_is_one_and_proves_that_there_is_none(asked: list[Asked]) -> None:
    """Whatever sums want the same units, worth the same to all or not."""
    demands = [_demand(place, one) for place, one in enumerate(asked)]
    taken, is_proven = covered(demands, ENOUGH)
    assert is_proven
    assert (taken is not None) == _can_all_be_filled(asked)
    assert taken is None or _are_filled(demands, taken)


@settings(max_examples=300, deadline=None)
@given(asked=_tight(), counted=st.integers(1, 2), names=st.lists(st.integers(0, 9), unique=True, min_size=1))
def test_covering_leaves_counts_what_they_need(asked: list[Asked], counted: int, names: list[int]) -> None:
    """A count beside the sums is filled, too, or nothing is."""
    count: Asked = (counted, dict.fromkeys(names, 1))
    demands = [*(_demand(place, one) for place, one in enumerate(asked)), _demand(len(asked), count, is_count=True)]
    taken, is_proven = covered(demands, ENOUGH)
    assert is_proven
    assert (taken is not None) == _can_all_be_filled([*asked, count])
    assert taken is None or _are_filled(demands, taken)


@settings(max_examples=200, deadline=None)
@given(asked=_tight(), trades=st.integers(0, 30))
def test_what_trading_finds_is_an_allocation_that_fills_everything(asked: list[Asked], trades: int) -> None:
    """It may find nothing, but nothing that is wrong."""
    demands = [_demand(place, one) for place, one in enumerate(asked)]
    taken = traded(demands, [0] * len(demands), trades)
    assert taken is None or _are_filled(demands, taken)


@settings(max_examples=150, deadline=None)
@given(asked=_tight())
def test_stacks_of_tight_sums_are_judged_right(asked: list[Asked]) -> None:
    """Complete when any allocation fills all the sums, and proven in either case."""
    worth = {unit: max(one[unit] for _, one in asked if unit in one) for _, two in asked for unit in two}
    needs: list[Asked] = [(need, {unit: worth[unit] for unit in units}) for need, units in asked]
    rules: list[dict[str, Any]] = [
        {"sum": {"min": need, "from": [f"c{unit}" for unit in units]}} for need, units in needs
    ]
    awards = [held(f"c{unit}", credits=float(amount), unit="semester_hour") for unit, amount in worth.items()]
    found = evaluation({"all": rules}, *awards)
    assert (found.complete, found.proof) == (_can_all_be_filled(needs), "exact")


@pytest.mark.parametrize("spare", [1.0, 1.02, 1.05, 1.2])
@pytest.mark.parametrize("seed", range(12))
def test_forty_courses_in_fifteen_sums_are_found_to_fit(seed: int, spare: float) -> None:
    """Courses that were shared out beforehand: with much to spare, with little, and with nothing."""
    rule, awards = crowd(Random(seed), 40, 15, spare, "sum")
    found = evaluation(rule, *awards)
    assert (found.complete, found.proof) == (True, "exact")


@settings(max_examples=100, deadline=None)
@given(asked=_tight(), elsewhere=st.lists(st.booleans(), min_size=40, max_size=40), more=st.integers(0, 1))
def test_each_of_many_awards_is_put_to_its_best_use(asked: list[Asked], elsewhere: list[bool], more: int) -> None:
    """As what it is or as what it is equivalent to elsewhere, where it may be worth more: as sums ask for it."""
    worth = {unit: max(one[unit] for _, one in asked if unit in one) for _, two in asked for unit in two}
    places = iter(elsewhere)
    rules: list[dict[str, Any]] = []
    needs: list[Asked] = []
    for need, units in asked:
        there = {unit: next(places) for unit in units}
        rules.append({"sum": {"min": need, "from": [f"{'u' if there[unit] else 'c'}{unit}" for unit in units]}})
        needs.append((need, {unit: worth[unit] + more * there[unit] for unit in units}))
    equivalences = [
        {
            "from": f"c{unit}",
            "to": [{"achievement": f"u{unit}", "credits": {"value": amount + more, "unit": "semester_hour"}}],
        }
        for unit, amount in worth.items()
    ]
    compiled = catalog(stack({"all": rules}), equivalences=equivalences)
    awards = [held(f"c{unit}", credits=float(amount), unit="semester_hour") for unit, amount in worth.items()]
    found = evaluation(compiled, *awards)
    assert (found.complete, found.proof) == (_can_all_be_filled(needs), "exact")
    used = [copy.key for leaf in found.root.children for copy in leaf.used]
    assert len(used) == len(set(used))
