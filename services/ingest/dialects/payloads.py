"""Payloads of one document, an array of them, or one a line, for dialects whose documents are JSON objects."""

from __future__ import annotations

from typing import Any, NamedTuple

from services.ingest.documents import decoded
from services.runtime.errors import Rejected


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
