"""What can be wrong with a catalog: every fault with its place, gathered before anything is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Step = str | int


@dataclass(frozen=True, slots=True)
class CatalogFault:
    """One fault: the file (empty when there is only one document), the JSON pointer within it, and the reason.

    `unknown` is the id that nothing declares, where that is the fault.
    """

    path: str
    reason: str
    file: str = ""
    unknown: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}: {self.path or '/'}" if self.file else self.path or "/"
        return f"{place}: {self.reason}"


class CatalogFaults(ValueError):
    """A catalog that is refused; `faults` (at least one) say everything that is wrong with it."""

    def __init__(self, faults: Iterable[CatalogFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(slots=True)
class Place:
    """A place in a catalog, and the list that faults found there are added to."""

    steps: tuple[Step, ...] = ()
    found: list[CatalogFault] = field(default_factory=list)

    def __truediv__(self, step: Step) -> Place:
        return Place((*self.steps, step), self.found)

    def fault(self, reason: str, unknown: str | None = None) -> None:
        """Note a fault here."""
        self.found.append(CatalogFault(pointer(self.steps), reason, unknown=unknown))

    def each(self, step: Step, items: Iterable[object]) -> Iterator[Place]:
        """The places of a list's items."""
        return (self / step / number for number, _ in enumerate(items))


def pointer(steps: Iterable[Step]) -> str:
    """The JSON pointer (RFC 6901) of some steps; empty for the root."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
