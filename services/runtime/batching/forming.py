"""How a partition's fetched records become batches: the pure part of the batch transport.

Apart from the consumer because it is the part with laws: batches laid end to end are the log, each record once; no
batch starts before the one ahead of it was completed; and where a cut is known, a batch is exactly that cut, however
the fetches fell. No clock and no client here: the consumer passes the time in.

While a batch is out, what is fetched meanwhile gathers, so batches grow with the load and nothing is waited for when
there is little of it, but `linger_seconds`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol


class Located(Protocol):
    """A record as far as forming batches goes: it has a place in its partition's log."""

    @property
    def offset(self) -> int:
        """Its place in the log of its partition."""


@dataclass(frozen=True, slots=True)
class FormingRules:
    """How large a batch may be, and how long after the last one the next may start at the earliest."""

    max_records: int = 8000
    linger_seconds: float = 0.05


@dataclass(frozen=True, slots=True)
class Cut:
    """A batch that was announced before: a restarted writer must form the same one again, first to last offset."""

    first: int
    last: int


class Forming:
    """The records of one partition that were fetched and not yet delivered, and the batch that is out, if any."""

    __slots__ = ("_cuts", "_not_before", "_pending", "_rules", "completed_to", "last_out")

    def __init__(self, rules: FormingRules, cuts: Iterable[Cut] | None = ()) -> None:
        self._rules = rules
        self._cuts = None if cuts is None else sorted(cuts, key=attrgetter("first"))
        self._pending: list[Located] = []
        self._not_before = 0.0
        self.last_out: int | None = None
        """Last offset of the batch that is out; None when none is."""
        self.completed_to: int | None = None
        """The offset to commit: one past the last completed batch; None before the first."""

    @property
    def needs_cuts(self) -> bool:
        """Whether nothing may be delivered before `know` was called, though there are records."""
        return self._cuts is None and bool(self._pending)

    @property
    def has_room(self) -> bool:
        """Whether to fetch more: up to one full batch gathers, or as much as a known cut takes."""
        return len(self._pending) < self._rules.max_records or self._awaits_cut()

    @property
    def first_pending(self) -> int:
        """Offset of the oldest record not yet delivered. Only while there is one."""
        return self._pending[0].offset

    def know(self, cuts: Iterable[Cut]) -> None:
        """Take in the batches announced earlier for offsets that are still to come."""
        self._cuts = sorted(cuts, key=attrgetter("first"))

    def add(self, records: Sequence[Located]) -> None:
        """Append what was fetched, in the order of the log."""
        self._pending.extend(records)

    def take(self, now: float) -> list[Located] | None:
        """The next batch, which is out from then on; None when there is none to deliver now."""
        if self.due_at() is None or now < self._not_before:
            return None
        size = self._next_size()
        if not size:
            return None
        batch, self._pending = self._pending[:size], self._pending[size:]
        self.last_out = batch[-1].offset
        self._not_before = now + self._rules.linger_seconds
        return batch

    def due_at(self) -> float | None:
        """When `take` may have a batch if no more is added; None when only an event can change the answer."""
        if self.last_out is not None or not self._pending or self._cuts is None:
            return None
        return self._not_before

    def complete(self) -> None:
        """Count the batch that is out as processed, and let the next one go."""
        if self.last_out is not None:
            self.completed_to = self.last_out + 1
            self.last_out = None

    def _next_size(self) -> int:
        """How many pending records make the next batch; 0 while a cut is not all there."""
        cut = self._next_cut()
        limit = self._rules.max_records
        if cut is None:
            return min(len(self._pending), limit)
        if cut.first > self.first_pending:
            return min(bisect_left(self._pending, cut.first, key=attrgetter("offset")), limit)
        return 0 if self._awaits_cut() else bisect_right(self._pending, cut.last, key=attrgetter("offset"))

    def _awaits_cut(self) -> bool:
        cut = self._next_cut() if self._pending else None
        return cut is not None and cut.first == self.first_pending and self._pending[-1].offset < cut.last

    def _next_cut(self) -> Cut | None:
        """The first cut that can still be formed: one whose start has gone by cannot."""
        while self._cuts and self._cuts[0].first < self.first_pending:
            del self._cuts[0]
        return self._cuts[0] if self._cuts else None
