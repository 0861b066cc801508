"""Expected against found, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from deploy.demo.reckoning.totals import NO_EMPLOYER, Totals

Key = tuple[str, str, str]
"""What a total is about, which part of that, for which employer."""
STATUSES = ("not_started", "in_progress", "complete", "lapsed")


@dataclass(frozen=True, slots=True)
class Line:
    """One total: what was reckoned, and what Stepwell says. `about` is the stack or the subject, `what` its part."""

    about: str
    what: str
    employer: str
    expected: int
    found: int

    @property
    def name(self) -> str:
        """The line's own name."""
        of_employer = f" @ {self.employer}" if self.employer else ""
        return f"{self.about}{f': {self.what}' if self.what else ''}{of_employer}"

    @property
    def ok(self) -> bool:
        """Whether the two agree."""
        return self.expected == self.found

    def as_json(self) -> dict[str, Any]:
        """The line with its name and verdict."""
        return {"name": self.name, "expected": self.expected, "found": self.found, "ok": self.ok}


@dataclass(frozen=True, slots=True)
class Sum:
    """A total over all employers."""

    about: str
    what: str
    parts: tuple[Line, ...]

    @property
    def expected(self) -> int:
        """What was reckoned."""
        return sum(one.expected for one in self.parts)

    @property
    def found(self) -> int:
        """What Stepwell says."""
        return sum(one.found for one in self.parts)

    @property
    def ok(self) -> bool:
        """Whether the two agree for each employer, not only in sum."""
        return all(one.ok for one in self.parts)


def compared(expected: Totals, found: Totals) -> list[Line]:
    """Every total of either side; a total that one side lacks is 0 there."""
    left, right = dict(_named(expected)), dict(_named(found))
    keys = [*left, *(key for key in right if key not in left)]
    return [Line(*key, left.get(key, 0), right.get(key, 0)) for key in keys]


def summed(lines: Iterable[Line]) -> list[Sum]:
    """The lines over all employers, in order."""
    parts: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        parts.setdefault((line.about, line.what), []).append(line)
    return [Sum(about, what, tuple(own)) for (about, what), own in parts.items()]


def _named(totals: Totals) -> Iterator[tuple[Key, int]]:
    """Each total with what it is about, which part of that, and for which employer."""
    yield ("records accepted", "", ""), totals.records
    for (road, reason), number in sorted(totals.refused.items()):
        yield (f"refused over {road}, {reason.replace('_', ' ')}", "", ""), number
    for employer, number in sorted(totals.workers.items()):
        yield ("workers employed", "", employer), number
    for (employer, status), number in sorted(totals.awards.items()):
        yield (f"awards {status.replace('_', ' ')}", "", employer), number
    complete = sum(number for (_, _, status), number in totals.standings.items() if status == "complete")
    yield ("stacks complete", "", ""), complete
    for (employer, stack, status), number in sorted(totals.standings.items(), key=_by_stack):
        yield (stack, status, employer or "no employer"), number


def _by_stack(item: tuple[tuple[str, str, str], int]) -> tuple[str, int, str]:
    (employer, stack, status), _ = item
    return stack, STATUSES.index(status), employer or NO_EMPLOYER
