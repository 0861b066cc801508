"""Selectors compiled: from what a catalog says to what can be asked of a copy.

A selector over ids alone keeps them, so that rules look awards up instead of trying each. Any other is a triple of
questions: does this copy match (`test`), could an award of this achievement ever match (`may`), must it always
(`must`). The last two look only at what belongs to the achievement and not to the award, and answer which stacks an
achievement can touch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from schemas.selectors import FIELDS, FieldName, Fields
from schemas.selectors import Selector as SelectorDocument
from services.core.stacks.conditions import condition_test
from services.core.stacks.copies import Copy
from services.core.stacks.faults import Place
from services.core.stacks.grades import Scales

Test = Callable[[Copy], bool]
OF_THE_AWARD: frozenset[FieldName] = frozenset(
    {"term", "trust", "grade", "score", "credits", "valid_from", "valid_until"}
)
"""Fields that two awards of one achievement may differ in."""


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """A compiled selector; `ids` when it is about the achievement's id alone, in the order written."""

    test: Test
    may: Test
    must: Test
    ids: tuple[str, ...] | None = None


def _always(_: Copy) -> bool:
    return True


EVERYTHING = Selector(_always, _always, _always)
"""Every award."""


def compiled(document: SelectorDocument, at: Place, scales: Scales) -> Selector:
    """The selector that a document describes; faults go to `at`."""
    if isinstance(document, str):
        return of_ids((document,))
    if isinstance(document, tuple):
        return of_ids(document)
    return _of_fields(document, at, scales)


def of_ids(ids: tuple[str, ...]) -> Selector:
    """The selector of some achievements."""
    if len(ids) == 1:
        one = ids[0]

        def is_it(copy: Copy) -> bool:
            return copy.achievement == one

        return Selector(is_it, is_it, is_it, ids)
    known = frozenset(ids)

    def is_one(copy: Copy) -> bool:
        return copy.achievement in known

    return Selector(is_one, is_one, is_one, tuple(dict.fromkeys(ids)))


def both(first: Selector | None, second: Selector | None) -> Selector | None:
    """What matches both; None stands for everything."""
    if first is None or second is None:
        return first or second
    return _all((first, second))


def mentioned_ids(document: SelectorDocument, at: Place) -> list[tuple[str, Place]]:
    """Every achievement id that a selector names, with its place."""
    if isinstance(document, str):
        return [(document, at)]
    if isinstance(document, tuple):
        return [(name, at / number) for number, name in enumerate(document)]
    named = _ids_of_condition(document, at / "achievement")
    for word, parts in (("all", document.all or ()), ("any", document.any or ())):
        for number, part in enumerate(parts):
            named += mentioned_ids(part, at / word / number)
    return named + (mentioned_ids(document.not_, at / "not") if document.not_ is not None else [])


def _ids_of_condition(document: Fields, at: Place) -> list[tuple[str, Place]]:
    condition = document.achievement
    if isinstance(condition, str):
        return [(condition, at)]
    if isinstance(condition, tuple):
        return [(name, at / number) for number, name in enumerate(condition) if isinstance(name, str)]
    return []


def _of_fields(document: Fields, at: Place, scales: Scales) -> Selector:
    ids = _only_ids(document)
    if ids is not None:
        return of_ids(ids)
    stated = document.model_fields_set
    parts = [_of_field(name, getattr(document, name), at / name, scales) for name in FIELDS if name in stated]
    if document.all:
        parts += [compiled(part, at / "all" / number, scales) for number, part in enumerate(document.all)]
    if document.any:
        parts.append(_any(tuple(compiled(part, at / "any" / n, scales) for n, part in enumerate(document.any))))
    if document.not_ is not None:
        parts.append(_not(compiled(document.not_, at / "not", scales)))
    named = [frozenset(part.ids) for part in parts if part.ids is not None]
    if named and not frozenset.intersection(*named):
        at.fault("selects nothing: no achievement has all of these ids")
    return parts[0] if len(parts) == 1 else _all(tuple(parts))


def _only_ids(document: Fields) -> tuple[str, ...] | None:
    if document.model_fields_set != {"achievement"}:
        return None
    condition = document.achievement
    if isinstance(condition, str):
        return (condition,)
    if isinstance(condition, tuple) and all(isinstance(name, str) for name in condition):
        return tuple(name for name in condition if isinstance(name, str))
    return None


def _all(parts: tuple[Selector, ...]) -> Selector:
    return Selector(
        lambda copy: all(part.test(copy) for part in parts),
        lambda copy: all(part.may(copy) for part in parts),
        lambda copy: all(part.must(copy) for part in parts),
    )


def _any(parts: tuple[Selector, ...]) -> Selector:
    if all(part.ids is not None for part in parts):
        return of_ids(tuple(name for part in parts for name in part.ids or ()))
    return Selector(
        lambda copy: any(part.test(copy) for part in parts),
        lambda copy: any(part.may(copy) for part in parts),
        lambda copy: any(part.must(copy) for part in parts),
    )


def _not(part: Selector) -> Selector:
    return Selector(
        lambda copy: not part.test(copy),
        lambda copy: not part.must(copy),
        lambda copy: not part.may(copy),
    )


def _of_field(name: FieldName, condition: Any, at: Place, scales: Scales) -> Selector:
    holds = condition_test(name, condition, at, scales)
    value_of = attrgetter(name)

    def test(copy: Copy) -> bool:
        return holds(value_of(copy))

    if name in OF_THE_AWARD:
        return Selector(test, lambda _: True, lambda _: False)
    return Selector(test, test, test)
