"""The core and the reckoning, written apart, agree on a whole cohort, with no server in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deploy.demo.catalogs import demo_catalog
from deploy.demo.cohort import Size, cohort
from deploy.demo.delivery import Delivery
from deploy.demo.reckoning.catalog_files import plain_catalog
from deploy.demo.reckoning.totals import reckon
from schemas.records import Record
from services.core.facts import Facts
from services.core.holdings import facts
from services.core.people import gather
from services.core.settle import settle
from services.core.stacks import CompiledCatalog, CompiledStack, compile_texts, evaluate_all
from services.ingest.dialects.xapi.batch import statements_in, translate
from services.ingest.native import records_in
from services.runtime.errors import Rejected

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_core_and_reckoning_agree_on_every_standing(seed: int) -> None:
    """Links, erasures, revocations, lapses, duplicates and all: the same workers on the same stacks, as far."""
    texts = demo_catalog()
    history = cohort(seed, Size(120, 2_500), plain_catalog(texts.values()), NOW).history
    records = [record for delivery in history for record in _records(delivery)]
    reckoned = reckon(history, plain_catalog(texts.values()), NOW)
    assert len({record.record_id for record in records}) == reckoned.records
    assert _standings(records, compile_texts(texts)) == reckoned.standings


def _records(delivery: Delivery) -> Iterator[Record]:
    try:
        if delivery.road == "xapi":
            statements = statements_in(delivery.body, is_version_2=False)
            found = [record for _, record in translate(statements, source=delivery.source, received_at=NOW).records]
        else:
            found = records_in(delivery.body)
    except Rejected:
        return
    yield from (settle(record, source=delivery.source, received_at=NOW) for record in found)


def _standings(records: list[Record], catalog: CompiledCatalog) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for known in map(facts, gather(records).values()):
        for one in evaluate_all(_concerned(known, catalog), known, NOW, catalog):
            found.update((employer, one.stack.id, str(one.status)) for employer in _employers(known))
    return found


def _concerned(known: Facts, catalog: CompiledCatalog) -> list[CompiledStack]:
    touched = {stack.id: stack for stack in catalog.touched(known.awards)}
    enrolled = {one.stack_id: catalog.stack(one.stack_id) for one in known.enrolments}
    return list((touched | enrolled).values())


def _employers(known: Facts) -> list[str]:
    current = {
        one.employer_id
        for one in known.employments
        if one.started_at <= NOW and (one.ended_at is None or one.ended_at > NOW)
    }
    return sorted(current) or [""]
