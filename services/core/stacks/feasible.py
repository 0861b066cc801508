"""Rules that can never be met, whatever anybody earns: told when a catalog is checked.

Only what is certain of one rule by itself is a fault. A rule that names achievements can count no others; what the
catalog says of them (type, level, subject, tags, skills) goes before what a record says, and what it does not say a
record may. What rests on how rules go together, or on the credits that the catalog states (an award may state others),
is a doubt: it is told, and refuses nothing. Where an equivalence makes an achievement, nothing is known of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from schemas.catalog import Catalog, Offered, Stack
from schemas.rules import Average, Claim, Count, Rule, Sum
from schemas.selectors import Fields, Selector
from services.core.stacks.allocate.demands import Demand
from services.core.stacks.allocate.matching import matched
from services.core.stacks.compile_rules import ADDS_EACH, UNITS, rules_beneath
from services.core.stacks.conditions import condition_test
from services.core.stacks.faults import CatalogFault, Place
from services.core.stacks.grades import Scales

SAID_BY_CATALOG = ("type", "level", "subject", "tags", "skills")
Ids = frozenset[str]


def check_feasible(document: Catalog, root: Place, scales: Scales) -> None:
    """Note every rule that can never be met."""
    for known, rule, place in _rules(document, root, scales):
        known.check(rule, place)


def doubts(document: Catalog, scales: Scales) -> tuple[CatalogFault, ...]:
    """What is likely a slip: rules that can never be met together, or ask for more than the catalog offers."""
    root = Place()
    for known, rule, place in _rules(document, root, scales):
        known.doubt(rule, place)
        known.doubt_together(rule, place)
    return tuple(root.found)


def _rules(document: Catalog, root: Place, scales: Scales) -> Iterator[tuple[_Known, Rule, Place]]:
    """What a stack, and what a renewal asks, with what is known of the stack."""
    made_elsewhere = frozenset(target.achievement for one in document.equivalences for target in one.to)
    achievements = {one.id: one for one in document.achievements if one.id not in made_elsewhere}
    rates: dict[tuple[str, str], float] = {(one.from_, one.to): one.rate for one in document.conversions}
    for stack, place in zip(document.stacks, root.each("stacks", document.stacks), strict=True):
        known = _Known(stack, achievements, scales, rates)
        yield known, stack.requires, place / "requires"
        if stack.renewal is not None and stack.renewal.requires is not None:
            yield known, stack.renewal.requires, place / "renewal" / "requires"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A rule that must be met with all others: how many it wants of which achievements, and its place."""

    least: int
    ids: Ids
    place: Place


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a stack's achievements."""

    stack: Stack
    achievements: Mapping[str, Offered]
    scales: Scales
    rates: Mapping[tuple[str, str], float]

    def check(self, rule: Rule, at: Place) -> None:
        """Note what can never be met of a rule and of those beneath it, each by itself."""
        part = rule.part(rule.kind)
        place = at / rule.kind
        if rule.kind == "award" and self._limited(part) and not self._possible(part):
            place.fault("none of these can ever count here, by what the catalog says of them")
        if isinstance(part, Count) and part.distinct == "achievement":
            self._compare(part.least, self._possible(part.from_), "achievement", place / "min")
        if isinstance(part, Average) and part.min > self._greatest_mean(part):
            (place / "min").fault(f"the average {part.of} is never above {self._greatest_mean(part):g}")
        for child, below in rules_beneath(rule, at):
            self.check(child, below)

    def doubt(self, rule: Rule, at: Place) -> None:
        """Note what asks for more than the catalog offers, of a rule and of those beneath it."""
        part = rule.part(rule.kind)
        place = at / rule.kind
        if isinstance(part, Count) and part.distinct == "subject":
            self._compare(part.least, self._subjects(self._possible(part.from_)), "subject", place / "min")
        if isinstance(part, Sum):
            self._doubt_sum(part, place)
        for child, below in rules_beneath(rule, at):
            self.doubt(child, below)

    def _compare(self, least: int, there: Ids | None, what: str, at: Place) -> None:
        if there is not None and least > len(there):
            at.fault(f"asks for {least} of {len(there)} {what}s, which can never be met")

    def _subjects(self, ids: Ids | None) -> Ids | None:
        """The subjects of achievements, if the catalog knows of each."""
        known = [self.achievements[one].subject if one in self.achievements else None for one in ids or ()]
        return None if ids is None or None in known else frozenset(one for one in known if one is not None)

    def _doubt_sum(self, part: Sum, at: Place) -> None:
        ids = self._possible(part.from_)
        if ids is None:
            return
        if part.distinct is not None and part.distinct.by in {"achievement", "subject"}:
            there = ids if part.distinct.by == "achievement" else self._subjects(ids)
            self._compare(part.distinct.min, there, part.distinct.by, at / "distinct" / "min")
        caps = [(self._limited(cap.from_), cap.max) for cap in part.max_from]
        capped = [most for named, most in caps if named is not None and ids <= named]
        named = frozenset[str]().union(*(named for named, _ in caps if named is not None))
        if ids <= named:
            capped.append(sum(most for named, most in caps if named is not None and named & ids))
        if capped and min(capped) < part.min:
            (at / "max_from").fault(f"at most {min(capped):g} counts, so {part.min:g} can never be met")
        worth = sum(self._worth(one, part) for one in ids)
        if part.of not in ADDS_EACH and worth < part.min:
            (at / "min").fault(f"asks for {part.min:g} of {worth:g} that the catalog has to offer")

    def _worth(self, achievement: str, part: Sum) -> float:
        """What the catalog says an achievement is worth to a sum; endless when it does not say."""
        offered = self.achievements.get(achievement)
        if offered is None or offered.credits is None:
            return inf
        unit = UNITS.get(part.of, self.stack.unit)
        rate = 1.0 if offered.credits.unit == unit else self.rates.get((offered.credits.unit, unit), inf)
        return offered.credits.value * rate

    def _greatest_mean(self, part: Average) -> float:
        if part.of == "score":
            return 1.0
        return max(points for scale in self.scales.scales for points in scale.points.values())

    def doubt_together(self, root: Rule, at: Place) -> None:
        """Note the first of the rules that must all be met that finds too few achievements left by the others."""
        wanted = list(self._wanted_together(root, at, "exclusive"))
        numbers = {name: number for number, name in enumerate(sorted(frozenset().union(*(one.ids for one in wanted))))}
        demands = [_demand(place, one, numbers) for place, one in enumerate(wanted)]
        for one, taken in zip(wanted, matched(demands), strict=True):
            if taken.bit_count() < one.least <= len(one.ids):
                one.place.fault(
                    "can never be met together with the other rules, as each achievement serves one exclusive rule "
                    "(with claim: shared it may count here besides)"
                )
                return

    def _wanted_together(self, rule: Rule, at: Place, claim: Claim) -> Iterator[_Wanted]:
        claim = rule.claim or claim
        if rule.kind in {"all", "seq"} or (rule.n_of is not None and rule.n_of.n == len(rule.n_of.of)):
            for child, below in rules_beneath(rule, at):
                yield from self._wanted_together(child, below, claim)
        elif claim == "exclusive" and rule.from_claimed is None and rule.overlap is None:
            least, selector = _asked(rule)
            ids = None if selector is None else self._possible(selector)
            if ids is not None and least:
                yield _Wanted(least, ids, at / rule.kind)

    def _possible(self, selector: Selector) -> Ids | None:
        """The achievements that may ever count for a selector; None when it names none."""
        ids = self._limited(selector)
        if self.stack.where is not None:
            ids = _met_by_both(ids, self._limited(self.stack.where))
        if ids is None:
            return None
        asked = [selector] if self.stack.where is None else [selector, self.stack.where]
        return frozenset(one for one in ids if not any(self._excludes(each, one) for each in asked))

    def _limited(self, selector: Selector) -> Ids | None:
        """The achievements that a selector names, or None where it names none and may match any."""
        if isinstance(selector, str):
            return frozenset({selector})
        if isinstance(selector, tuple):
            return frozenset(selector)
        named = selector.achievement
        ids = None
        if isinstance(named, str):
            ids = frozenset({named})
        elif isinstance(named, tuple):
            ids = frozenset(name for name in named if isinstance(name, str))
        for part in selector.all or ():
            ids = _met_by_both(ids, self._limited(part))
        options = [self._limited(part) for part in selector.any or ()]
        if options and None not in options:
            ids = _met_by_both(ids, frozenset().union(*(one for one in options if one is not None)))
        return ids

    def _excludes(self, selector: Selector, achievement: str) -> bool:
        """Whether no award of an achievement can ever match a selector."""
        if isinstance(selector, str | tuple):
            return achievement != selector if isinstance(selector, str) else achievement not in selector
        return (
            self._is_otherwise(selector, achievement)
            or any(self._excludes(part, achievement) for part in selector.all or ())
            or (bool(selector.any) and all(self._excludes(part, achievement) for part in selector.any or ()))
            or _names(selector.not_, achievement)
        )

    def _is_otherwise(self, selector: Fields, achievement: str) -> bool:
        """Whether what the catalog says of an achievement is not what a selector asks."""
        offered = self.achievements.get(achievement)
        if offered is None:
            return False
        for name in SAID_BY_CATALOG:
            value = getattr(offered, name)
            if name in selector.model_fields_set and value not in {None, ()}:
                test = condition_test(name, getattr(selector, name), Place(), self.scales)  # type: ignore[arg-type]
                if not test(value):
                    return True
        return False


def _names(selector: Selector | None, achievement: str) -> bool:
    """Whether a selector names an achievement and asks nothing else."""
    if isinstance(selector, Fields):
        return selector.model_fields_set == {"achievement"} and selector.achievement == achievement
    return selector is not None and (achievement == selector or achievement in selector)


def _met_by_both(first: Ids | None, second: Ids | None) -> Ids | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second


def _asked(rule: Rule) -> tuple[int, Selector | None]:
    """How many achievements a rule takes at the least, and of which."""
    if rule.award is not None:
        return 1, rule.award
    if rule.count is not None:
        return rule.count.least if rule.count.distinct == "achievement" else min(1, rule.count.least), rule.count.from_
    if rule.sum is not None:
        return int(rule.sum.min > 0), rule.sum.from_
    return 0, None


def _demand(place: int, one: _Wanted, numbers: Mapping[str, int]) -> Demand:
    units = sum(1 << numbers[name] for name in one.ids)
    return Demand(place, units, 0, 1.0, float, one.least, one.least)
