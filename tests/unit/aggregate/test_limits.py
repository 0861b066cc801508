"""A bad deploy stops the worker; a bad source does not."""

from __future__ import annotations

import pytest

from services.aggregate.limits import RefusalRule, RefusalWatch, TooManyRefused

RULE = RefusalRule(max_ratio=0.5, window=100)


def test_refusals_among_many_good_records_are_let_pass() -> None:
    """A share below the limit never stops the worker, however often it comes."""
    watch = RefusalWatch(RULE)
    for _ in range(50):
        watch.note(seen=10, refused=4)


def test_a_burst_of_bad_records_below_the_window_is_let_pass() -> None:
    """The first records of a partition may all be bad: too few to tell a bad deploy by."""
    RefusalWatch(RULE).note(seen=99, refused=99)


def test_refusals_that_are_the_rule_stop_the_worker() -> None:
    """Once a window of records is mostly refused, nothing more is."""
    watch = RefusalWatch(RULE)
    watch.note(seen=60, refused=60)
    with pytest.raises(TooManyRefused) as stopped:
        watch.note(seen=60, refused=10)
    assert (stopped.value.refused, stopped.value.seen) == (70, 120)


def test_what_lies_behind_the_window_is_forgotten() -> None:
    """A bad hour of long ago does not count against a good one."""
    watch = RefusalWatch(RULE)
    watch.note(seen=99, refused=99)
    watch.note(seen=1000, refused=0)
    watch.note(seen=100, refused=50)
