"""Why an award that a rule selects does not count there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.core.facts import Held
from services.core.stacks.compiled import CompiledEquivalence
from services.core.stacks.copies import Copy, copy_of, counterpart
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.rules import Filter, Leaf, SumLeaf


@dataclass(frozen=True, slots=True)
class Refusal:
    """An award (by its key and achievement) that does not count for a rule, and why, in a few words."""

    key: str
    achievement: str
    reason: str


def refusals(outcome: Outcome, evaluation: Evaluation) -> Iterator[Refusal]:
    """The awards that a rule selects and does not use, in the order of their keys."""
    leaf = outcome.node
    if not isinstance(leaf, Leaf):
        return
    equivalences = _equivalences(leaf, evaluation)
    ids = leaf.selector.ids
    named = None if ids is None or equivalences else leaf.admitted.union(ids)
    if named is not None and named.isdisjoint(evaluation.ledger.names):
        return
    used = {copy.key for copy in outcome.used}
    for held in evaluation.ledger.facts.awards:
        if held.key in used or (named is not None and held.achievement not in named):
            continue
        for copy in _copies(held, leaf, equivalences, evaluation):
            reason = _reason(held, copy, leaf, outcome, evaluation)
            if reason is not None:
                yield Refusal(held.key, held.achievement, reason)
                break


def concerns_nothing(leaf: Leaf, evaluation: Evaluation) -> bool:
    """Whether a rule names achievements that there is no award of, by equivalence either; not wrongly yes."""
    ids = leaf.selector.ids
    return (
        ids is not None
        and leaf.is_plain
        and evaluation.ledger.names.isdisjoint(ids)
        and not _equivalences(leaf, evaluation)
    )


def _copies(
    held: Held, leaf: Leaf, equivalences: Sequence[tuple[int, CompiledEquivalence]], evaluation: Evaluation
) -> Iterator[Copy]:
    """The award as what it is and as what it is equivalent to, where the leaf selects that."""
    achievements = evaluation.ledger.catalog.achievements
    own = copy_of(held, achievements.get(held.achievement))
    if _selects(leaf, own):
        yield own
    for number, equivalence in equivalences:
        if equivalence.selector.test(own):
            for target in equivalence.document.to:
                made = counterpart(own, target, achievements.get(target.achievement), number)
                if _selects(leaf, made):
                    yield made


def _equivalences(leaf: Leaf, evaluation: Evaluation) -> list[tuple[int, CompiledEquivalence]]:
    """The equivalences (numbered from 1) that may make what a leaf selects."""
    ids = leaf.selector.ids
    return [
        (number, equivalence)
        for number, equivalence in enumerate(evaluation.ledger.catalog.equivalences, start=1)
        if ids is None or any(target.achievement in ids for target in equivalence.document.to)
    ]


def _selects(leaf: Leaf, copy: Copy) -> bool:
    return copy.achievement in leaf.admitted or leaf.selector.test(copy)


def _reason(held: Held, copy: Copy, leaf: Leaf, outcome: Outcome, evaluation: Evaluation) -> str | None:
    return (
        _of_the_award(held, copy, evaluation)
        or _of_the_rule(copy, leaf, evaluation)
        or _of_the_allocation(copy, leaf, outcome, evaluation)
    )


def _of_the_allocation(copy: Copy, leaf: Leaf, outcome: Outcome, evaluation: Evaluation) -> str | None:
    """What keeps an award that may count from being counted."""
    elsewhere = None if leaf.claim != "exclusive" else _used_for(copy, leaf, evaluation.root)
    reasons = {
        "earned before what must come first": outcome.is_out_of_order,
        f"already used for {elsewhere}": elsewhere is not None,
        "the same achievement counts once": any(used.achievement == copy.achievement for used in outcome.used),
        f"not among what {leaf.from_claimed} uses": leaf.from_claimed is not None,
        **_of_the_amount(copy, leaf, evaluation),
        "not needed": outcome.is_met and leaf.claim != "observe",
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _of_the_amount(copy: Copy, leaf: Leaf, evaluation: Evaluation) -> dict[str, bool]:
    if not isinstance(leaf, SumLeaf):
        return {}
    return {f"states no credits in {leaf.unit.replace('_', ' ')}s": not evaluation.ledger.grains(copy, leaf.unit)}


def _of_the_award(held: Held, copy: Copy, evaluation: Evaluation) -> str | None:
    """What keeps an award from counting anywhere."""
    as_of, ended = evaluation.as_of, evaluation.valid_until
    if ended is not None and not evaluation.complete and copy.earned_at <= evaluation.validity[0][0]:
        return f"counted until the stack lapsed {_day(ended)}"
    if held.revoked_at is not None and held.revoked_at <= as_of:
        why = f": {held.revoked_reason}" if held.revoked_reason else ""
        return f"revoked {_day(held.revoked_at)}{why}"
    if copy.earned_at > as_of or copy.valid_from > as_of:
        return f"not valid before {_day(max(copy.earned_at, copy.valid_from))}"
    return _of_the_use(copy, evaluation)


def _of_the_use(copy: Copy, evaluation: Evaluation) -> str | None:
    """What keeps an award from standing for another achievement."""
    if copy.use <= 0:
        return None
    document = evaluation.ledger.catalog.equivalences[copy.use - 1].document
    if document.start is not None and copy.earned_at < document.start:
        return f"the equivalence began {_day(document.start)}"
    if document.end is not None and copy.earned_at >= document.end:
        return f"the equivalence ended {_day(document.end)}"
    if document.min_score is not None and (copy.score is None or copy.score < document.min_score):
        return f"the equivalence asks for a score of {document.min_score:g}"
    unit = evaluation.ledger.units.get(copy.achievement)
    copies = () if unit is None else evaluation.ledger.copies[unit]
    return None if any(one.key == copy.key for one in copies) else "already used as another achievement"


def _of_the_rule(copy: Copy, leaf: Leaf, evaluation: Evaluation) -> str | None:
    """What keeps an award from counting for a rule, by its modifiers and by a registrar's decision."""
    if copy.achievement in leaf.blocked:
        decided = (one for one in evaluation.exceptions if one.achievement == copy.achievement)
        return next((f"kept out by {one.by}: {one.why}" for one in decided), "kept out")
    if copy.achievement in leaf.excused or leaf.filter is None:
        return None
    return filtered(copy, leaf.filter, evaluation)


