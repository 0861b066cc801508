"""Which of a gateway's own messages is the next on the log, as far as Kafka's acknowledgements tell.

A gateway that knows the log up to an offset, and hears that its own message is at this offset, knows the log beyond it
without having read it. Acknowledgements of one batch are heard in any order, so each waits here for its turn.
Pure. Invariant: messages of a partition come out in the order of their offsets, and none is left out between them.
"""

from __future__ import annotations


class OwnTurn:
    """Messages that were acknowledged and that the log has not shown yet."""

    def __init__(self) -> None:
        self._frames: dict[tuple[int, int], str] = {}

    def acknowledge(self, partition: int, offset: int, frame_id: str) -> None:
        """Hear where a message is; a negative offset says nothing."""
        if offset >= 0:
            self._frames[partition, offset] = frame_id

    def next(self, partition: int, offset: int) -> str | None:
        """The message at an offset, which is then forgotten; None when it is not known to be one's own."""
        return self._frames.pop((partition, offset), None)

    def clear(self) -> None:
        """Forget all: the log is read anew."""
        self._frames.clear()
