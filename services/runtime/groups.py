"""Names of the consumer groups that others than their members ask about, each after the topic prefix."""

from __future__ import annotations

AGGREGATE = "stepwell-aggregate"
"""What it has not read of the records, no page shows yet."""
INBOX = "stepwell-inbox"
"""What it has not read are payloads that are no records yet."""
