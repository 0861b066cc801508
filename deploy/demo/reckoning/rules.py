"""Whether a stack's rules are met, by trying every way to use the awards. Slow and obviously right.

Covers the words of the catalogs that the demo loads; another word is an error here, never a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from deploy.demo.reckoning.catalog_files import PlainCatalog
from deploy.demo.reckoning.holdings import Kept
from deploy.demo.reckoning.selectors import picks

Rule = Mapping[str, Any]
NOTHING: frozenset[str] = frozenset()
_KNOWN = {"all", "seq", "any", "n_of", "award", "count", "sum", "stack"}
_TIMED = {"active", "within"}
_INHERITED = _TIMED | {"min_score", "min_grade", "trust", "claim"}
_MODIFIERS = _INHERITED | {"name", "weight"}
_STACK = {"id", "version", "title", "awards", "level", "unit", "status", "where", "requires", "source", "rule_text"}
GRADES = ("F", "D-", "D", "D+", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A+")
"""Letters with plus and minus, worst first: the scale of a catalog that states none."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a rule is tried with: the awards in force, the moment, the modifiers said above it, what is used up.

    Awards of one achievement are one thing to use: achievements, not awards, are used up.
    """

    catalog: PlainCatalog
    awards: tuple[Kept, ...]
    as_of: datetime
    unit: str = "semester_hour"
    where: Any = None
    """The stack's own selector: awards that it does not pick do not count there."""
    is_timeless: bool = False
    """Whether `active` and `within` are let pass: what may have been met once."""
    modifiers: Rule = field(default_factory=dict)
    used: frozenset[str] = NOTHING
    once: bool = True
    """Whether what one rule uses is used up for the next."""

    def under(self, rule: Rule) -> Attempt:
        """The attempt with the rule's own modifiers, which hold for all beneath it unless said anew there."""
        return replace(self, modifiers={**self.modifiers, **{name: rule[name] for name in _INHERITED & set(rule)}})

    def without(self, used: frozenset[str]) -> Attempt:
        """The attempt with those achievements used up."""
        return replace(self, used=self.used | used)

    def takes(self) -> bool:
        """Whether a rule here uses up what it counts."""
        return self.once and self.modifiers.get("claim", "exclusive") == "exclusive"

    def picked(self, selector: Any) -> dict[str, list[Kept]]:
        """The awards that count here, by achievement, in the order of the oldest."""
        found: dict[str, list[Kept]] = {}
        for award in self.awards:
            achievement = award.fields["achievement"]
            is_free = achievement not in self.used or not self.takes()
            if is_free and picks(selector, award.fields) and self._suits(award) and self._is_within(award):
                found.setdefault(achievement, []).append(award)
        return found

    def _suits(self, award: Kept) -> bool:
        asked, score, grade = self.modifiers, award.fields["score"], award.fields["grade"]
        if "min_score" in asked and (score is None or score < asked["min_score"]):
            return False
        if "min_grade" in asked and (grade is None or GRADES.index(grade) < GRADES.index(asked["min_grade"])):
            return False
        if self.where is not None and not picks(self.where, award.fields):
            return False
        return bool(award.fields["trust"] >= asked.get("trust", 0))

    def _is_within(self, award: Kept) -> bool:
        if self.is_timeless:
            return True
        if self.modifiers.get("active") and award.valid_until is not None and award.valid_until <= self.as_of:
            return False
        return "within" not in self.modifiers or later(award.earned_at, self.modifiers["within"]) >= self.as_of


def is_met(rule: Rule, attempt: Attempt) -> bool:
    """Whether some way of using the awards meets the rule."""
    if next(ways(rule, replace(attempt, once=False)), None) is None:
        return False
    return next(ways(rule, attempt), None) is not None


def ways(rule: Rule, attempt: Attempt) -> Iterator[frozenset[str]]:
    """Every set of achievements that, used up, meets the rule; none when it cannot be met.

    Raises:
        ValueError: the rule has a word that is not reckoned.
    """
    unknown = set(rule) - _KNOWN - _MODIFIERS
    if unknown or len(set(rule) & _KNOWN) != 1:
        raise ValueError(f"the reckoning does not know how to judge {sorted(rule)}")
    here = attempt.under(rule)
    if "all" in rule:
        yield from _every(rule["all"], here)
    elif "seq" in rule:
        yield from _every(rule["seq"], here) if _is_in_order(rule["seq"], here) else []
    elif "any" in rule:
        for part in rule["any"]:
            yield from ways(part, here)
    elif "n_of" in rule:
        for parts in combinations(rule["n_of"]["of"], rule["n_of"]["n"]):
            yield from _every(parts, here)
    elif "stack" in rule:
        yield from [NOTHING] if is_complete(rule["stack"], here) else []
    else:
        yield from (used if here.takes() else NOTHING for used in _leaf(rule, here))


def nested(stack_id: str, attempt: Attempt) -> tuple[Rule, Attempt]:
    """The rules of a stack within a stack, and what they are tried with: it is judged apart and uses nothing up."""
    stack = attempt.catalog.stacks[stack_id]
    if not set(stack) <= _STACK:
        raise ValueError(f"the reckoning does not know {sorted(set(stack) - _STACK)} of a stack")
    passed_on = {name: value for name, value in attempt.modifiers.items() if name != "claim"}
    unit = stack.get("unit", "semester_hour")
    return stack["requires"], replace(attempt, used=NOTHING, modifiers=passed_on, unit=unit, where=stack.get("where"))


