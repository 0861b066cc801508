"""Progress of plain stacks by pattern: judged for the first worker who has a pattern, known for all others.

A stack is plain when each of its rules names its achievements and shares none of them with another, and nothing outside
these rules has a say in it: no order or overlap, no nested stack, second version, renewal or equivalence. What it then
answers depends only on which of its achievements count for which rule, its pattern; who uses which award, and when, is
each worker's own. Most stacks are plain, and looking a pattern up costs a tenth of judging it. Why an award does not
count that is there, is each worker's own again, and said anew.

Invariant: the same as `progress_of(evaluate(...))` to the letter (tests/property/core/test_plain_laws.py). Where the
past may have a say, or a registrar, there is no answer here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from schemas.progress import MissingPart, Progress, Status
from services.core.facts import Facts
from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.changes import next_change_at
from services.core.stacks.compiled import CompiledCatalog, CompiledStack
from services.core.stacks.copies import Copy
from services.core.stacks.durations import FIRST
from services.core.stacks.evaluate import Evaluator
from services.core.stacks.explain import missing_sentence, not_held
from services.core.stacks.ledger import Ledger, ledger
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.progress import made, progress_of
from services.core.stacks.rules import CountLeaf, Group, Node, walk

MOST_PATTERNS = 4096
"""How many patterns of one stack are kept; then all are forgotten."""
Pattern = tuple[frozenset[str], ...]
"""For each leaf, the achievements that count."""


class Known(NamedTuple):
    """What a pattern answers."""

    complete: bool
    progress: float
    status: Status
    missing: tuple[MissingPart, ...]
    next_steps: tuple[str, ...]
    awards_to_finish: int | None
    finish_with: tuple[str, ...]
    standing: Mapping[Node, tuple[bool, float]]
    """Whether each rule is met, and how far."""


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A plain stack, and what its patterns answer."""

    stack: CompiledStack
    leaves: tuple[CountLeaf, ...]
    apart: frozenset[Node]
    """Rules for one award that are told of by themselves; what is missing beneath a choice is told of the choice."""
    has_choice: bool
    is_interchanged: bool
    """Whether an award for one of its rules may stand for something else instead."""
    known: dict[Pattern, Known] = field(default_factory=dict)


def progress_all(
    stacks: Iterable[CompiledStack], facts: Facts, as_of: datetime, catalog: CompiledCatalog, worker_id: str
) -> tuple[Progress, ...]:
    """Several stacks' progress of one worker, in the order given: what `progress_of` says of `evaluate_all`, sooner."""
    evaluator = Evaluator(ledger(facts, as_of, catalog))
    return tuple([_progress(stack, evaluator, worker_id) for stack in stacks])


def plain(stack: CompiledStack, catalog: CompiledCatalog) -> Plain | None:
    """The stack as a plain one; None when it is not."""
    plains: dict[str, Plain | None] = catalog.index.plains
    if stack.id not in plains:
        plains[stack.id] = _plain(stack, catalog)
    return plains[stack.id]


def _progress(stack: CompiledStack, evaluator: Evaluator, worker_id: str) -> Progress:
    base = evaluator.ledger
    one = plain(stack, base.catalog)
    if one is not None and not (base.facts.exceptions or (base.has_uses and one.is_interchanged)):
        found = None if _is_held(stack, base) else _by_pattern(one, evaluator, worker_id)
        if found is not None:
            return found
    return progress_of(evaluator.evaluation(stack.id), worker_id)


def _by_pattern(one: Plain, evaluator: Evaluator, worker_id: str) -> Progress | None:
    base, stack = evaluator.ledger, one.stack
    eligible = [base.eligible(leaf) for leaf in one.leaves]
    pattern = tuple([frozenset([base.copies[unit][0].achievement for unit in bits(units)]) for units in eligible])
    if _has_uncounted(one, pattern, base):
        return None
    known = one.known.get(pattern)
    has_past = stack.can_lapse and (base.has_expired or not stack.only_expires)
    if known is None:
        return None if has_past else _noted(one, pattern, evaluator.evaluation(stack.id), worker_id)
    if has_past and not known.complete:
        return None
    return _made(known, one, eligible, base, worker_id)


def _has_uncounted(one: Plain, pattern: Pattern, base: Ledger) -> bool:
    """Whether an award that is there does not count, or may not, for a rule that wants more and is not told of apart.

    A second award of what counts is one, too: its sentence would go to whoever has the pattern next.
    """
    for leaf, counted in zip(one.leaves, pattern, strict=True):
        if leaf not in one.apart and len(counted) < leaf.least:
            named = leaf.selector.ids or ()
            if sum(held.achievement in named for held in base.facts.awards) > len(counted):
                return True
    return False


def _noted(one: Plain, pattern: Pattern, evaluation: Evaluation, worker_id: str) -> Progress:
    """The progress, once it is noted what its pattern answers to whoever has no award that does not count."""
    progress = progress_of(evaluation, worker_id)
    unheld = {leaf.path: not_held(leaf, evaluation) for leaf in one.leaves if leaf.kind == "award"}
    missing = [part.model_copy(update={"reason": unheld.get(part.path, part.reason)}) for part in progress.missing]
    if len(one.known) >= MOST_PATTERNS:
        one.known.clear()
    standing = {outcome.node: (outcome.is_met, outcome.fraction) for outcome in _outcomes(evaluation.root)}
    answers = (progress.complete, progress.progress, progress.status, tuple(missing), progress.next_steps)
    one.known[pattern] = Known(*answers, progress.awards_to_finish, progress.finish_with, standing)
    return progress


def _outcomes(outcome: Outcome) -> Iterator[Outcome]:
    yield outcome
    for child in outcome.children:
        yield from _outcomes(child)


