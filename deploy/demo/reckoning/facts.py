"""A payload, read: the fact that it states, or why it states none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


class Refused(Exception):
    """Not a payload that Stepwell takes; `reason` is `not_json` or `not_a_record`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fact:
    """One accepted record. `identity` is equal for equal facts; `person` is who the record itself says it is about."""

    identity: str
    kind: str
    source: str
    person: str
    at: datetime
    said: Mapping[str, Any]


def instant(text: Any) -> datetime:
    """The moment that an RFC 3339 text names.

    Raises:
        Refused: no text, no date, or a time without an offset.
    """
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise Refused("not_a_record") from error
    if moment.tzinfo is None:
        raise Refused("not_a_record")
    return moment.astimezone(UTC)


def need(condition: object) -> None:
    """Go on only when the condition holds.

    Raises:
        Refused: it does not.
    """
    if not condition:
        raise Refused("not_a_record")
