"""Which dialect a payload speaks, where nobody asked for it by a path: by what its headers say, else by its shape."""

from __future__ import annotations

from typing import Any, Literal

from services.ingest.documents import decoded
from services.runtime.cloudevents import attribute
from services.runtime.errors import Rejected

Dialect = Literal["native", "xapi"]


def dialect_of(payload: bytes, headers: dict[str, str]) -> Dialect:
    """The dialect. `headers` as `cloudevents.texts` gives them.

    Raises: Rejected with code `unknown_dialect` when neither headers nor shape tell.
    """
    event_type = (attribute(headers, "type") or "").lower()
    if "x-experience-api-version" in headers or "xapi" in event_type:
        return "xapi"
    if event_type.startswith("stepwell."):
        return "native"
    return _by_shape(payload)


def _by_shape(payload: bytes) -> Dialect:
    item = _first_item(payload)
    if isinstance(item, dict):
        if "kind" in item:
            return "native"
        if "actor" in item and "verb" in item:
            return "xapi"
    cure = "send a record with kind, an xAPI statement, or name the dialect in the header ce_type"
    raise Rejected.because("unknown_dialect", cure)


def _first_item(payload: bytes) -> Any:
    """The payload decoded, or the first of its items, be they in an array or one a line."""
    for text in (payload, payload.lstrip().partition(b"\n")[0]):
        try:
            document = decoded(text)
        except Rejected:
            continue
        return document[0] if isinstance(document, list) and document else document
    raise Rejected.because("invalid_json", "this is no JSON, and no header says what else it is")
