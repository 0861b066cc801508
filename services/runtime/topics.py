"""Names of Stepwell's topics and of who reads them together. What each topic is stands in `schemas/topics/*.yaml`."""

from __future__ import annotations

INBOX = "stepwell.inbox.v1"
RECORDS = "stepwell.records.v1"
REJECTED = "stepwell.rejected.v1"
CATALOG = "stepwell.catalog.v1"
PROGRESS = "stepwell.progress.v1"
XAPI = "stepwell.xapi.v1"
IDENTITIES = "stepwell.identities.v1"
CREDENTIALS = "stepwell.credentials.v1"

AGGREGATE_GROUP = "stepwell-aggregate"
"""Consumer group of the aggregate: what it has not read of the records, no page shows yet."""
INBOX_GROUP = "stepwell-inbox"
"""Consumer group of the inbox."""
