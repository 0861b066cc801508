"""Rules over what other rules claim, against every allocation there is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.stacks import catalog, evaluation, held, stack

NAMES = ["a", "b", "c", "d", "e"]
SOME = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True)
HELD = st.lists(st.sampled_from(NAMES), max_size=5, unique=True)


def _leaf(names: list[str], least: int) -> dict[str, Any]:
    return {"count": {"min": min(least, len(names)), "from": names}}


LEAVES = st.builds(_leaf, SOME, st.integers(1, 3))


def _allocations(leaves: list[dict[str, Any]], names: list[str]) -> Iterator[list[set[str]]]:
    options = [[None, *(n for n, leaf in enumerate(leaves) if name in leaf["count"]["from"])] for name in names]
    for way in product(*options):
        yield [{name for name, place in zip(names, way, strict=True) if place == n} for n in range(len(leaves))]


@settings(max_examples=300, deadline=None)
@given(
    leaves=st.lists(LEAVES, min_size=1, max_size=3),
    watched=SOME,
    least=st.integers(0, 3),
    most=st.one_of(st.none(), st.integers(0, 3)),
    names=HELD,
)
def test_a_rule_over_the_claimed_is_met_when_any_allocation_meets_it(
    leaves: list[dict[str, Any]], watched: list[str], least: int, most: int | None, names: list[str]
) -> None:
    """With a minimum, a maximum, or both, over what the first rule claims."""
    least = min(least, len(watched))
    count: dict[str, Any] = {"min": least, "from": watched} | ({} if most is None else {"max": max(most, least)})
    watch = {"count": count, "from_claimed": "first"}
    rule = {"all": [{**leaves[0], "name": "first"}, *leaves[1:], watch]}
    ceiling = count.get("max", 9)

    def is_met(given: list[set[str]]) -> bool:
        rest = all(len(got) >= leaf["count"]["min"] for got, leaf in zip(given, leaves, strict=True))
        return rest and least <= len(given[0] & set(watched)) <= ceiling

    found = evaluation(rule, *(held(name) for name in names))
    assert found.proof == "exact"
    assert found.complete == any(is_met(given) for given in _allocations(leaves, names))


@settings(max_examples=300, deadline=None)
@given(leaves=st.lists(LEAVES, min_size=2, max_size=3), most=st.integers(0, 3), names=HELD)
def test_rules_overlap_by_as_much_as_any_allocation_lets_them(
    leaves: list[dict[str, Any]], most: int, names: list[str]
) -> None:
    """The second rule may count, besides its own, some of what the first claims."""
    overlap = {"overlap": {"with": "first", "max": most}}
    rule = {"all": [{**leaves[0], "name": "first"}, {**leaves[1], **overlap}, *leaves[2:]]}

    def is_met(given: list[set[str]]) -> bool:
        shared = min(most, len(given[0] & set(leaves[1]["count"]["from"])))
        counts = [len(given[0]), len(given[1]) + shared, *(len(got) for got in given[2:])]
        return all(count >= leaf["count"]["min"] for count, leaf in zip(counts, leaves, strict=True))

    found = evaluation(rule, *(held(name) for name in names))
    assert found.proof == "exact"
    assert found.complete == any(is_met(given) for given in _allocations(leaves, names))


@settings(max_examples=300, deadline=None)
@given(
    leaves=st.lists(LEAVES, min_size=2, max_size=3),
    names=HELD,
    days=st.lists(st.integers(-5, -1), min_size=5, max_size=5),
)
def test_a_sequence_is_met_when_any_allocation_meets_it_in_order(
    leaves: list[dict[str, Any]], names: list[str], days: list[int]
) -> None:
    """Each rule met no earlier than the one before it, by some of the evidence that it has."""
    on = dict(zip(NAMES, days, strict=True))

    def met_from(got: set[str], least: int, floor: int) -> int | None:
        times = sorted(on[name] for name in got)
        if len(times) < least:
            return None
        first = times[least - 1]
        return first if first >= floor else min((time for time in times if time >= floor), default=None)

    def is_met(given: list[set[str]]) -> bool:
        floor: int | None = -9
        for got, leaf in zip(given, leaves, strict=True):
            floor = None if floor is None else met_from(got, leaf["count"]["min"], floor)
        return floor is not None

    found = evaluation({"seq": leaves}, *(held(name, on=on[name]) for name in names))
    expected = any(is_met(given) for given in _allocations(leaves, names))
    assert (found.complete, found.proof) == (expected, "exact")


@settings(max_examples=200, deadline=None)
@given(
    leaves=st.lists(LEAVES, min_size=1, max_size=3),
    names=HELD,
    targets=st.lists(
        st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)),
        max_size=2,
    ),
)
def test_each_award_is_put_to_one_use(
    leaves: list[dict[str, Any]], names: list[str], targets: list[tuple[str, list[str]]]
) -> None:
    """As what it is, or as what one equivalence makes of it; the best of all the ways."""
    equivalences = [{"from": one, "to": [{"achievement": name} for name in to]} for one, to in targets]
    compiled = catalog(stack({"all": leaves}), equivalences=equivalences)
    uses = [[{name}, *(set(to) for one, to in targets if one == name)] for name in names]
    expected = any(
        all(len(got) >= leaf["count"]["min"] for got, leaf in zip(given, leaves, strict=True))
        for way in product(*uses)
        for given in _allocations(leaves, sorted(set().union(*way)))
    )
    found = evaluation(compiled, *(held(name) for name in names))
    assert (found.complete, found.proof) == (expected, "exact")
