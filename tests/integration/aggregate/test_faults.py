"""What the aggregate promises when it is killed, joined, left, or cut off from ClickHouse: totals that are exact."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from deploy.clickhouse.migrations import migrate
from deploy.embedded.clickhouse import start as clickhouse
from schemas.records import Record
from services.core.people import gather, loads
from services.runtime.batching.stamps import unstamped
from services.runtime.children import Child
from tests.conftest import Broker
from tests.integration.aggregate.cohort import CATALOG, Shown, expected_progress, records_of
from tests.integration.aggregate.harness import Setting, daily

RECORDS = "SELECT uniqExact(record_id) FROM records"
SMALL_BATCHES = {"STEPWELL_BATCH_MAX_RECORDS": "100", "STEPWELL_BATCH_LINGER_SECONDS": "0.1"}


async def _shown(setting: Setting) -> Shown:
    rows = await setting.query("SELECT worker_id, stack_id, complete, progress FROM progress FINAL")
    return {(worker_id, stack_id): (bool(complete), progress) for worker_id, stack_id, complete, progress in rows}


async def _rolled_up(setting: Setting) -> Counter[tuple[str, str, str]]:
    rows = await setting.query(
        "SELECT toString(day), source, kind, uniqExactMerge(records) FROM records_daily GROUP BY day, source, kind"
    )
    return Counter({(day, source, kind): count for day, source, kind, count in rows})


async def _settle(setting: Setting, records: Sequence[Record], shown: Shown) -> None:
    """Wait until everything is in, or has had its time."""

    async def is_settled() -> bool:
        is_in = await setting.count(RECORDS) == len({record.record_id for record in records})
        return is_in and await _shown(setting) == shown

    await setting.until(is_settled)


async def _assert_exact(setting: Setting, records: Sequence[Record]) -> None:
    shown = expected_progress(records)
    await _settle(setting, records, shown)
    assert await setting.count(RECORDS) == len({record.record_id for record in records})
    assert await _rolled_up(setting) == daily(records)
    assert await _shown(setting) == shown


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
async def test_kill_9_twice_mid_stream_changes_no_total(setting: Setting, store: str) -> None:
    """Records, daily rollup and progress are exact after two kills, with every record sent twice."""
    environment = {**SMALL_BATCHES, "STEPWELL_STORE": store}
    records = records_of(150)
    await setting.apply_catalog(CATALOG)
    await setting.send(records, copies=2)
    for share in (0.2, 0.5):
        child = setting.start(**environment)
        await setting.until_counted(RECORDS, int(len(records) * share))
        child.kill()
    setting.start(**environment)
    await _assert_exact(setting, records)


async def test_a_second_worker_joins_and_leaves_mid_stream(setting: Setting) -> None:
    """Partitions move between workers while records arrive, and nothing is lost or counted twice."""
    records = records_of(120)
    third = len(records) // 3
    await setting.apply_catalog(CATALOG)
    setting.start("first", **SMALL_BATCHES)
    await setting.send(records[:third])
    await setting.until_counted(RECORDS, 10)
    second = setting.start("second", **SMALL_BATCHES)
    await setting.send(records[third : 2 * third])
    await setting.until_ready(second)
    assert second.stop() == 0
    await setting.send(records[2 * third :])
    await _assert_exact(setting, records)


async def test_state_rebuilt_from_the_changelog_is_the_live_state(setting: Setting) -> None:
    """What the changelog holds is what the records make, and a worker on a new machine goes on from it."""
    records = records_of(60)
    early, late = records[: len(records) // 2], records[len(records) // 2 :]
    await setting.apply_catalog(CATALOG)
    first = setting.start("first")
    await setting.send(early)
    await _assert_exact(setting, early)
    assert first.stop() == 0
    written = await setting.latest(f"{setting.names.group}-holdings-changelog")
    states = {key.decode(): loads(unstamped(stored)) for key, stored in written.items() if not key.startswith(b"\0")}
    own = {worker_id: state.own for worker_id, state in states.items()}
    plain = {worker_id: holdings for worker_id, holdings in gather(early).items() if _is_plain(worker_id)}
    assert {worker_id: own[worker_id] for worker_id in plain} == plain
    setting.start("elsewhere")
    await setting.send(late)
    await _assert_exact(setting, records)


def _is_plain(worker_id: str) -> bool:
    """Whether no account was linked to the worker, so that its own holdings are all it has."""
    return worker_id.startswith("w") and int(worker_id[1:]) % 7 != 0


@pytest.fixture
def own_clickhouse(tmp_path: Path) -> Iterator[list[Child]]:
    """An embedded ClickHouse that the test may stop and start."""
    children: list[Child] = []
    yield children
    for child in children:
        child.kill()


async def test_clickhouse_down_for_a_while_holds_the_log_and_loses_nothing(
    broker: Broker, topic_prefix: str, tmp_path: Path, own_clickhouse: list[Child]
) -> None:
    """While ClickHouse is away nothing is committed; once it is back, everything is caught up with."""
    folder = tmp_path / "clickhouse"
    server, url = clickhouse.start(folder, tmp_path / "clickhouse.log")
    own_clickhouse.append(server)
    migrate(url, "stepwell")
    setting = Setting(broker, topic_prefix, url, "stepwell", tmp_path)
    setting.apply_topics()
    records = records_of(60)
    half = len(records) // 2
    try:
        await setting.apply_catalog(CATALOG)
        worker = setting.start(**SMALL_BATCHES)
        await setting.send(records[:half])
        await setting.until_counted(RECORDS, 10)
        server.kill()
        await setting.send(records[half:])
        await asyncio.sleep(3)
        assert worker.returncode is None
        again, _ = clickhouse.start(folder, tmp_path / "clickhouse.log", port=int(url.rpartition(":")[2]))
        own_clickhouse.append(again)
        await _assert_exact(setting, records)
    finally:
        setting.stop()
