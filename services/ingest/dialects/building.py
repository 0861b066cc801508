"""From what a dialect found to a record: where a text is longer than a record may hold, the payload is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from schemas.records import Record, record_adapter
from services.runtime.errors import Fault, Rejected

UNATTRIBUTED = "unattributed"
"""Code of what is left of a good payload because it states somebody's learning and not whose, or of what."""


def record_made(members: Mapping[str, Any], pointer: str) -> Record:
    """The record with these members; those that are None are left out.

    Raises: Rejected at `pointer` when a member does not fit.
    """
    given = {name: value for name, value in members.items() if value is not None}
    try:
        return record_adapter.validate_python(given, strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        detail = f"{place} cannot be held by a learning record: {first['msg']}"
        raise Rejected([Fault("unrepresentable", pointer, detail)]) from error


def score_of(given: float | None, most: float | None, least: float | None = None) -> dict[str, float] | None:
    """A score of points, scaled where it is known how many there are; None without points.

    More than all points are all of them: extra credit does not make a score that no scale has.
    """
    if given is None:
        return None
    floor = least or 0.0
    if most is None or most <= floor:
        return {"raw": given}
    scaled = max(-1.0, min(1.0, (given - floor) / (most - floor)))
    bounds = {"max": most} if least is None else {"min": least, "max": most}
    if given > most or given < (least if least is not None else given):
        return {"scaled": scaled, "raw": given}
    return {"scaled": scaled, "raw": given, **bounds}
