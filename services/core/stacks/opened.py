"""A part of the rule tree opened: demands, choices and watches, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import NamedTuple

from services.core.stacks.allocate.demands import Demand, Tie
from services.core.stacks.allocate.units import Units
from services.core.stacks.rules import Group
from services.core.stacks.ties import Watch


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A group that must be chosen from, and what it adds to the whole when it is met."""

    group: Group
    weight: float
    wanted: Units


class Component(NamedTuple):
    """Demands and choices that are tied together, by the units they want or by what watches them."""

    wanted: Units
    demands: list[Demand]
    choices: list[Choice]


@dataclass(slots=True)
class Opened:
    """A part of the tree opened: what is settled, and what is still to be decided."""

    worth: float = 0.0
    own: dict[int, Units] = member(default_factory=dict)
    demands: list[Demand] = member(default_factory=list)
    choices: list[Choice] = member(default_factory=list)
    watches: list[Watch] = member(default_factory=list)


def fullness(part: Component, watches: Sequence[Watch]) -> float:
    """The worth of a component all of which is met."""
    weights = [demand.weight for demand in part.demands] + [choice.weight for choice in part.choices]
    return sum(weights) + sum(watch.weight for watch in watches)


def tie_of(watch: Watch, demands: Sequence[Demand], own: Mapping[int, Units]) -> Tie:
    """A watch as the allocation sees it: over places in the list of demands, what is settled filled in."""
    places = tuple(place for place, demand in enumerate(demands) if demand.key in watch.targets)
    settled = {number: own.get(number, 0) for number in watch.targets}
    keys = [demands[place].key for place in places]

    def filled(units: tuple[Units, ...]) -> float:
        return watch.filled({**settled, **dict(zip(keys, units, strict=True))})

    def possible(now: tuple[Units, ...], more: tuple[Units, ...]) -> float:
        return watch.possible({**settled, **dict(zip(keys, now, strict=True))}, dict(zip(keys, more, strict=True)))

    return Tie(places, watch.weight, filled, possible)


def _numbers(part: Component) -> Iterator[int]:
    """The leaves that a component decides on."""
    yield from (demand.key for demand in part.demands)
    for choice in part.choices:
        yield from choice.group.leaves


def touches(watch: Watch, part: Component) -> bool:
    """Whether a watch depends on what a component decides."""
    return not set(watch.targets).isdisjoint(_numbers(part))


def components(opened: Opened) -> list[Component]:
    """What shares no contended unit and no watch is decided apart."""
    parts: list[Component] = [Component(demand.wanted, [demand], []) for demand in opened.demands]
    parts += [Component(choice.wanted, [], [choice]) for choice in opened.choices]
    if len(parts) == 1:
        return parts
    joined: list[Component] = []
    for part in parts:
        tied = [other for other in joined if _are_tied(other, part, opened.watches)]
        joined = [other for other in joined if not _are_tied(other, part, opened.watches)]
        joined.append(_together([*tied, part]))
    return joined


def _are_tied(one: Component, other: Component, watches: Sequence[Watch]) -> bool:
    if one.wanted & other.wanted:
        return True
    return any(touches(watch, one) and touches(watch, other) for watch in watches)


def _together(parts: Sequence[Component]) -> Component:
    wanted = 0
    for part in parts:
        wanted |= part.wanted
    return Component(
        wanted,
        [demand for part in parts for demand in part.demands],
        [choice for part in parts for choice in part.choices],
    )
