"""Payloads of one document, an array of them, or one a line, for dialects whose documents are JSON objects."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeVar

import msgspec

from services.ingest.documents import decoded
from services.runtime.errors import Fault, Rejected

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode


class Document(NamedTuple):
    """A document, and where it is in the payload: "" when it is all of it, `/n` when it is the nth."""

    value: Any
    pointer: str


def documents_in(payload: bytes) -> list[Document]:
    """The documents of a payload, in order.

    Raises: Rejected with code `invalid_json`.
    """
    lines = [line for line in payload.split(b"\n") if line.strip()]
    try:
        whole = decoded(payload)
    except Rejected:
        if len(lines) < 2:  # noqa: PLR2004 - one line is one document
            raise
        return [Document(_line(line, place), f"/{place}") for place, line in enumerate(lines)]
    if isinstance(whole, list):
        return [Document(value, f"/{place}") for place, value in enumerate(whole)]
    return [Document(whole, "")]


def _line(line: bytes, place: int) -> Any:
    try:
        return decoded(line)
    except Rejected as refusal:
        raise Rejected.because("invalid_json", refusal.first.detail, f"/{place}") from refusal


def good_and_faulty(payload: bytes, read: Callable[[bytes], list[T]]) -> tuple[list[tuple[int, T]], list[Fault]]:
    """What `read` makes of the good items of a payload, each with its index, and the faults of the others.

    `read` takes a payload as a whole or not at all, and says of each fault which item has it.

    Raises: Rejected when the payload cannot be read as items.
    """
    try:
        return list(enumerate(read(payload))), []
    except Rejected as refusal:
        bad = {fault.index for fault in refusal.faults}
        if None in bad:
            raise
        good = _others(payload, bad)
        return list(zip(good, read(_encode(list(good.values()))) if good else [], strict=True)), list(refusal.faults)


def _others(payload: bytes, indexes: Collection[int | None]) -> dict[int, Any]:
    documents = documents_in(payload)
    return {place: one.value for place, one in enumerate(documents) if place not in indexes}
