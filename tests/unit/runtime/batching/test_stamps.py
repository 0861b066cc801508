"""Which of two values of a key is kept."""

from __future__ import annotations

from services.runtime.batching.stamps import outdates, stamp, unstamped


def test_a_value_comes_back_without_its_stamp() -> None:
    """What was stamped is what is read."""
    assert unstamped(stamp(1 << 40, b"value")) == b"value"


def test_the_value_that_got_further_is_kept() -> None:
    """A write that arrives late, from a worker that was suspended, does not replace what its successor wrote."""
    late, current = stamp(7, b"late"), stamp(300, b"current")
    assert not outdates(late, current)
    assert outdates(current, late)


def test_of_equals_the_later_in_the_log_is_kept() -> None:
    """A worker looked at again without a record has the same position and a newer value."""
    assert outdates(stamp(7, b"again"), stamp(7, b"before"))


def test_a_deletion_is_taken_at_its_word() -> None:
    """An erased worker stays erased, and can begin anew."""
    assert outdates(None, stamp(7, b"value"))
    assert outdates(stamp(7, b"value"), None)
