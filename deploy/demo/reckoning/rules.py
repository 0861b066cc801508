"""Whether a stack's rules are met, by trying every way to use the awards. Slow and obviously right.

Covers the words of the catalogs that the demo loads; another word is an error here, never a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from deploy.demo.reckoning.catalog_files import PlainCatalog
from deploy.demo.reckoning.holdings import Kept
from deploy.demo.reckoning.selectors import picks

Rule = Mapping[str, Any]
NOTHING: frozenset[str] = frozenset()
_KNOWN = {"all", "any", "n_of", "award", "count", "sum", "stack"}
_MODIFIERS = {"claim", "active", "within", "min_score", "name", "weight", "trust"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a rule is tried with: the awards, the moment, and whether an award may be used only once."""

    catalog: PlainCatalog
    awards: tuple[Kept, ...]
    as_of: datetime
    once: bool = True

    def only(self, rule: Rule) -> Attempt:
        """The attempt narrowed by the rule's modifiers, which hold for all that is under it."""
        awards = [award for award in self.awards if self._suits(rule, award)]
        return replace(self, awards=tuple(awards), once=self.once and rule.get("claim", "exclusive") == "exclusive")

    def without(self, used: frozenset[str]) -> Attempt:
        """The attempt with those awards used up."""
        return replace(self, awards=tuple(award for award in self.awards if award.key not in used))

    def _suits(self, rule: Rule, award: Kept) -> bool:
        if rule.get("active") and award.valid_until is not None and award.valid_until <= self.as_of:
            return False
        if "within" in rule and award.earned_at < _back(self.as_of, rule["within"]):
            return False
        if "min_score" in rule and (award.fields.get("score") is None or award.fields["score"] < rule["min_score"]):
            return False
        return bool(award.fields["trust"] >= rule.get("trust", 0))


def is_met(rule: Rule, attempt: Attempt) -> bool:
    """Whether some way of using the awards meets the rule."""
    if next(ways(rule, replace(attempt, once=False)), None) is None:
        return False
    return next(ways(rule, attempt), None) is not None


def ways(rule: Rule, attempt: Attempt) -> Iterator[frozenset[str]]:
    """Every set of award keys that, used up, meets the rule; none when it cannot be met.

    Raises:
        ValueError: the rule has a word that is not reckoned.
    """
    unknown = set(rule) - _KNOWN - _MODIFIERS
    if unknown or len(set(rule) & _KNOWN) != 1:
        raise ValueError(f"the reckoning does not know how to judge {sorted(rule)}")
    narrowed = attempt.only(rule)
    if "all" in rule:
        yield from _every(rule["all"], narrowed)
    elif "any" in rule:
        for part in rule["any"]:
            yield from ways(part, narrowed)
    elif "n_of" in rule:
        for parts in combinations(rule["n_of"]["of"], rule["n_of"]["n"]):
            yield from _every(parts, narrowed)
    elif "stack" in rule:
        yield from ways(narrowed.catalog.stacks[rule["stack"]]["requires"], narrowed)
    else:
        yield from (used if narrowed.once else NOTHING for used in _leaf(rule, narrowed))


def _every(parts: Sequence[Rule], attempt: Attempt) -> Iterator[frozenset[str]]:
    if not parts:
        yield NOTHING
        return
    for used in ways(parts[0], attempt):
        for more in _every(parts[1:], attempt.without(used)):
            yield used | more


def _leaf(rule: Rule, attempt: Attempt) -> Iterator[frozenset[str]]:
    if "award" in rule:
        yield from (frozenset({award.key}) for award in _picked(rule["award"], attempt))
    elif "count" in rule:
        yield from _counted(rule["count"], attempt)
    else:
        yield from _summed(rule["sum"], attempt)


def _counted(count: Mapping[str, Any], attempt: Attempt) -> Iterator[frozenset[str]]:
    by = count.get("distinct", "achievement")
    for chosen in combinations(_picked(count["from"], attempt), count["min"]):
        if len({award.fields.get(by) for award in chosen}) == count["min"]:
            yield frozenset(award.key for award in chosen)


def _summed(total: Mapping[str, Any], attempt: Attempt) -> Iterator[frozenset[str]]:
    candidates = [award for award in _picked(total["from"], attempt) if award.fields.get("credits")]
    for number in range(1, len(candidates) + 1):
        for chosen in combinations(candidates, number):
            if sum(award.fields["credits"] for award in chosen) >= total["min"]:
                yield frozenset(award.key for award in chosen)


def _picked(selector: Any, attempt: Attempt) -> list[Kept]:
    return [award for award in attempt.awards if picks(selector, award.fields)]


def _back(moment: datetime, period: str) -> datetime:
    """The moment that long before: ISO 8601 period of years, months and days, by the calendar."""
    found = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", period)
    if found is None:
        raise ValueError(f"the reckoning does not know the period {period!r}")
    years, months, days = (int(part or 0) for part in found.groups())
    month = moment.year * 12 + moment.month - 1 - years * 12 - months
    return _on_day(moment, month // 12, month % 12 + 1) - timedelta(days=days)


def _on_day(moment: datetime, year: int, month: int) -> datetime:
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    raise ValueError("no such month")
