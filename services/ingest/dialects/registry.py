"""Every dialect that Stepwell speaks, in the order in which they are asked whether a payload is theirs.

Those that only headers can tell come first. To add one: write its module (see `dialect.Dialect`), list it here, give it
golden pairs in tests/golden, a page in docs/platforms where a platform speaks it.
"""

from __future__ import annotations

from services.ingest.dialects import clr, credly, native, open_badges, open_badges_2
from services.ingest.dialects.caliper import dialect as caliper
from services.ingest.dialects.canvas import dialect as canvas
from services.ingest.dialects.dialect import Dialect
from services.ingest.dialects.openedx import dialect as openedx
from services.ingest.dialects.webhook import Webhook
from services.ingest.dialects.xapi import dialect as xapi

PLAIN: tuple[Dialect, ...] = (openedx, native, xapi, caliper, canvas, credly, open_badges, clr, open_badges_2)
DIALECTS: tuple[Dialect, ...] = (*PLAIN, Webhook(PLAIN))
BY_NAME = {dialect.NAME: dialect for dialect in DIALECTS}
