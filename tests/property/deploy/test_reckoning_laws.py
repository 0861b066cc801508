"""The reckoning does not depend on the order or the number of deliveries, as Stepwell's answers must not."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.demo.cohort import Size, cohort
from deploy.demo.delivery import Delivery
from deploy.demo.reckoning.catalog_files import plain_catalog
from deploy.demo.reckoning.totals import reckon

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
CATALOG = plain_catalog(
    [
        """
achievements: [{id: a, type: certification, issuer: guild}, {id: b, type: certification}, {id: c, type: course}]
stacks:
  - {id: pair, requires: {active: true, all: [{award: a}, {award: b}]}}
  - {id: two, requires: {count: {min: 2, from: [a, b, c]}}}
"""
    ]
)


@pytest.fixture(scope="module")
def deliveries() -> list[Delivery]:
    """The history of a small cohort, noise included."""
    return list(cohort(3, Size(12, 150), CATALOG, NOW).history)


@settings(max_examples=25, deadline=None)
@given(order=st.integers(), again=st.integers(0, 40))
def test_order_and_repetition_change_no_total(deliveries: list[Delivery], order: int, again: int) -> None:
    """Shuffled, and with some sound deliveries repeated, everything but the refusals comes out the same."""
    rng = Random(order)
    told = [*deliveries, *rng.choices(deliveries, k=again)]
    rng.shuffle(told)
    expected, found = reckon(deliveries, CATALOG, NOW), reckon(told, CATALOG, NOW)
    expected.refused = found.refused
    assert found == expected
