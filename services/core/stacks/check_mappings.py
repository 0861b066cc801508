"""What the mappings of a catalog must get right: patterns that can be read, and no id with two meanings.

One mapping may be more particular than another, and then decides (`services.core.mappings`). Faults are what nobody can
have meant: the same said twice, and two that say as much about an id and disagree on it. Whether two patterns meet is
tried on ids made of each, which finds what people write; regular expressions could be told apart by no means at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from schemas.catalog import Mapping
from services.core.mappings import Compiled, compiled, matcher
from services.core.stacks.faults import Place

_MOST_COMPARED = 2_000
"""Patterns beyond these are not compared with one another: a check that takes minutes is run by nobody."""


def check_mappings(mappings: Sequence[Mapping], root: Place) -> None:
    """Note everything that is wrong with the mappings."""
    readable: list[tuple[Compiled, Place]] = []
    for mapping, place in zip(mappings, root.each("mappings", mappings), strict=True):
        try:
            readable.append((compiled(mapping), place))
        except ValueError as error:
            (place / ("pattern" if mapping.pattern is not None else "template")).fault(str(error))
    _told_once(readable)
    _agree([one for one in readable if one[0].mapping.id is None][:_MOST_COMPARED])


def _told_once(readable: Iterable[tuple[Compiled, Place]]) -> None:
    seen: set[tuple[str | None, ...]] = set()
    for one, place in readable:
        ids = matcher(one.mapping)
        if ids in seen:
            place.fault(f"a mapping of {_which(one.mapping)} is there twice")
        seen.add(ids)


def _agree(patterns: Iterable[tuple[Compiled, Place]]) -> None:
    rivals: dict[object, list[tuple[Compiled, Place]]] = {}
    for one, place in patterns:
        rivals.setdefault((one.mapping.dialect, one.mapping.source, one.rank), []).append((one, place))
    for group in rivals.values():
        for (first, _), (second, place) in combinations(group, 2):
            shared = _shared(first, second) if first.meant != second.meant else None
            if shared is not None and matcher(first.mapping) != matcher(second.mapping):
                other = _which(first.mapping)
                place.fault(f"{shared} also fits {other}, which means something else; make one more particular")


def _shared(first: Compiled, second: Compiled) -> str | None:
    texts = (*first.examples, *second.examples)
    return next((text for text in texts if first.fits(text) and second.fits(text)), None)


def _which(mapping: Mapping) -> str:
    return mapping.id or mapping.prefix or mapping.template or mapping.pattern or ""
