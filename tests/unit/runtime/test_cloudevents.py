"""CloudEvents attributes as Kafka headers."""

from __future__ import annotations

from datetime import UTC, datetime

from services.runtime.cloudevents import attribute, binary_headers, texts


def test_an_event_is_headers_in_binary_mode() -> None:
    """CloudEvents Kafka binding 3.2: every attribute is a header ce_..., bytes, and content-type stands for itself."""
    made = binary_headers(
        event_id="1", source="acme", event_type="t", time=datetime(2026, 1, 1, tzinfo=UTC), traceparent="00-a-b-01"
    )
    assert dict(made) == {
        "ce_specversion": b"1.0",
        "ce_id": b"1",
        "ce_source": b"acme",
        "ce_type": b"t",
        "ce_time": b"2026-01-01T00:00:00+00:00",
        "content-type": b"application/json",
        "traceparent": b"00-a-b-01",
    }


def test_an_attribute_is_found_in_any_spelling() -> None:
    """The binding's `ce_`, HTTP's `ce-`, and Open edX's bare `sourcehost`."""
    headers = texts([("ce_type", b"t"), ("CE-Source", b"s"), ("sourcehost", b"h"), ("ce_time", b""), ("x", None)])
    found = {name: attribute(headers, name) for name in ("type", "source", "sourcehost", "time", "id")}
    assert found == {"type": "t", "source": "s", "sourcehost": "h", "time": None, "id": None}
