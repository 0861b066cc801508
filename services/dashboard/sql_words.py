"""What a query of somebody's own found, in words: types without their wrapping, values as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

_WRAPPED: Final = re.compile(r"^(?:LowCardinality|Nullable)\((.*)\)$")
_NUMERIC: Final = re.compile(r"^(?:U?Int|Float|Decimal|BFloat)")


def plain_type(name: str) -> str:
    """LowCardinality(Nullable(String)) -> String."""
    found = _WRAPPED.match(name)
    return plain_type(found[1]) if found else name


def is_numeric_type(name: str) -> bool:
    """Whether values of the type are numbers, which are written to the right."""
    return _NUMERIC.match(plain_type(name)) is not None


def cell_text(value: Any) -> str:
    """A value as text: instants to the second in UTC, lists with commas, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {cell_text(one)}" for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(cell_text, value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    return value.isoformat() if isinstance(value, date) else str(value)
