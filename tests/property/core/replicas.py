"""One state machine for every merge type: replicas hear records in any order, gossip, restart from bytes, and converge.

In the manner of basho/riak_dt's `crdt_statem_eqc`. A merge type is given as a `Lattice`. Each replica is checked
against the lattice itself (all that it heard, heard in one go) and an independent reckoning of the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

REPLICAS = st.integers(0, 2)


@dataclass(frozen=True)
class Lattice:
    """A merge type: how it starts, hears records, merges, is written and is read."""

    bottom: Any
    hear: Callable[[Any, Sequence[Any]], Any]
    merge: Callable[[Any, Any], Any]
    dumps: Callable[[Any], bytes]
    loads: Callable[[bytes], Any]
    read: Callable[[Any], Any]
    reckon: Callable[[Sequence[Any]], Any]
    """What `read` must give after these records, worked out without the lattice; None where that is free."""


class Replicas(RuleBasedStateMachine):
    """Three replicas of a lattice; `machine` says of which, and what records they hear."""

    lattice: ClassVar[Lattice]
    records: ClassVar[st.SearchStrategy[Any]]

    @initialize()
    def start(self) -> None:
        """Nothing is known yet."""
        self.replicas = [self.lattice.bottom] * 3
        self.said: list[Any] = []
        self.heard: list[list[Any]] = [[], [], []]

    @rule(replica=REPLICAS, data=st.data())
    def hears(self, replica: int, data: st.DataObject) -> None:
        """A batch of new records arrives."""
        batch = data.draw(st.lists(self.records, max_size=4))
        self.said += batch
        self._hear(replica, batch)

    @rule(replica=REPLICAS, data=st.data())
    def hears_again(self, replica: int, data: st.DataObject) -> None:
        """Records arrive that some replica knows already."""
        if self.said:
            self._hear(replica, data.draw(st.lists(st.sampled_from(self.said), max_size=4)))

    @rule(ours=REPLICAS, theirs=REPLICAS)
    def gossips(self, ours: int, theirs: int) -> None:
        """One replica learns all that another knows."""
        self.replicas[ours] = self.lattice.merge(self.replicas[ours], self.replicas[theirs])
        self.heard[ours] = self.heard[ours] + self.heard[theirs]

    @rule(replica=REPLICAS)
    def restarts(self, replica: int) -> None:
        """A replica is written and read back."""
        self.replicas[replica] = self.lattice.loads(self.lattice.dumps(self.replicas[replica]))

    @invariant()
    def each_is_what_it_heard(self) -> None:
        """The way by which records came does not matter."""
        for state, heard in zip(self.replicas, self.heard, strict=True):
            assert state == self.lattice.hear(self.lattice.bottom, heard)
            assert self.lattice.reckon(heard) in (None, self.lattice.read(state))

    @invariant()
    def merging_obeys_the_laws(self) -> None:
        """Commutative, associative, idempotent, absorbing, with the bottom as its unit."""
        a, b, c = self.replicas
        merge = self.lattice.merge
        assert merge(a, b) == merge(b, a)
        assert merge(merge(a, b), c) == merge(a, merge(b, c))
        assert merge(a, a) is a
        assert merge(merge(a, b), b) == merge(a, b)
        assert merge(a, self.lattice.bottom) == a == merge(self.lattice.bottom, a)

    def _hear(self, replica: int, batch: list[Any]) -> None:
        self.replicas[replica] = self.lattice.hear(self.replicas[replica], batch)
        self.heard[replica] = self.heard[replica] + batch


def machine(lattice: Lattice, records: st.SearchStrategy[Any]) -> type[Replicas]:
    """The machine for this lattice and these records."""
    return type("ReplicasOfALattice", (Replicas,), {"lattice": lattice, "records": records})