def is_complete(stack_id: str, attempt: Attempt) -> bool:
    """Whether a stack is complete: its rules are met, or once were and it is of the kind that is earned once."""
    if is_met(*nested(stack_id, attempt)):
        return True
    return attempt.catalog.stacks[stack_id].get("status") == "earned_once" and was_met(stack_id, attempt)


def was_met(stack_id: str, attempt: Attempt) -> bool:
    """Whether the stack's rules were met at any moment at which something was earned; only then can they become so."""
    if not is_met(*nested(stack_id, replace(attempt, is_timeless=True))):
        return False
    moments = sorted({award.earned_at for award in attempt.awards})
    return any(is_met(*nested(stack_id, at_moment(attempt, moment))) for moment in moments)


def at_moment(attempt: Attempt, moment: datetime) -> Attempt:
    """The attempt as it was then: with the awards that were earned by then."""
    awards = tuple(award for award in attempt.awards if award.earned_at <= moment)
    return replace(attempt, awards=awards, as_of=moment)


def has_begun(rule: Rule, attempt: Attempt) -> bool:
    """Whether anything at all counts for the rule, however little."""
    here = attempt.under(rule)
    if "stack" in rule:
        return is_complete(rule["stack"], here) or has_begun(*nested(rule["stack"], here))
    parts = parts_of(rule) if "seq" not in rule else rule["seq"][:1]  # later parts count in their place only
    if parts:
        return any(has_begun(part, here) for part in parts)
    if "sum" in rule:
        return any(_worth(awards, here.unit) for awards in here.picked(rule["sum"]["from"]).values())
    return bool(here.picked(rule["award"] if "award" in rule else rule["count"]["from"]))


def parts_of(rule: Rule) -> list[Rule]:
    """The rules right beneath a rule."""
    return [*rule.get("all", ()), *rule.get("seq", ()), *rule.get("any", ()), *rule.get("n_of", {}).get("of", ())]


def _is_in_order(parts: Sequence[Rule], attempt: Attempt) -> bool:
    """Whether each part was met no earlier than the one before it; what came too early may be earned again."""
    moment = _first_met(parts[0], attempt)
    for part in parts[1:]:
        if "award" not in part:
            raise ValueError("the reckoning knows sequences that go on with single awards only")
        awards = [award for own in attempt.under(part).picked(part["award"]).values() for award in own]
        moment = min((a.earned_at for a in awards if moment is not None and a.earned_at >= moment), default=None)
    return moment is not None


def _first_met(part: Rule, attempt: Attempt) -> datetime | None:
    for moment in sorted({award.earned_at for award in attempt.awards}):
        if is_met(part, at_moment(attempt, moment)):
            return moment
    return None


def _every(parts: Sequence[Rule], attempt: Attempt) -> Iterator[frozenset[str]]:
    if not parts:
        yield NOTHING
        return
    for used in ways(parts[0], attempt):
        for more in _every(parts[1:], attempt.without(used)):
            yield used | more


def _leaf(rule: Rule, attempt: Attempt) -> Iterator[frozenset[str]]:
    if "award" in rule:
        yield from (frozenset({achievement}) for achievement in attempt.picked(rule["award"]))
    elif "count" in rule:
        if rule["count"].get("distinct", "achievement") != "achievement":
            raise ValueError("the reckoning counts achievements only")
        chosen = combinations(attempt.picked(rule["count"]["from"]), rule["count"]["min"])
        yield from map(frozenset, chosen)
    else:
        yield from _summed(rule["sum"], attempt)


def _summed(total: Mapping[str, Any], attempt: Attempt) -> Iterator[frozenset[str]]:
    if total["of"] != "credits" or set(total) > {"of", "min", "from"}:
        raise ValueError(f"the reckoning does not know how to add up {sorted(total)}")
    worth = {name: _worth(awards, attempt.unit) for name, awards in attempt.picked(total["from"]).items()}
    worth = {name: credits_ for name, credits_ in worth.items() if credits_}
    for number in range(1, len(worth) + 1):
        for chosen in combinations(worth, number):
            if sum(worth[name] for name in chosen) >= total["min"]:
                yield frozenset(chosen)


def _worth(awards: Sequence[Kept], unit: str) -> float:
    """What an achievement is worth: the most that any of its awards says, in that unit."""
    return max((award.fields["credits"] or 0 for award in awards if award.fields["unit"] == unit), default=0)


def later(moment: datetime, period: str) -> datetime:
    """The moment that much later: an ISO 8601 period of years, months and days, by the calendar."""
    found = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", period)
    if found is None:
        raise ValueError(f"the reckoning does not know the period {period!r}")
    years, months, days = (int(part or 0) for part in found.groups())
    month = moment.year * 12 + moment.month - 1 + years * 12 + months
    return _on_day(moment, month // 12, month % 12 + 1) + timedelta(days=days)


def _on_day(moment: datetime, year: int, month: int) -> datetime:
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    raise ValueError("no such month")
