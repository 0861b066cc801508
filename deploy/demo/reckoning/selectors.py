"""Which awards a catalog's SELECTOR picks, spelled out for plain dictionaries.

Written apart from the engine's own selectors on purpose: the reckoning may not lean on what it checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Selector = Any
"""ID | [IDS] | {FIELD: condition, ...} | {all: [...]} | {any: [...]} | {not: SELECTOR}"""


def picks(selector: Selector, award: Mapping[str, Any]) -> bool:
    """Whether the selector picks this award, given as its fields by name (`achievement`, `type`, `tags` ...)."""
    if isinstance(selector, str):
        return bool(award["achievement"] == selector)
    if isinstance(selector, list):
        return award["achievement"] in selector
    return all(_holds(name, condition, award) for name, condition in selector.items())


def _holds(name: str, condition: Any, award: Mapping[str, Any]) -> bool:
    if name == "all":
        return all(picks(part, award) for part in condition)
    if name == "any":
        return any(picks(part, award) for part in condition)
    if name == "not":
        return not picks(condition, award)
    return _meets(award.get(name), condition)


def _meets(value: Any, condition: Any) -> bool:
    if isinstance(condition, dict):
        return all(_compares(value, operator, operand) for operator, operand in condition.items())
    if isinstance(condition, list):
        return any(_equals(value, one) for one in condition)
    return _equals(value, condition)


def _equals(value: Any, wanted: Any) -> bool:
    return wanted in value if isinstance(value, list | tuple) else bool(value == wanted)


def _compares(value: Any, operator: str, operand: Any) -> bool:
    if operator == "ne":
        return not _equals(value, operand)
    if operator == "has":
        return isinstance(value, list | tuple) and operand in value
    if operator == "prefix":
        return isinstance(value, str) and value.startswith(operand)
    if value is None:
        return False
    if operator == "gte":
        return bool(value >= operand)
    if operator == "lte":
        return bool(value <= operand)
    raise ValueError(f"the reckoning does not know the operator {operator!r}")
