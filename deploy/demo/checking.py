"""Waiting until all that was sent is processed, and comparing what came out with what must.

Bounded: as long as something changes the wait goes on; once nothing did for a while, whatever differs is the verdict.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any

from deploy.demo.comparison import Line, compared
from deploy.demo.delivery import Delivery
from deploy.demo.found import found_in_clickhouse, refused_on_kafka
from deploy.demo.reckoning.catalog_files import PlainCatalog
from deploy.demo.reckoning.totals import Totals, reckon

POLL_SECONDS = 0.5
STILL_SECONDS = 15.0
"""How long nothing may change, with all messages read, before what differs is the verdict."""
STUCK_SECONDS = 120.0
"""The same while messages are left to read: a worker that was killed takes its time to be replaced."""
NOT_JSON = "invalid_json"
"""The code that ingest gives what is no JSON; every other code is of a payload that is no record or statement."""


@dataclass(frozen=True, slots=True)
class Sent:
    """All that was sent, with what HTTP answered: payloads refused by code, and requests refused."""

    deliveries: Sequence[Delivery]
    refused: Mapping[str, int]
    refused_requests: int


@dataclass(frozen=True, slots=True)
class Checker:
    """Reads a running Stepwell. `lag` says how many messages its consumer groups have yet to read."""

    client: Any
    kafka: str
    catalog: PlainCatalog
    lag: Callable[[], int]
    stopped: Event = field(default_factory=Event)
    """Set from another thread to end a wait early."""

    def verdict(self, sent: Sent) -> list[Line]:
        """Every total, expected and found, once all of them agree or nothing changes any more.

        Raises:
            InterruptedError: `stopped` was set first.
        """
        last: Totals | None = None
        changed_at = time.monotonic()
        while True:
            found = self._found(sent)
            if found != last:
                last, changed_at = found, time.monotonic()
            lag = self.lag()
            is_still = time.monotonic() - changed_at > (STUCK_SECONDS if lag else STILL_SECONDS)
            if lag == 0 or is_still:
                lines = [*compared(self._expected(sent), self._found(sent)), Line("messages not read", "", "", 0, lag)]
                if is_still or all(line.ok for line in lines):
                    return lines
            if self.stopped.wait(POLL_SECONDS):
                raise InterruptedError("the check was stopped")

    def _expected(self, sent: Sent) -> Totals:
        totals = reckon(sent.deliveries, self.catalog, datetime.now(UTC))
        totals.refused["http", "requests"] = sent.refused_requests
        return totals

    def _found(self, sent: Sent) -> Totals:
        totals = found_in_clickhouse(self.client)
        totals.refused = Counter({("http", _reason(code)): 0 for code in sent.refused})
        for code, number in sent.refused.items():
            totals.refused["http", _reason(code)] += number
        for (way, code), number in refused_on_kafka(self.kafka).items():
            totals.refused[(way, "requests") if way == "http" else (way, _reason(code))] += number
        return totals


def _reason(code: str) -> str:
    return "not_json" if code == NOT_JSON else "not_a_record"
