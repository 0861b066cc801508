"""The laws of holdings, for each register type on its own and for all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from services.core.holdings import EMPTY, add, dumps, facts, loads, merge
from tests.builders import strategies
from tests.property.core.reckoning import reckoned
from tests.property.core.replicas import Lattice, machine

HOLDINGS = Lattice(EMPTY, add, merge, dumps, loads, facts, reckoned)
AWARDS = st.one_of(strategies.AWARDS, strategies.REVOCATIONS)
VERIFIED = st.one_of(strategies.CREDENTIALS, strategies.VERIFICATIONS, strategies.REVOCATIONS)
REGISTERS = {
    "awards": AWARDS,
    "completions": st.one_of(strategies.COMPLETIONS, strategies.REVOCATIONS),
    "enrolments": strategies.ENROLMENTS,
    "employments": strategies.EMPLOYMENTS,
    "exceptions": strategies.EXCEPTIONS,
    "verified awards": VERIFIED,
    "erased verified awards": st.one_of(VERIFIED, strategies.ERASURES),
    "erased awards": st.one_of(AWARDS, strategies.ERASURES),
    "everything": strategies.records(),
    "tied awards": AWARDS.map(strategies.tied),
    "tied statuses": st.one_of(strategies.ENROLMENTS, strategies.EMPLOYMENTS, strategies.EXCEPTIONS).map(
        strategies.tied
    ),
}


@pytest.mark.parametrize("register", REGISTERS)
def test_replicas_converge_to_what_was_said(register: str) -> None:
    """Any order, duplicates, gossip and restarts: merging obeys its laws and agrees with the reckoning."""
    run_state_machine_as_test(
        machine(HOLDINGS, REGISTERS[register]),
        settings=settings(max_examples=40, stateful_step_count=12, deadline=None),
    )


@given(st.lists(strategies.records(), max_size=12), st.randoms(use_true_random=False))
def test_any_split_over_any_grouping_is_the_whole(records: list[Any], random: Any) -> None:
    """Records dealt out to any number of holdings, merged in any order, are the records added at once."""
    piles: list[list[Any]] = [[] for _ in range(4)]
    for record in random.sample(records, len(records)):
        for pile in random.sample(piles, random.randint(1, 2)):
            pile.append(record)
    parts = [add(EMPTY, pile) for pile in piles]
    random.shuffle(parts)
    assert _all(parts) == add(EMPTY, records)


@given(st.lists(strategies.records(erasures=False), max_size=10), st.integers(0, 10), strategies.ERASURES)
def test_an_erasure_is_the_same_at_any_place(records: list[Any], place: int, erasure: Any) -> None:
    """An erasure before, between or after what it erases leaves the same, and that is what was never erased."""
    before = add(EMPTY, [*records[:place], erasure, *records[place:]])
    kept = [record for record in records if record.occurred_at > erasure.occurred_at]
    assert before == add(EMPTY, [*records, erasure]) == add(EMPTY, [erasure, *kept])


@given(st.lists(strategies.records(), max_size=12))
def test_bytes_round_trip(records: list[Any]) -> None:
    """What is written is what is read."""
    held = add(EMPTY, records)
    assert loads(dumps(held)) == held


def _all(parts: Sequence[Any]) -> Any:
    whole = EMPTY
    for part in parts:
        whole = merge(whole, part)
    return whole
