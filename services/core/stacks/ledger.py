"""The ledger: one worker's awards at one instant, laid out so that rules look them up instead of searching.

Awards that count now (begun, not revoked) are copies; the copies of one achievement are one unit, because they count
once. Units are numbered by their oldest copy, so that a set of units is an integer and "older first" is "lowest bit
first". A ledger is made once and serves every stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from services.core.facts import Facts, Held
from services.core.stacks.allocate.units import Units, bits
from services.core.stacks.compiled import CompiledCatalog
from services.core.stacks.copies import Copy, copy_of, counterpart
from services.core.stacks.durations import TICK
from services.core.stacks.rules import Leaf, grains
from services.core.stacks.select import Selector


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """One worker's awards at `as_of`."""

    facts: Facts
    as_of: datetime
    catalog: CompiledCatalog
    units: dict[str, int]
    """Achievement -> unit."""
    copies: list[tuple[Copy, ...]]
    """Unit -> its copies, oldest first."""
    pending: tuple[tuple[datetime, Copy], ...]
    """Awards that begin or are revoked after `as_of`, and when."""
    goals: frozenset[str]
    """Stacks that the worker is enrolled in."""
    names: frozenset[str]
    """Every achievement that there is an award of, whether or not it counts."""
    has_expired: bool
    """Whether the validity of a copy has ended."""
    has_uses: bool = False
    """Whether an award stands for more than one achievement."""
    mixed: Units = 0
    """Units of several achievements: one award as each of what it may be used as."""
    matches: dict[Selector, Units] = field(default_factory=dict)
    concerns: dict[str, tuple[Held, ...]] = field(default_factory=dict)
    """Stack -> the awards that may concern it, without those revoked by now: a memo."""

    def eligible(self, leaf: Leaf) -> Units:
        """The units with a copy that counts for a leaf."""
        ids = leaf.selector.ids
        candidates = self._named(ids) if ids is not None else self._matching(leaf.selector)
        if leaf.admitted:
            candidates |= self._named(leaf.admitted)
        if leaf.filter is None and leaf.is_plain:
            return candidates
        found = 0
        for unit in bits(candidates):
            if any(self.counts(copy, leaf) for copy in self.copies[unit]):
                found |= 1 << unit
        return found

    def counts(self, copy: Copy, leaf: Leaf) -> bool:
        """Whether a copy of an achievement that a leaf selects or admits counts there."""
        if not leaf.is_plain:
            if copy.achievement in leaf.blocked:
                return False
            if copy.achievement in leaf.excused:
                return True
        if leaf.filter is not None and not leaf.filter.passes(copy, self.as_of, self.catalog.scales):
            return False
        if leaf.selector.ids is not None and not self.mixed:
            return True
        return copy.achievement in leaf.admitted or leaf.selector.test(copy)

    def counting(self, unit: int, leaf: Leaf) -> tuple[Copy, ...]:
        """The copies of a unit that count for a leaf, oldest first."""
        copies = self.copies[unit]
        if leaf.filter is None and leaf.selector.ids is not None and leaf.is_plain and not self.mixed:
            return copies
        return tuple(copy for copy in copies if self.counts(copy, leaf))

    def grains(self, copy: Copy, unit: str) -> int:
        """What a copy is worth in `GRAIN`ths of a credit unit: as it states, else as the catalog states.

        0 when neither is in that unit or in one that a declared rate converts.
        """
        own = self._in_unit(copy.credits, copy.unit or unit, unit)
        if own is not None:
            return own
        offered = self.catalog.achievements.get(copy.achievement)
        if offered is None or offered.credits is None or copy.via is not None:
            return 0
        return self._in_unit(offered.credits.value, offered.credits.unit, unit) or 0

    def _in_unit(self, amount: float | None, stated: str, wanted: str) -> int | None:
        if amount is None:
            return None
        if stated == wanted:
            return grains(amount)
        rate = self.catalog.rates.get((stated, wanted))
        return None if rate is None else grains(amount * rate)

    def _named(self, ids: Iterable[str]) -> Units:
        found, units = 0, self.units
        for achievement in ids:
            if achievement in units:
                found |= 1 << units[achievement]
        return found

    def _matching(self, selector: Selector) -> Units:
        known = self.matches.get(selector)
        if known is None:
            known = 0
            for unit, copies in enumerate(self.copies):
                if any(selector.test(copy) for copy in copies):
                    known |= 1 << unit
            self.matches[selector] = known
        return known


def ledger(facts: Facts, as_of: datetime, catalog: CompiledCatalog) -> Ledger:
    """One worker's awards at an instant, those that no stack could use left out. Costs a microsecond or so an award."""
    now: list[Copy] = []
    pending: list[tuple[datetime, Copy]] = []
    offered, stacks_of = catalog.achievements, catalog.index.stacks_of
    may_use_any = bool(facts.exceptions)
    for held in facts.awards:
        if not (may_use_any or stacks_of(held, offered.get(held.achievement))):
            continue
        begins = _begins_at(held)
        ends = held.revoked_at
        if begins <= as_of:
            if ends is None or ends > as_of:
                now.append(copy_of(held, offered.get(held.achievement)))
                if ends is not None:
                    pending.append((ends, now[-1]))
        elif ends is None or ends > begins:
            pending.append((begins, copy_of(held, offered.get(held.achievement))))
    if catalog.equivalences:
        now += [made for copy in now for made in _counterparts(copy, catalog)]
        pending += [(at, made) for at, copy in pending for made in _counterparts(copy, catalog)]
    return _ledger_over(facts, as_of, catalog, now, tuple(pending))


