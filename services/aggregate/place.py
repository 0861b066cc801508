"""Where in the log a batch is: what makes two attempts at it, before and after a crash, recognisably the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """First and last offset of a batch in one partition of one life (epoch) of a topic."""

    topic: str
    partition: int
    epoch: int
    first: int
    last: int

    def token(self, table: str) -> str:
        """The deduplication token of what the batch inserts into a table.

        Never change how it is made: an insert repeated by a newer version must still be recognised.
        """
        return f"{self.topic}/{self.partition}/{self.epoch}/{self.first}-{self.last}/{table}"
