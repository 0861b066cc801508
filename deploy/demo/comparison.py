"""Expected against found, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from deploy.demo.reckoning.totals import NO_EMPLOYER, Totals

STATUSES = ("not_started", "in_progress", "complete", "lapsed")


@dataclass(frozen=True, slots=True)
class Line:
    """One total: what was reckoned, and what Stepwell says."""

    name: str
    expected: int
    found: int

    @property
    def ok(self) -> bool:
        """Whether the two agree."""
        return self.expected == self.found

    def as_json(self) -> dict[str, Any]:
        """The line with its verdict."""
        return asdict(self) | {"ok": self.ok}


def compared(expected: Totals, found: Totals) -> list[Line]:
    """Every total of either side, by name; a total that one side lacks is 0 there."""
    left, right = _flat(expected), _flat(found)
    names = [*left, *(name for name in right if name not in left)]
    return [Line(name, left.get(name, 0), right.get(name, 0)) for name in names]


def summed(lines: list[Line]) -> list[Line]:
    """The lines for a first look: stacks over all employers; any line of one employer that differs is kept too."""
    sums: dict[str, Line] = {}
    for line in lines:
        name = line.name.split(" @ ")[0]
        so_far = sums.get(name, Line(name, 0, 0))
        sums[name] = Line(name, so_far.expected + line.expected, so_far.found + line.found)
    return [*sums.values(), *(line for line in lines if not line.ok and line.name not in sums)]


def _flat(totals: Totals) -> Mapping[str, int]:
    return dict(_named(totals))


def _named(totals: Totals) -> Iterator[tuple[str, int]]:
    yield "records accepted", totals.records
    for (road, reason), number in sorted(totals.refused.items()):
        yield f"refused over {road}: {reason.replace('_', ' ')}", number
    yield "stacks complete", sum(number for (_, _, status), number in totals.standings.items() if status == "complete")
    for employer, number in sorted(totals.workers.items()):
        yield f"workers @ {employer}", number
    for (employer, status), number in sorted(totals.awards.items(), key=lambda item: (item[0][1], item[0][0])):
        yield f"awards {status.replace('_', ' ')} @ {employer}", number
    for (employer, stack, status), number in sorted(totals.standings.items(), key=_by_stack):
        yield f"{stack}: {status.replace('_', ' ')} @ {employer or 'no employer'}", number


def _by_stack(item: tuple[tuple[str, str, str], int]) -> tuple[str, int, str]:
    (employer, stack, status), _ = item
    return stack, STATUSES.index(status), employer or NO_EMPLOYER
