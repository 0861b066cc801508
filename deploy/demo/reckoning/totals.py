"""The totals that a run is checked by, reckoned from raw deliveries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from deploy.demo.delivery import Delivery
from deploy.demo.reckoning.catalog_files import PlainCatalog
from deploy.demo.reckoning.facts import Fact, Refused
from deploy.demo.reckoning.holdings import Holder, Kept, holders
from deploy.demo.reckoning.reading import fact
from deploy.demo.reckoning.standing import standings

NO_EMPLOYER = ""


@dataclass(slots=True)
class Totals:
    """Counts by name; equal totals compare equal."""

    records: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By road ("http" or "inbox") and reason."""
    workers: Counter[str] = field(default_factory=Counter)
    """Current workers by employer."""
    awards: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What current workers hold, by employer and status (active, expired, revoked, not_yet_valid)."""
    standings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Workers by employer, stack and status."""


def reckon(deliveries: Iterable[Delivery], catalog: PlainCatalog, as_of: datetime) -> Totals:
    """What must come out of these deliveries, in whatever order and number they came, as things stand at `as_of`."""
    totals = Totals()
    facts: list[Fact] = []
    for delivery in deliveries:
        try:
            said = fact(delivery)
        except Refused as refusal:
            totals.refused["inbox" if delivery.road == "inbox" else "http", refusal.reason] += 1
        else:
            facts.extend([] if said is None else [said])
    totals.records = len({said.identity for said in facts})
    for holder in holders(facts, catalog).values():
        _add(totals, holder, catalog, as_of)
    return totals


def _add(totals: Totals, holder: Holder, catalog: PlainCatalog, as_of: datetime) -> None:
    status_by_stack = standings(holder, catalog, as_of)
    for employer in holder.employers(as_of) or [NO_EMPLOYER]:
        if employer != NO_EMPLOYER:
            totals.workers[employer] += 1
            totals.awards.update((employer, _state(kept, as_of)) for kept in holder.kept)
        totals.standings.update((employer, stack, status) for stack, status in status_by_stack.items())


def _state(kept: Kept, as_of: datetime) -> str:
    if kept.revoked_at is not None and kept.revoked_at <= as_of:
        return "revoked"
    if kept.valid_until is not None and kept.valid_until <= as_of:
        return "expired"
    return "not_yet_valid" if kept.earned_at > as_of else "active"