def filtered(copy: Copy, asked: Filter, evaluation: Evaluation) -> str | None:
    """The first modifier that an award does not pass, or None."""
    return next((reason for reason in _failures(copy, asked, evaluation) if reason is not None), None)


def _failures(copy: Copy, asked: Filter, evaluation: Evaluation) -> Iterator[str | None]:
    as_of, scales = evaluation.as_of, evaluation.stack.scales
    if asked.active and copy.valid_until is not None and copy.valid_until <= as_of:
        yield f"expired {_day(copy.valid_until)}"
    if asked.within is not None and asked.within.after(copy.earned_at) < as_of:
        yield f"earned {_day(copy.earned_at)}, not within {asked.within.text}"
    if asked.min_score is not None and (copy.score is None or copy.score < asked.min_score):
        yield "no score" if copy.score is None else f"score {copy.score:g} below {asked.min_score:g}"
    if asked.min_grade is not None and not scales.is_at_least(copy.grade, asked.min_grade):
        yield "no grade" if copy.grade is None else f"grade {copy.grade} below {asked.min_grade}"
    if copy.trust < asked.trust:
        yield f"trust {copy.trust} below {asked.trust}"
    if asked.where is not None and not asked.where.test(copy):
        yield "not among the awards that this stack looks at"


def _used_for(copy: Copy, leaf: Leaf, outcome: Outcome) -> str | None:
    """The name (or path) of another exclusive rule that uses the award's achievement, or the award."""
    node = outcome.node
    if isinstance(node, Leaf):
        uses = any(copy.key == one.key or copy.achievement == one.achievement for one in outcome.used)
        return (node.name or node.path) if uses and node is not leaf and node.claim == "exclusive" else None
    found = (_used_for(copy, leaf, child) for child in outcome.children)
    return next((name for name in found if name is not None), None)


def _day(instant: datetime) -> str:
    return instant.date().isoformat()
