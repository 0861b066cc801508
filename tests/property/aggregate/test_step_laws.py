"""However the log is cut into batches and processing crashes, tables end as if everything had been known at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.aggregate.changes import Changes
from services.aggregate.rows import award_row, employment_row, progress_row
from services.aggregate.showing import concerned, employers_at
from services.core.holdings import facts
from services.core.people import gather
from services.core.stacks.compile import CompiledCatalog
from services.core.stacks.evaluate import evaluate
from services.core.stacks.progress import progress_of
from tests.builders import strategies
from tests.builders.catalogs import awards, catalog
from tests.builders.records import day
from tests.property.aggregate.log import Log
from tests.property.aggregate.tables import Tables
from tests.property.core.test_people_laws import LINKS, PEOPLE

CATALOG = catalog(
    {
        "1": {"all": [{"award": "a", "active": True}, {"award": "b", "min_score": 0.6}]},
        "2": {"any": [{"stack": "1"}, awards("c")]},
        "recent": {"count": {"min": 1, "from": ["a", "b"]}, "within": "P2D"},
    },
    [{"id": "a", "name": "From the catalog", "type": "course"}, "b", "c"],
)
OTHER_CATALOG = catalog({"other": awards("b"), "1": awards("a")}, "ab")
NOW = day(7)
OWN_RECORDS = st.tuples(strategies.records(links=False), PEOPLE).map(
    lambda drawn: drawn[0].model_copy(update={"worker_id": drawn[1]})
)
RECORDS = st.lists(st.one_of(OWN_RECORDS, OWN_RECORDS, OWN_RECORDS, LINKS), max_size=10)
RANDOMS = st.randoms(use_true_random=False)


@settings(max_examples=150, deadline=None)
@given(RECORDS, RANDOMS)
def test_any_batches_and_crashes_end_in_the_same_tables(records: list[Any], random: Random) -> None:
    """Rows of every table, for every employer, whatever the order, the cuts, the duplicates and the crashes."""
    log = Log(CATALOG, random)
    log.append(_shuffled(records, random))
    log.run(NOW)
    assert log.tables.all_seen() == _expected(records, CATALOG, NOW)
    assert {row["record_id"] for row in log.tables.seen("records")} == {record.record_id for record in records}


@settings(max_examples=100, deadline=None)
@given(RECORDS, st.lists(st.integers(0, 12), max_size=4).map(sorted), RANDOMS)
def test_as_time_passes_tables_show_what_holds_by_then(records: list[Any], days: list[int], random: Random) -> None:
    """Expiry, windows, and employments that begin or end: looking again when a worker wakes is enough."""
    log = Log(CATALOG, random)
    rest = _shuffled(records, random)
    for number in days:
        log.append(rest[:2])
        rest = rest[2:]
        log.run(day(number))
        log.wake(day(number))
    log.append(rest)
    log.run(day(12))
    log.wake(day(12))
    assert log.tables.all_seen() == _expected(records, CATALOG, day(12))


@settings(max_examples=60, deadline=None)
@given(RECORDS, RANDOMS)
def test_a_changed_catalog_is_shown_once_everybody_was_looked_at(records: list[Any], random: Random) -> None:
    """New stacks fire for what was earned before, other rules hold, and stacks that are gone are taken back."""
    log = Log(CATALOG, random)
    log.append(records)
    log.run(NOW)
    log.catalog = OTHER_CATALOG
    log.look_again(log.all_states(), NOW)
    assert log.tables.all_seen() == _expected(records, OTHER_CATALOG, NOW)


@settings(max_examples=60, deadline=None)
@given(RECORDS, RANDOMS)
def test_what_is_delivered_again_changes_no_state(records: list[Any], random: Random) -> None:
    """Nothing is written to the changelog for what is known."""
    log = Log(CATALOG, random)
    log.append(records)
    log.run(NOW)
    states = dict(log.states)
    log.append(records)
    log.run(NOW)
    assert log.states == states


def _expected(records: Iterable[Any], catalog_: CompiledCatalog, as_of: datetime) -> dict[str, Any]:
    changes = Changes()
    for worker_id, holdings in gather(records).items():
        known = facts(holdings)
        for employer_id in employers_at(known, as_of):
            for held in known.awards:
                offered = catalog_.achievements.get(held.achievement)
                changes.awards.append((employer_id, *award_row(worker_id, held, offered, 1)))
            for stack in concerned(catalog_, known).values():
                progress = progress_of(evaluate(stack, known, as_of, catalog_), worker_id)
                changes.progress.append((employer_id, *progress_row(progress, 1)))
        changes.employments.extend(employment_row(worker_id, one, 1, is_deleted=False) for one in known.employments)
    tables = Tables()
    tables.insert(changes)
    return tables.all_seen()


def _shuffled(records: list[Any], random: Random) -> list[Any]:
    return random.sample(records, len(records))
