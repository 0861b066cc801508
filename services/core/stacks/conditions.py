"""Conditions of selectors compiled: from what a catalog says of one field to a question about its value.

A value means "is", or "contains" where the field holds several; a list "is one of"; a comparison what its words say. A
value that is not stated is in no order with any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from math import inf
from typing import Any

from schemas.moments import start_of
from schemas.selectors import INSTANTS, NUMBERS, SEVERAL, Comparison, FieldName
from services.core.stacks.faults import Place
from services.core.stacks.grades import Scales, plain

ValueTest = Callable[[Any], bool]
BOUNDS: Mapping[str, tuple[float, float]] = {"score": (-1, 1), "trust": (0, 4)}
"""Fields whose values lie between these."""


def condition_test(name: FieldName, condition: Any, at: Place, scales: Scales) -> ValueTest:
    """What a condition on a field asks of the field's value; faults go to `at`."""
    if isinstance(condition, Comparison):
        return _comparison(name, condition, at, scales)
    return _is_among(name, condition, at)


def _is_among(name: FieldName, condition: Any, at: Place) -> ValueTest:
    wanted = _wanted(name, condition, at)
    if name in SEVERAL:
        return lambda values: not wanted.isdisjoint(values) or (None in wanted and not values)
    if name == "grade":
        return lambda value: (None if value is None else plain(value)) in wanted
    return lambda value: value in wanted


def _wanted(name: FieldName, condition: Any, at: Place) -> frozenset[Any]:
    values = condition if isinstance(condition, tuple) else (condition,)
    return frozenset(_operand(name, value, at) for value in values)


def _comparison(name: FieldName, condition: Comparison, at: Place, scales: Scales) -> ValueTest:
    tests = [
        _one_comparison(name, word, getattr(condition, word), at / word, scales)
        for word in ("gte", "lte", "ne", "has", "prefix")
        if word in condition.model_fields_set
    ]
    if _is_empty_range(name, condition, scales):
        at.fault(f"{name} is never at least {condition.gte} and at most {condition.lte}")
    if _is_beyond(name, condition):
        least, most = BOUNDS[name]
        at.fault(f"{name} is from {least} to {most}")
    return tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests)


def _is_beyond(name: FieldName, condition: Comparison) -> bool:
    """Whether a comparison asks for what the field's values never are."""
    least, most = BOUNDS.get(name, (-inf, inf))
    low, high = condition.gte, condition.lte
    return (isinstance(low, int | float) and low > most) or (isinstance(high, int | float) and high < least)


def _is_empty_range(name: FieldName, condition: Comparison, scales: Scales) -> bool:
    """Whether the upper bound is below the lower one."""
    low, high = condition.gte, condition.lte
    if low is None or high is None:
        return False
    if name == "grade":
        return isinstance(low, str) and isinstance(high, str) and not scales.is_at_least(high, low)
    if name in INSTANTS:
        moments = (_instant(low, Place()), _instant(high, Place()))
        return None not in moments and moments[1] < moments[0]  # type: ignore[operator]
    if isinstance(low, str) or isinstance(high, str):
        return isinstance(low, str) and isinstance(high, str) and high < low
    return high < low


def _one_comparison(name: FieldName, word: str, operand: Any, at: Place, scales: Scales) -> ValueTest:
    if word == "ne":
        is_among = _is_among(name, operand, at)
        return lambda value: not is_among(value)
    if word == "has":
        return _has(name, operand, at)
    if word == "prefix":
        return _prefix(name, operand, at)
    return _bound(name, word, _operand(name, operand, at), at, scales)


def _has(name: FieldName, operand: Any, at: Place) -> ValueTest:
    wanted = _wanted(name, operand, at)
    if name in SEVERAL:
        return wanted.issubset
    at.fault(f"`has` asks of a field that holds several values ({', '.join(sorted(SEVERAL))}); {name} holds one")
    return lambda _: False


def _prefix(name: FieldName, start: str, at: Place) -> ValueTest:
    if name in SEVERAL:
        return lambda values: any(value.startswith(start) for value in values)
    if name in NUMBERS | INSTANTS:
        at.fault(f"`prefix` asks of a text; {name} is none")
    return lambda value: isinstance(value, str) and value.startswith(start)


def _bound(name: FieldName, word: str, limit: Any, at: Place, scales: Scales) -> ValueTest:
    if name in SEVERAL:
        at.fault(f"{name} holds several values and has no order: use has")
        return lambda _: False
    if name == "grade":
        return _grade_bound(word, limit, at, scales)
    upward = word == "gte"

    def is_within(value: Any) -> bool:
        if value is None or isinstance(value, str) != isinstance(limit, str):
            return False
        return bool(value >= limit if upward else value <= limit)

    return is_within


def _grade_bound(word: str, limit: Any, at: Place, scales: Scales) -> ValueTest:
    scale = scales.scale_of(limit) if isinstance(limit, str) else None
    if scale is None:
        at.fault(f"no scale has the grade {limit}")
        return lambda _: False
    order, rank = scale.order, scale.order[plain(limit)]

    def is_within(value: str | None) -> bool:
        own = None if value is None else order.get(plain(value))
        return own is not None and (own >= rank if word == "gte" else own <= rank)

    return is_within


def _operand(name: FieldName, value: Any, at: Place) -> Any:
    if value is None:
        return None
    if name in INSTANTS:
        return _instant(value, at)
    if name in NUMBERS:
        if isinstance(value, str):
            at.fault(f"{name} is a number, not the text {value!r}")
        return value
    if name != "level" and not isinstance(value, str):
        at.fault(f"{name} is a text, not the number {value}")
        return value
    return plain(value) if name == "grade" else value


def _instant(value: Any, at: Place) -> datetime | None:
    try:
        moment = start_of(value)
    except ValueError as error:
        at.fault(str(error))
        return None
    if not isinstance(moment, datetime):
        at.fault(f"not a date: {value}")
        return None
    return moment
