"""What claims are made on: the leaves of one tree, what each may have, and what is settled apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.core.stacks.allocate.units import Units
from services.core.stacks.measure import Measures
from services.core.stacks.rules import GoalNode, Leaf, Node
from services.core.stacks.ties import Watch


@dataclass(frozen=True, slots=True)
class Claims:
    """What each exclusive leaf (by number) claims, and what that is worth.

    `is_proven` when all is met, or when nothing meets all.
    """

    units: Mapping[int, Units]
    worth: float
    is_proven: bool


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What claims are made on: the leaves, what each may have, what more than one wants, and what is settled apart.

    `settled` are the rules that claim nothing, with how far each is met; `watches` are those of the rules that depend
    on claims, and of sequences.
    """

    measures: Measures
    leaves: Sequence[Leaf]
    eligible: Sequence[Units]
    settled: Mapping[Node, float]
    contended: Units
    watches: Mapping[Node, Watch]

    def wanted(self, node: Node) -> Units:
        """All that the leaves beneath a rule may have."""
        units = 0
        for number in node.leaves:
            units |= self.eligible[number]
        return units

    def branch(self, node: GoalNode) -> Node | None:
        """The rule that holds for this worker's goals."""
        return node.then if node.goal in self.measures.ledger.goals else node.otherwise
