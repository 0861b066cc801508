"""As much of a faulty document as can be read, so that one look tells all that is wrong with it.

What does not fit the model is noted and taken out, member by member, until the rest does. Faults that are found in the
rest are believed only where what was taken out cannot be their cause; and places are told as they are in the document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.catalog import Catalog
from services.core.stacks.faults import CatalogFault, Step, pointer

_ROUNDS = 50


class Unreadable(Exception):
    """A document that cannot be read; the reason is its text."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read of a document, the faults of the rest, where the rest was, and the ids that went with it.

    `places` tells where a list's items were before others were taken out: by the list's place now, the numbers then.
    """

    catalog: Catalog
    faults: tuple[CatalogFault, ...] = ()
    taken_out: tuple[str, ...] = ()
    lost: frozenset[str] = frozenset()
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def original(self, path: str) -> str:
        """A place in what could be read, as it is in the document."""
        now, steps = "", []
        for step in path.split("/")[1:]:
            numbers = self.places.get(now)
            steps.append(str(numbers[int(step)]) if numbers is not None else step)
            now = f"{now}/{step}"
        return "".join("/" + step for step in steps)

    def leaves_sure(self, fault: CatalogFault, *, is_own: bool) -> bool:
        """Whether a fault found in the rest (told by its original place) cannot come of what was taken out."""
        if fault.unknown is not None:
            return fault.unknown not in self.lost
        if not is_own or fault.reason.startswith("stacks in a circle"):
            return True
        around = fault.path.rpartition("/")[0] + "/"
        return not any(path.startswith(around) for path in self.taken_out)


def salvaged(document: dict[str, Any], name: str) -> Salvaged:
    """What can be read of a document.

    Raises: Unreadable when it holds what no JSON document can.
    """
    try:
        return Salvaged(_catalog(document))
    except ValidationError as error:
        try:
            return _Salvage(json.loads(json.dumps(document)), name).run(error)
        except RecursionError as deep:
            raise Unreadable("the document is nested too deeply") from deep


def _catalog(document: dict[str, Any]) -> Catalog:
    try:
        text = json.dumps(document, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable(f"not a plain document: {error}") from error
    try:
        return Catalog.model_validate_json(text)
    except RecursionError as error:
        raise Unreadable("the document is nested too deeply") from error


class _Salvage:
    """A document from which faulty members are taken out."""

    def __init__(self, document: dict[str, Any], name: str) -> None:
        self.document = document
        self.name = name
        self.numbers: dict[int, list[int]] = {}
        self.taken_out: list[str] = []
        self.lost: set[str] = set()
        _number(document, self.numbers)

    def run(self, error: ValidationError) -> Salvaged:
        faults = _faults(error, self.name)
        for _ in range(_ROUNDS):
            for steps in _places(error):
                self._take_out(steps)
            try:
                return self._salvaged(_catalog(self.document), faults)
            except ValidationError as another:
                error = another
        return self._salvaged(Catalog(), faults)

    def _salvaged(self, catalog: Catalog, faults: Sequence[CatalogFault]) -> Salvaged:
        places: dict[str, list[int]] = {}
        _list_places(self.document, (), self.numbers, places)
        return Salvaged(catalog, tuple(faults), tuple(self.taken_out), frozenset(self.lost), places)

    def _take_out(self, steps: Sequence[Step]) -> None:
        """Take out what stands at a place, or, where nothing does, what should hold it."""
        parents: list[Any] = [self.document]
        for step in steps:
            if not _has(parents[-1], step):
                break
            parents.append(parents[-1][step])
        if len(parents) < 2:  # noqa: PLR2004 - the document itself cannot be taken out of anything
            return
        place, parent = steps[: len(parents) - 1], parents[-2]
        self._note(parents, place, parent[place[-1]])
        del parent[place[-1]]
        if isinstance(parent, list):
            del self.numbers[id(parent)][int(place[-1])]

    def _note(self, parents: Sequence[Any], steps: Sequence[Step], gone: Any) -> None:
        told: list[Step] = []
        for parent, step in zip(parents, steps, strict=False):
            numbers = self.numbers.get(id(parent))
            told.append(numbers[step] if numbers is not None and isinstance(step, int) else step)
        self.taken_out.append(pointer(told))
        _ids(gone, self.lost)


def _has(parent: Any, step: Step) -> bool:
    if isinstance(parent, dict):
        return step in parent
    return isinstance(parent, list) and isinstance(step, int) and step < len(parent)


def _number(value: Any, numbers: dict[int, list[int]]) -> None:
    """Note every list's numbers, as they are before anything is taken out."""
    if isinstance(value, list):
        numbers[id(value)] = list(range(len(value)))
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _number(inner, numbers)


def _list_places(
    value: Any, steps: tuple[Step, ...], numbers: dict[int, list[int]], places: dict[str, list[int]]
) -> None:
    if isinstance(value, list):
        places[pointer(steps)] = numbers[id(value)]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        _list_places(inner, (*steps, step), numbers, places)


def _ids(value: Any, into: set[str]) -> None:
    """Every id and name that went with what was taken out."""
    if isinstance(value, str):
        into.add(value)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _ids(inner, into)


def _places(error: ValidationError) -> list[tuple[Step, ...]]:
    """Where the faults are, the last places first, so that taking one out moves no other."""
    return sorted({_steps(detail) for detail in _details(error)}, key=_rank, reverse=True)


def _rank(steps: tuple[Step, ...]) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in steps]


def _faults(error: ValidationError, name: str) -> list[CatalogFault]:
    return [CatalogFault(pointer(_steps(detail)), _reason(detail), name) for detail in _details(error)]


def _details(error: ValidationError) -> list[ErrorDetails]:
    """The faults, without those that only say that a list is empty once its faulty items are left out."""
    details = error.errors(include_url=False, include_context=False)
    places = [_steps(detail) for detail in details]

    def is_echo(detail: ErrorDetails, place: tuple[Step, ...]) -> bool:
        return detail["type"] == "too_short" and any(
            len(other) > len(place) and other[: len(place)] == place for other in places
        )

    return [detail for detail, place in zip(details, places, strict=True) if not is_echo(detail, place)]


def _steps(detail: ErrorDetails) -> tuple[Step, ...]:
    """A fault's place in the document's own keys, without the tags of the unions."""
    return tuple(step for step in detail["loc"] if not (isinstance(step, str) and step.startswith("~")))


def _reason(detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        return "unknown field"
    if detail["type"] == "missing":
        return "this field is needed"
    return detail["msg"].removeprefix("Value error, ")