def _ledger_over(
    facts: Facts,
    as_of: datetime,
    catalog: CompiledCatalog,
    now: list[Copy],
    pending: tuple[tuple[datetime, Copy], ...],
    together: Mapping[str, str] | None = None,
) -> Ledger:
    now.sort(key=_age)
    units: dict[str, int] = {}
    grouped: list[list[Copy]] = []
    for copy in now:
        name = copy.achievement if together is None else together.get(copy.achievement, copy.achievement)
        unit = units.get(name)
        if unit is None:
            unit = units[name] = len(grouped)
            grouped.append([copy])
        else:
            grouped[unit].append(copy)
        if name != copy.achievement:
            units[copy.achievement] = unit
    goals = frozenset(one.stack_id for one in facts.enrolments if one.enrolled_at <= as_of)
    copies = [tuple(copies) for copies in grouped]
    has_uses = bool(catalog.equivalences) and any(copy.use > 0 for copy in now)
    names = frozenset([one.achievement for one in facts.awards])
    has_expired = any(copy.valid_until is not None and copy.valid_until <= as_of for copy in now)
    mixed = sum(1 << units[name] for name in {*together.values()} if name in units) if together else 0
    return Ledger(facts, as_of, catalog, units, copies, pending, goals, names, has_expired, has_uses, mixed)


def with_copies(
    base: Ledger,
    keep: Callable[[Copy], bool],
    more: Iterable[Copy] = (),
    together: Mapping[str, str] | None = None,
) -> Ledger:
    """The ledger with only some of its copies, and with more of them, which equivalences are applied to.

    Achievements that `together` gives one name are one unit.
    """
    kept = [copy for copies in base.copies for copy in copies if keep(copy)]
    made = [each for copy in more for each in (copy, *_counterparts(copy, base.catalog))]
    return _ledger_over(base.facts, base.as_of, base.catalog, kept + made, base.pending, together)


def ledger_at(now: Ledger, stack_id: str, as_of: datetime, since: datetime | None = None) -> Ledger:
    """The ledger of the same awards, as far as they concern a stack, at an earlier instant; or of those earned since.

    What has been revoked by now was never there, and nothing is yet to come.
    """
    facts = _concerning(now, stack_id, since)
    awards = tuple([one for one in facts.awards if one.earned_at <= as_of])
    return ledger(structs.replace(facts, awards=awards), as_of, now.catalog)


def past_of(now: Ledger, stack_id: str, since: datetime | None = None) -> tuple[Facts, list[datetime]]:
    """What concerns a stack, and the instants up to now when some of it began, oldest first, and now.

    With `since`, of the awards alone that were earned after it. What has been revoked by now was never there.
    """
    facts = _concerning(now, stack_id, None if since is None else since + TICK)
    moments = {_begins_at(one) for one in facts.awards} | {now.as_of}
    moments |= {one.enrolled_at for one in facts.enrolments} | {one.decided_at for one in facts.exceptions}
    return facts, sorted(moment for moment in moments if moment <= now.as_of)


def _concerning(now: Ledger, stack_id: str, since: datetime | None) -> Facts:
    awards = now.concerns.get(stack_id)
    if awards is None:
        awards = now.concerns[stack_id] = tuple(_awards_concerning(now, stack_id))
    if since is not None:
        awards = tuple([one for one in awards if one.earned_at >= since])
    return structs.replace(now.facts, awards=awards)


def _awards_concerning(now: Ledger, stack_id: str) -> Iterator[Held]:
    catalog = now.catalog
    named = {one.achievement for one in now.facts.exceptions if one.stack_id == stack_id}
    for one in now.facts.awards:
        if (one.revoked_at is None or one.revoked_at > now.as_of) and (
            one.achievement in named
            or stack_id in catalog.index.stacks_of(one, catalog.achievements.get(one.achievement))
        ):
            yield one


def _age(copy: Copy) -> tuple[datetime, str, str]:
    return (copy.earned_at, copy.key, copy.achievement)


def _begins_at(held: Held) -> datetime:
    begins = held.valid_from
    return held.earned_at if begins is None or begins < held.earned_at else begins


def _counterparts(copy: Copy, catalog: CompiledCatalog) -> Iterator[Copy]:
    for number, equivalence in enumerate(catalog.equivalences, start=1):
        document = equivalence.document
        if (document.start is not None and copy.earned_at < document.start) or (
            document.end is not None and copy.earned_at >= document.end
        ):
            continue
        if document.min_score is not None and (copy.score is None or copy.score < document.min_score):
            continue
        if equivalence.selector.test(copy):
            for target in document.to:
                offered = catalog.achievements.get(target.achievement)
                yield counterpart(copy, target, offered, number if document.one_use else -1)
