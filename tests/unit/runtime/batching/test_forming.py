"""When a batch is due, and what holds it back."""

from __future__ import annotations

from dataclasses import dataclass

from services.runtime.batching.forming import Cut, Forming, FormingRules

RULES = FormingRules(max_records=3, linger_seconds=0.5)


@dataclass(frozen=True)
class At:
    """A record that is nothing but its offset."""

    offset: int


def _records(first: int, last: int) -> list[At]:
    return [At(offset) for offset in range(first, last + 1)]


def _offsets(batch: object) -> list[int]:
    assert isinstance(batch, list)
    return [record.offset for record in batch]


def test_the_first_record_is_delivered_at_once() -> None:
    """An idle partition adds no latency."""
    forming = Forming(RULES)
    forming.add(_records(5, 5))
    assert _offsets(forming.take(now=100.0)) == [5]


def test_what_arrives_during_the_linger_shares_the_next_batch() -> None:
    """A trickle makes few batches: the next one starts no sooner than the linger after the last."""
    forming = Forming(RULES)
    forming.add(_records(0, 0))
    forming.take(now=100.0)
    forming.complete()
    forming.add(_records(1, 1))
    assert forming.take(now=100.4) is None
    assert forming.due_at() == 100.5
    forming.add(_records(2, 2))
    assert _offsets(forming.take(now=100.5)) == [1, 2]


def test_nothing_is_due_while_a_batch_is_out() -> None:
    """Only completing the batch lets the next one go, so waiting for a time would be waiting for nothing."""
    forming = Forming(RULES)
    forming.add(_records(0, 1))
    forming.take(now=0.0)
    forming.add(_records(2, 3))
    assert forming.due_at() is None


def test_room_ends_at_one_full_batch() -> None:
    """A slow sink stops the fetching: that is the back-pressure."""
    forming = Forming(RULES)
    forming.add(_records(0, 1))
    assert forming.has_room
    forming.add(_records(2, 2))
    assert not forming.has_room


def test_room_does_not_end_before_a_cut_is_complete() -> None:
    """A batch that an earlier writer announced may be larger than ours are now; it must come together all the same."""
    forming = Forming(RULES, [Cut(0, 5)])
    forming.add(_records(0, 4))
    assert forming.has_room
    assert forming.take(now=0.0) is None
    forming.add(_records(5, 6))
    assert _offsets(forming.take(now=0.0)) == [0, 1, 2, 3, 4, 5]


def test_nothing_is_delivered_before_cuts_are_known() -> None:
    """A batch formed before the announcements were read could overlap one of them."""
    forming = Forming(RULES, None)
    forming.add(_records(0, 2))
    assert forming.needs_cuts
    assert forming.take(now=0.0) is None
    forming.know([Cut(0, 1)])
    assert _offsets(forming.take(now=0.0)) == [0, 1]


def test_a_cut_whose_start_has_gone_by_is_ignored() -> None:
    """Reading may start inside an old batch, after an operator moved the offsets: it cannot be formed again."""
    forming = Forming(RULES, [Cut(0, 4)])
    forming.add(_records(2, 6))
    assert _offsets(forming.take(now=0.0)) == [2, 3, 4]
