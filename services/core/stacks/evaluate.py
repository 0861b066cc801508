"""Evaluation: one stack judged for one worker at one instant. Pure and total: it never raises on valid input.

The result is a tree that mirrors the rules. "Not yet met" is a value with what is there and what is needed. `complete`
is judged rule by rule and is apart from `progress`, which stays below 1 while anything is unmet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from services.core.facts import Facts
from services.core.stacks.changes import next_change_at, revoked_at
from services.core.stacks.compiled import CompiledCatalog, CompiledStack
from services.core.stacks.durations import LAST, TICK, Span
from services.core.stacks.exceptions import decisions_on, excepted
from services.core.stacks.granted import granted, with_cascades
from services.core.stacks.judge import Judge
from services.core.stacks.ledger import Ledger, ledger, past_of, with_copies
from services.core.stacks.outcome import Evaluation, earned_at
from services.core.stacks.outlook import Outlook, is_told_by_rules
from services.core.stacks.renewal import renewed
from services.core.stacks.rules import NestedNode
from services.core.stacks.uses import best_use
from services.core.stacks.versions import has_begun, turns, versions_for

ALMOST = 0.999
"""The most that progress shows while a stack is not complete."""


def evaluate(stack: CompiledStack, facts: Facts, as_of: datetime, catalog: CompiledCatalog) -> Evaluation:
    """The stack judged for a worker at an instant, by the version that holds for that worker."""
    return Evaluator(ledger(facts, as_of, catalog)).evaluation(stack.id)


def evaluate_all(
    stacks: Iterable[CompiledStack], facts: Facts, as_of: datetime, catalog: CompiledCatalog
) -> tuple[Evaluation, ...]:
    """Several stacks judged for one worker; cheaper than one by one, because they share what is looked up."""
    evaluator = Evaluator(ledger(facts, as_of, catalog))
    return tuple(evaluator.evaluation(stack.id) for stack in stacks)


@dataclass(slots=True, eq=False)
class Evaluator:
    """Judges stacks against one ledger; a stack that several depend on is judged once.

    `earlier` are evaluations by the same facts at other instants: each holds until its next change.
    """

    ledger: Ledger
    earlier: dict[CompiledStack, Evaluation] = field(default_factory=dict)
    known: dict[CompiledStack, Evaluation] = field(default_factory=dict)
    underway: set[str] = field(default_factory=set)

    def evaluation(self, stack_id: str) -> Evaluation:
        """A stack by its version that holds for the worker; of several that may, the one that serves best."""
        versions = versions_for(self.ledger, self.ledger.catalog.families[stack_id])
        if len(versions) == 1:
            return self.of_version(versions[0])
        judged = [self.of_version(version) for version in versions]
        best = max(judged, key=lambda one: (one.complete, one.progress))
        moments = (one.next_change_at for one in judged if one.next_change_at is not None)
        return replace(best, next_change_at=min(moments, default=None))

    def of_version(self, stack: CompiledStack) -> Evaluation:
        """Exactly this version."""
        known = self.known.get(stack)
        if known is None:
            known = self.earlier.get(stack)
            if known is None or not _holds(known, self.ledger.as_of):
                self.underway.add(stack.id)
                known = self.earlier[stack] = self._evaluated(stack)
                self.underway.discard(stack.id)
            self.known[stack] = known
        return known

    def _evaluated(self, stack: CompiledStack) -> Evaluation:
        return self.standing(stack) if stack.renewal is None else renewed(stack, self)

    def standing(self, stack: CompiledStack) -> Evaluation:
        """The stack by its rules, and by its past where that has a say; renewal apart."""
        judge, evaluation = self._by_rules(stack)
        if evaluation.complete:
            return evaluation
        if judge.could_have_been_met_earlier() or any(map(self._could_have_been_met, self._former(stack))):
            return self._looked_back(stack, evaluation)
        return evaluation

    def _former(self, stack: CompiledStack) -> list[CompiledStack]:
        """The versions that were in force before this one, where each holds in its time."""
        family = self.ledger.catalog.families.get(stack.id, ())
        if len(family) == 1 or stack.document.catalog_rule != "at_award" or stack not in family:
            return []
        return [one for one in family if one is not stack and has_begun(one, self.ledger.as_of)]

    def _could_have_been_met(self, stack: CompiledStack) -> bool:
        """Whether a version of a stack may have been complete at an earlier instant; never wrongly no."""
        base, _ = self._ledger_for(stack)
        return Judge(base, self.rules_of(stack), self.nested).could_have_been_met()

    def by_rules(self, stack: CompiledStack) -> Evaluation:
        """The stack by its rules at this instant alone, whatever was before."""
        return self._by_rules(stack)[1]

    def rules_of(self, stack: CompiledStack) -> CompiledStack:
        """The stack as a registrar's decisions leave it for this worker."""
        decisions = decisions_on(stack, self.ledger)
        return excepted(stack, decisions) if decisions else stack

    def _by_rules(self, stack: CompiledStack) -> tuple[Judge, Evaluation]:
        base, moments = self._ledger_for(stack)
        judge = Judge(base, self.rules_of(stack), self.nested)
        evaluation = self._judged(judge, moments)
        if judge.stack is not stack:
            evaluation = replace(evaluation, exceptions=decisions_on(stack, self.ledger))
        return judge, evaluation if evaluation.complete else self._credential(evaluation) or evaluation

    def _judged(self, judge: Judge, moments: Iterable[datetime]) -> Evaluation:
        stack, base = judge.stack, judge.ledger
        root, is_exact = judge.judged()
        if base.has_uses:
            root, is_exact, base = best_use(judge, root, is_exact=is_exact, nested_of=self.nested)
        return Evaluation(
            stack=stack,
            ledger=base,
            root=root,
            complete=root.is_met,
            progress=1.0 if root.is_met else min(round(root.fraction, 6), ALMOST),
            status="complete" if root.is_met else "in_progress" if root.fraction > 0 else "not_started",
            proof="exact" if root.is_met or is_exact else "heuristic",
            next_change_at=next_change_at(
                stack, judge.ledger, judge.eligible, (*moments, *self._nested_changes(judge))
            ),
            earned_at=earned_at(root) if root.is_met else None,
        )

    def _nested_changes(self, judge: Judge) -> Iterator[datetime]:
        for evaluation in judge.nested.values():
            if evaluation.next_change_at is not None:
                yield evaluation.next_change_at

    def nested(self, node: NestedNode) -> Evaluation:
        """A stack nested in a rule."""
        catalog = self.ledger.catalog
        if node.version is not None:
            stack = catalog.stack(node.stack_id, node.version)
        elif node.filter is None:
            return self.evaluation(node.stack_id)
        else:
            stack = versions_for(self.ledger, catalog.families[node.stack_id])[-1]
        found = self.of_version(catalog.variants.get((node, stack.version), stack))
        return found if node.filter is None else _lately(found, node.filter.within)

    def _ledger_for(self, stack: CompiledStack) -> tuple[Ledger, list[datetime]]:
        """The ledger with what other stacks award and renew, and when that may change."""
        index = self.ledger.catalog.index
        if stack.id not in index.feeds and stack.id not in index.cascades:
            return self.ledger, []
        feeding = self._others(index.feeds.get(stack.id, ()))
        renewing = self.renewing(stack)
        moments = [one.next_change_at for one in (*feeding, *renewing) if one.next_change_at is not None]
        base = self.ledger
        copies = [copy for copy in (granted(one, base) for one in feeding) if copy is not None]
        if copies:
            base = with_copies(base, lambda _: True, copies)
        return with_cascades(base, renewing), moments

    def renewing(self, stack: CompiledStack) -> list[Evaluation]:
        """The stacks whose renewal renews this one, or what counts in it."""
        return self._others(self.ledger.catalog.index.cascades.get(stack.id, ()))

    def _others(self, stack_ids: Iterable[str]) -> list[Evaluation]:
        return [self.evaluation(stack_id) for stack_id in stack_ids if stack_id not in self.underway]

    def _credential(self, evaluation: Evaluation) -> Evaluation | None:
        """The stack as complete by the award that it gives, where it is earned once and that award is held."""
        document, base = evaluation.stack.document, self.ledger
        if document.status != "earned_once" or document.awards is None or document.awards not in base.units:
            return None
        copy = base.copies[base.units[document.awards]][0]
        return replace(
            evaluation,
            complete=True,
            progress=1.0,
            status="complete",
            proof="exact",
            earned_at=copy.earned_at,
            credential=copy,
        )

    def _looked_back(self, stack: CompiledStack, evaluation: Evaluation) -> Evaluation:
        """What a stack is that is not complete now: still complete if earned once, lapsed, or never complete."""
        was = self.first_complete(stack)
        if was is None:
            return evaluation
        if stack.document.status == "earned_once":
            return replace(was, ledger=evaluation.ledger, next_change_at=revoked_at(stack, self.ledger))
        return replace(evaluation, status="lapsed")

    def first_complete(self, stack: CompiledStack, since: datetime | None = None) -> Evaluation | None:
        """The stack when its rules first made it complete, up to now; with `since`, by awards earned after it."""
        facts, moments = past_of(self.ledger, stack.id, since)
        catalog = self.ledger.catalog
        family = catalog.families.get(stack.id, ())
        if len(family) > 1:
            moments = sorted({*moments, *(moment for moment in turns(family) if moment <= self.ledger.as_of)})

        moments = self._worth_judging(stack, family, facts, moments)
        earlier: dict[CompiledStack, Evaluation] = {}

        def then(moment: datetime) -> Evaluation:
            evaluator = Evaluator(ledger(facts, moment, catalog), earlier)
            return evaluator.by_rules(_version_then(stack, evaluator.ledger))

        if self._only_gains(stack, family):
            first = bisect_left(moments, True, key=lambda moment: then(moment).complete)  # noqa: FBT003
            return then(moments[first]) if first < len(moments) else None
        return next((one for one in map(then, moments) if one.complete), None)

    def _worth_judging(
        self, stack: CompiledStack, family: Sequence[CompiledStack], facts: Facts, moments: list[datetime]
    ) -> list[datetime]:
        """Of instants in order, those at which the stack may have been complete."""
        whole = ledger(facts, self.ledger.as_of, self.ledger.catalog)
        if not is_told_by_rules(stack.id, whole):
            return moments
        versions = family if len(family) > 1 and stack in family else (stack,)
        outlook = Outlook(versions, whole)
        return [moment for moment in moments if outlook.may_be_met(moment)]

    def _only_gains(self, stack: CompiledStack, family: Sequence[CompiledStack]) -> bool:
        """Whether a stack that was complete once has been ever since, its rules alone considered."""
        index = self.ledger.catalog.index
        depends = stack.nested or stack.id in index.feeds or stack.id in index.cascades
        return not (stack.can_lapse or depends or len(family) > 1 or self.ledger.facts.exceptions)


def _lately(evaluation: Evaluation, within: Span | None) -> Evaluation:
    """A stack that is earned once, where it is asked to have been earned within a span; of others, the parts are."""
    earned = evaluation.earned_at
    if within is None or earned is None or evaluation.stack.document.status != "earned_once":
        return evaluation
    ends = min(within.after(earned), LAST - TICK) + TICK
    if ends > evaluation.as_of:
        return replace(evaluation, next_change_at=min(ends, evaluation.next_change_at or ends))
    return replace(evaluation, complete=False, progress=0.0, status="lapsed", earned_at=None)


def _holds(evaluation: Evaluation, as_of: datetime) -> bool:
    """Whether an evaluation is still right at an instant, by the same facts."""
    return evaluation.as_of <= as_of and (evaluation.next_change_at is None or as_of < evaluation.next_change_at)


def _version_then(stack: CompiledStack, then: Ledger) -> CompiledStack:
    """The version in force at an instant, where versions follow one another; else the one that is asked about."""
    family = then.catalog.families.get(stack.id, ())
    if stack.document.catalog_rule != "at_award" or stack not in family:
        return stack
    former = versions_for(then, family)[0]
    return former if (former.renewal is None) == (stack.renewal is None) else stack
