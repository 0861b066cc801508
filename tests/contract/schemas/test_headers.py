"""The headers that the code writes are those that the AsyncAPI document tells of."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.asyncapi import HEADERS
from services.runtime.cloudevents import binary_headers
from services.runtime.errors import Fault
from services.runtime.rejected import ORIGINAL, Origin, Payload, refuse, write

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)


def test_an_event_has_the_headers_that_are_published() -> None:
    """All required ones and no others."""
    headers = binary_headers(event_id="1", source="s", event_type="t", time=NOW, traceparent="00-a-b-01")
    assert {name for name, _ in headers} == set(HEADERS["cloud_event"]["properties"])
    plain = binary_headers(event_id="1", source="s", event_type="t", time=NOW)
    assert {name for name, _ in plain} == set(HEADERS["cloud_event"]["required"])


def test_a_refusal_has_the_headers_that_are_published() -> None:
    """All of them, beside the original's own under their prefix."""
    payload = Payload(b"{", b"key", (("content-type", b"application/json"),), Origin("t", 0, 7))
    refusal = refuse(
        payload, Fault("rule", "/x", "said"), stage="ingest.inbox", refused_at=NOW, source="s", dialect="d"
    )
    names = {name for name, _ in write(refusal, "rejected").headers}
    assert {name for name in names if not name.startswith(ORIGINAL)} == set(HEADERS["refusal"]["properties"])
    assert {name for name in names if name.startswith(ORIGINAL)} == {"original.content-type"}
