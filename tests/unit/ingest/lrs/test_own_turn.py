"""A gateway's own messages, taken in by what Kafka acknowledged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.lrs.own_turn import OwnTurn


@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_messages_come_in_the_order_of_the_log_up_to_the_first_that_is_of_another(
    heard: list[int], others: set[int]
) -> None:
    """In whatever order their acknowledgements are heard."""
    turn, seen_next, taken = OwnTurn(), 0, list[str]()
    for offset in heard:
        if offset in others:
            continue
        turn.acknowledge(0, offset, f"frame {offset}")
        while (frame_id := turn.next(0, seen_next)) is not None:
            taken.append(frame_id)
            seen_next += 1
    assert taken == [f"frame {offset}" for offset in range(min(others, default=6))]


def test_partitions_are_apart_and_what_kafka_does_not_tell_is_nothing() -> None:
    """An idempotent client that sent a batch twice hears no offset."""
    turn = OwnTurn()
    turn.acknowledge(0, -1, "unknown")
    turn.acknowledge(0, 7, "frame")
    assert (turn.next(0, -1), turn.next(1, 7), turn.next(0, 7), turn.next(0, 7)) == (None, None, "frame", None)
    turn.acknowledge(0, 8, "later")
    turn.clear()
    assert turn.next(0, 8) is None
