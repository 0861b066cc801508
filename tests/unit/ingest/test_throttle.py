"""How often a key may ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.throttle import Throttle


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from("ab")), max_size=40))
def test_so_many_in_each_window_and_the_rest_is_told_how_long_to_wait(asked: list[tuple[float, str]]) -> None:
    """Each key for itself; after the wait the next window has begun."""
    at = 0.0
    throttle = Throttle("2/10 seconds", lambda: at)
    taken: dict[tuple[str, int], int] = {}
    for at, key in sorted(asked):
        window = (key, int(at // 10))
        wait = throttle.wait_of(key)
        assert (wait > 0) is (taken.get(window, 0) == 2)
        if wait:
            assert int((at + wait) // 10) == window[1] + 1
        else:
            taken[window] = taken.get(window, 0) + 1


def test_a_rate_that_is_none_is_refused() -> None:
    """When it starts, and not with the first request."""
    with pytest.raises(ValueError, match="rate limit"):
        Throttle("often")
