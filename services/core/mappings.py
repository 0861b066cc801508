"""What ids of other systems mean here: a catalog's `mappings`, compiled so that one look-up answers.

Apart from stacks and from dialects because both ask it: records keep the ids that their sources use, and what those
mean is looked up when awards are judged, so that a mapping holds for what came before it, and one that is taken back
leaves no trace. A dialect only asks whether an id means anything at all.

Where several mappings fit an id, the one that says most about it decides: one that names its source before one for
all, one that names its dialect before one for all, an exact id before a pattern, the longer fixed text before the
shorter, and at last the one that the catalog has first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from schemas.catalog import Catalog, Mapping

_MEMO_LIMIT = 100_000
_ANY = "x"
_VARIABLE = re.compile(r"\{[A-Za-z_]\w*\}")


@dataclass(frozen=True, slots=True)
class Meant:
    """What an id means: the achievement, and what it takes to hold it."""

    achievement: str
    pass_mark: float | None = None
    """Scaled score (0 to 1) from which an attempt counts, whatever its source made of it; None: as the source says."""
    any_attempt: bool = False
    """Whether having made an attempt is enough, whatever came of it."""
    credits: float | None = None
    """What it is worth, in `unit`; None: as the record or the catalog says."""
    unit: str | None = None

    def counts(self, score: float | None, *, success: bool) -> bool:
        """Whether an attempt with that scaled score, which its source thinks succeeded or not, counts."""
        if self.any_attempt:
            return True
        if self.pass_mark is not None and score is not None:
            return score >= self.pass_mark
        return success


@dataclass(frozen=True, slots=True)
class Compiled:
    """One mapping, ready to be asked."""

    mapping: Mapping
    meant: Meant
    expression: re.Pattern[str]
    rank: tuple[bool, bool, bool, int]
    """How much it says about the ids that it fits: the mapping that says most decides."""
    examples: tuple[str, ...] = ()
    """A few ids that it fits, where such can be made of it."""

    def fits(self, activity_id: str) -> bool:
        """Whether it speaks of this id."""
        return self.expression.fullmatch(activity_id) is not None

    def concerns(self, dialect: str, source: str) -> bool:
        """Whether it speaks of ids of this dialect and source."""
        return self.mapping.dialect in (None, dialect) and self.mapping.source in (None, source)


@dataclass(frozen=True, slots=True, eq=False)
class Mappings:
    """Every mapping of a catalog. False when there are none."""

    by_id: dict[str, tuple[Compiled, ...]] = field(default_factory=dict)
    patterns: tuple[Compiled, ...] = ()
    memo: dict[tuple[str, str, str], Meant | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_id or self.patterns)

    def of(self, dialect: str, activity_id: str, source: str = "") -> Meant | None:
        """What an id of a dialect, and of that source, means; None when no mapping speaks of it."""
        key = (dialect, activity_id, source)
        try:
            return self.memo[key]
        except KeyError:
            pass
        found = self._found(dialect, activity_id, source)
        if len(self.memo) >= _MEMO_LIMIT:
            self.memo.clear()
        self.memo[key] = found
        return found

    def _found(self, dialect: str, activity_id: str, source: str) -> Meant | None:
        fitting = [*self.by_id.get(activity_id, ()), *(one for one in self.patterns if one.fits(activity_id))]
        fitting = [one for one in fitting if one.concerns(dialect, source)]
        return max(fitting, key=_rank).meant if fitting else None


NO_MAPPINGS = Mappings()


def mappings_of(mappings: Iterable[Mapping]) -> Mappings:
    """These mappings, compiled; `NO_MAPPINGS` when there are none. They must have been checked: see `compiled`."""
    by_id: dict[str, tuple[Compiled, ...]] = {}
    patterns: list[Compiled] = []
    for one in map(compiled, mappings):
        if one.mapping.id is None:
            patterns.append(one)
        else:
            by_id[one.mapping.id] = (*by_id.get(one.mapping.id, ()), one)
    return Mappings(by_id, tuple(patterns)) if by_id or patterns else NO_MAPPINGS


def mappings_of_all(catalogs: Iterable[Catalog]) -> Mappings:
    """The mappings of several catalogs in force together; of two that say the same ids, the later catalog's.

    What cannot be read, because it was applied unchecked, is left out.
    """
    ordered = sorted(catalogs, key=attrgetter("id"))
    joined = {matcher(mapping): mapping for catalog in ordered for mapping in catalog.mappings}
    return mappings_of(mapping for mapping in joined.values() if _is_readable(mapping))


def matcher(mapping: Mapping) -> tuple[str | None, ...]:
    """What makes two mappings one and the same: the ids that they speak of."""
    return (mapping.dialect, mapping.source, mapping.id, mapping.prefix, mapping.template, mapping.pattern)


def compiled(mapping: Mapping) -> Compiled:
    """One mapping, compiled.

    Raises: ValueError when its pattern or template cannot be read.
    """
    fixed = _fixed(mapping)
    try:
        made = re.compile(_expression(mapping, fixed), re.DOTALL)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"this is no regular expression: {error}") from error
    rank = (mapping.source is not None, mapping.dialect is not None, mapping.id is not None, sum(map(len, fixed)))
    credit = mapping.credits
    value, unit = (None, None) if credit is None else (credit.value, credit.unit)
    meant = Meant(mapping.achievement, mapping.pass_mark, mapping.any_attempt, value, unit)
    return Compiled(mapping, meant, made, rank, () if mapping.pattern else (_ANY.join(fixed),))


def _is_readable(mapping: Mapping) -> bool:
    try:
        compiled(mapping)
    except ValueError:
        return False
    return True


def _rank(candidate: Compiled) -> tuple[bool, bool, bool, int]:
    return candidate.rank


def _fixed(mapping: Mapping) -> list[str]:
    """The fixed texts of a mapping, between which something varies; none of a regular expression."""
    if mapping.id is not None:
        return [mapping.id]
    if mapping.prefix is not None:
        return [mapping.prefix, ""]
    fixed = _VARIABLE.split(mapping.template or "")
    if any(brace in text for text in fixed for brace in "{}"):
        raise ValueError("a template has {name} for each part that varies, and no other braces")
    return [] if mapping.template is None else fixed


def _expression(mapping: Mapping, fixed: list[str]) -> str:
    if mapping.pattern is not None:
        return mapping.pattern
    return (".*" if mapping.prefix is not None else "[^/?#]+").join(map(re.escape, fixed))
