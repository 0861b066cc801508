"""CloudEvents 1.0 in Kafka's binary mode: attributes as headers, the value untouched.

Apart from the producer, because the inbox, the gateway, the aggregate and the tools must spell the headers alike.
Both spellings met in the wild are read: `ce_type` (the Kafka binding) and Open edX's bare `sourcehost`.
Source: CloudEvents 1.0 Kafka Protocol Binding, section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

Header = tuple[str, bytes]
Headers = Sequence[Header]

RECORD_TYPE = "stepwell.record.v1"
"""ce_type of a settled learning record on the records topic."""
CREDENTIAL_TYPE = "stepwell.credential.v1"
"""ce_type of a credential as it was sent, on the credentials topic."""

JSON = "application/json"


def binary_headers(
    *,
    event_id: str,
    source: str,
    event_type: str,
    time: datetime,
    content_type: str = JSON,
    traceparent: str | None = None,
) -> list[Header]:
    """Headers of one event. `time` must be zone-aware."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", event_type.encode()),
        ("ce_time", time.isoformat().encode()),
        ("content-type", content_type.encode()),
    ]
    if traceparent is not None:
        headers.append(("traceparent", traceparent.encode()))
    return headers


def texts(headers: Iterable[tuple[str, bytes | None]] | None) -> dict[str, str]:
    """Headers as text by lower-case name; the last of a repeated name wins, undecodable bytes are replaced."""
    return {name.lower(): (value or b"").decode("utf-8", "replace") for name, value in headers or ()}


def attribute(headers: dict[str, str], name: str) -> str | None:
    """A CloudEvents attribute by its bare name, from headers in any spelling, or None when absent or empty."""
    for spelling in (f"ce_{name}", f"ce-{name}", name):
        if headers.get(spelling):
            return headers[spelling]
    return None