def _made(known: Known, one: Plain, eligible: list[Units], base: Ledger, worker_id: str) -> Progress:
    used: dict[Node, list[Copy]] = {
        leaf: _used(leaf, units, base) for leaf, units in zip(one.leaves, eligible, strict=True)
    }
    allocation: dict[str, str] = {}
    moments: list[datetime] = []
    for leaf in _resting_on(one.stack.root, known, used) if one.has_choice else one.leaves:
        for copy in used[leaf]:
            allocation.setdefault(copy.key, leaf.path)
            moments.append(copy.earned_at)
    return made(
        Progress,
        worker_id=worker_id,
        stack_id=one.stack.id,
        stack_version=one.stack.version,
        complete=known.complete,
        progress=known.progress,
        status=known.status,
        missing=_with_reasons(known, one, eligible, base),
        next_steps=known.next_steps,
        awards_to_finish=known.awards_to_finish,
        finish_with=known.finish_with,
        allocation=allocation,
        proof="exact",
        next_change_at=next_change_at(one.stack, base, eligible, ()),
        as_of=base.as_of,
        completed_at=max(moments, default=None) if known.complete else None,
        advice=None,
        exceptions=(),
    )


def _used(leaf: CountLeaf, units: Units, base: Ledger) -> list[Copy]:
    """The awards that a leaf uses, older first: as many as it needs."""
    return [base.counting(unit, leaf)[0] for unit in islice(bits(units), leaf.least)]


def _resting_on(node: Node, known: Known, used: Mapping[Node, list[Copy]]) -> Iterator[Node]:
    """The leaves that a rule rests on: of a choice those of the options taken, chosen as `outcome.supporting` does."""
    if not isinstance(node, Group):
        yield node
        return
    children: Sequence[Node] = node.children
    if node.least < len(children):

        def rank(child: Node) -> tuple[bool, float, datetime]:
            is_met, fraction = known.standing[child]
            return (not is_met, -fraction, _earned_at(child, known, used) or FIRST)

        children = sorted(children, key=rank)[: node.least]
    for child in children:
        yield from _resting_on(child, known, used)


def _earned_at(node: Node, known: Known, used: Mapping[Node, list[Copy]]) -> datetime | None:
    moments = [copy.earned_at for leaf in _resting_on(node, known, used) for copy in used[leaf]]
    return max(moments, default=None)


def _with_reasons(known: Known, one: Plain, eligible: list[Units], base: Ledger) -> tuple[MissingPart, ...]:
    """What is missing, with the reasons why awards that are there do not count."""
    if known.complete:
        return known.missing
    reasons: dict[str, str] = {}
    paths = {part.path for part in known.missing if part.rule == "award"}
    for leaf, units in zip(one.leaves, eligible, strict=True):
        if (
            not units
            and leaf.kind == "award"
            and leaf.path in paths
            and not base.names.isdisjoint(leaf.selector.ids or ())
        ):
            reasons[leaf.path] = missing_sentence(*_unmet(leaf, one, base))
    if not reasons:
        return known.missing
    return tuple([_because(part, reasons[part.path]) if part.path in reasons else part for part in known.missing])


def _because(part: MissingPart, reason: str) -> MissingPart:
    return made(MissingPart, **(part.__dict__ | {"reason": reason}))


def _unmet(leaf: CountLeaf, one: Plain, base: Ledger) -> tuple[Outcome, Evaluation]:
    """A rule that nothing counts for, and an evaluation of it alone: all that its sentence is made of."""
    outcome = Outcome(leaf, is_met=False, fraction=0.0, have=0.0, need=float(leaf.least))
    return outcome, Evaluation(one.stack, base, outcome, False, 0.0, "not_started", "exact", None, None)  # noqa: FBT003


def _is_held(stack: CompiledStack, base: Ledger) -> bool:
    """Whether the worker holds what a stack that is earned once awards, which proves it."""
    document = stack.document
    return document.status == "earned_once" and document.awards is not None and document.awards in base.units


def _plain(stack: CompiledStack, catalog: CompiledCatalog) -> Plain | None:
    index = catalog.index
    if (
        len(catalog.families[stack.id]) > 1
        or stack.renewal is not None
        or stack.nested
        or stack.goals
        or stack.has_watches
        or stack.id in index.feeds
        or stack.id in index.cascades
        or not all(map(_is_countable, walk(stack.root)))
    ):
        return None
    named = [name for leaf in stack.leaves for name in leaf.selector.ids or ()]
    stood_for = {target.achievement for one in catalog.equivalences for target in one.document.to}
    if len(named) != len(set(named)) or not stood_for.isdisjoint(named):
        return None
    is_interchanged = any(one.selector.may(catalog.offered(name)) for one in catalog.equivalences for name in named)
    leaves = tuple(leaf for leaf in stack.leaves if isinstance(leaf, CountLeaf))
    has_choice = any(isinstance(node, Group) and node.least < len(node.children) for node in walk(stack.root))
    return Plain(stack, leaves, frozenset(_apart(stack.root)), has_choice, is_interchanged)


def _apart(node: Node) -> Iterator[Node]:
    """The rules for one award that no choice speaks for: a choice is told of as one, also where all of it is wanted."""
    if isinstance(node, Group):
        if not node.is_choice:
            for child in node.children:
                yield from _apart(child)
    elif node.kind == "award":
        yield node


def _is_countable(node: Node) -> bool:
    """Whether a rule is a group in no order and without a maximum, or counts achievements by their names."""
    if isinstance(node, Group):
        return node.kind != "seq" and node.most is None
    return (
        isinstance(node, CountLeaf)
        and node.distinct == "achievement"
        and node.claim == "exclusive"
        and node.selector.ids is not None
        and node.is_plain
    )
