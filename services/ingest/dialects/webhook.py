"""What Standard Webhooks puts around the data of an event: a type and a time. The data is of any other dialect.

A dialect of its own, so that such a body means the same over HTTP, from the inbox and when it is redriven.
Source: Standard Webhooks, https://www.standardwebhooks.com, "Payload".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from services.ingest.dialects.dialect import Arrival, Dialect, Translated
from services.ingest.dialects.meanings import Meanings
from services.runtime.errors import Fault, Rejected

_REQUIRED = {"type", "data"}
_MEMBERS = _REQUIRED | {"timestamp"}
_encode = msgspec.json.Encoder().encode


class Webhook:
    """Speaks whatever is wrapped of some dialects."""

    def __init__(self, dialects: Sequence[Dialect]) -> None:
        self.NAME = "webhook"
        self._dialects = dialects

    def speaks(self, arrival: Arrival, /) -> bool:
        """Whether something is wrapped that one of the dialects speaks."""
        inner = within(arrival)
        return inner is not None and self._of(inner) is not None

    def translate(self, arrival: Arrival, meanings: Meanings, /) -> Translated:
        """What the data means, with faults where they are in the whole.

        Raises: Rejected.
        """
        inner = within(arrival)
        if inner is None:
            raise Rejected.because("wrong_type", "send an object with type, timestamp and data")
        dialect = self._of(inner)
        if dialect is None:
            known = ", ".join(one.NAME for one in self._dialects)
            raise Rejected.because("unknown_dialect", f"data must be a payload of one of {known}", "/data")
        return translated_within(dialect, inner, meanings)

    def _of(self, inner: Arrival) -> Dialect | None:
        return next((dialect for dialect in self._dialects if dialect.speaks(inner)), None)


def within(arrival: Arrival) -> Arrival | None:
    """What is wrapped, as a payload of its own; None when nothing is."""
    document = arrival.first_item
    if not isinstance(document, dict) or not _REQUIRED <= document.keys() <= _MEMBERS:
        return None
    data = document["data"]
    return replace(arrival, payload=_encode(data), headers={}) if isinstance(data, dict | list) else None


def translated_within(dialect: Dialect, inner: Arrival, meanings: Meanings) -> Translated:
    """What wrapped data means in a dialect.

    Raises: Rejected.
    """
    try:
        found = dialect.translate(inner, meanings)
    except Rejected as refusal:
        raise Rejected([_moved(fault) for fault in refusal.faults]) from refusal
    moved = ([_moved(fault) for fault in faults] for faults in (found.faults, found.unattributed))
    return found._replace(faults=next(moved), unattributed=next(moved))


def _moved(fault: Fault) -> Fault:
    return replace(fault, pointer=f"/data{fault.pointer}")
