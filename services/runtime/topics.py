"""Names of Stepwell's topics. What each topic is and how the broker keeps it stands in `schemas/topics/*.yaml`."""

from __future__ import annotations

INBOX = "stepwell.inbox.v1"
RECORDS = "stepwell.records.v1"
REJECTED = "stepwell.rejected.v1"
CATALOG = "stepwell.catalog.v1"
PROGRESS = "stepwell.progress.v1"
XAPI = "stepwell.xapi.v1"
IDENTITIES = "stepwell.identities.v1"
CREDENTIALS = "stepwell.credentials.v1"
