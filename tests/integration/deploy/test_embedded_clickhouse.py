"""The embedded ClickHouse, through the clients that people use."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import clickhouse_connect
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from services.runtime.clickhouse import Client, connect, connect_async

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COLUMNS = ["id", "at", "label", "tags", "score"]
ROWS: list[list[Any]] = [[1, 2], [NOON, NOON], ["x", "it's\t\n\\"], [["a", "b"], []], [None, 2.5]]


@pytest.fixture
def client(database: tuple[str, str]) -> Client:
    """A client on a database with a table of many types, deduplicated by token."""
    url, name = database
    client = connect(url, name)
    client.command(
        "CREATE TABLE things (id UInt32, at DateTime64(6, 'UTC'), label LowCardinality(String), "
        "tags Array(LowCardinality(String)), score Nullable(Float64), CONSTRAINT small CHECK id < 1000) "
        "ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100"
    )
    return client


def test_columns_come_back_as_they_went_in(client: Client) -> None:
    """Native in and Native out, with times in UTC, arrays, nulls and awkward strings."""
    client.insert("things", ROWS, column_names=COLUMNS, column_oriented=True)

    answer = client.query("SELECT * FROM things ORDER BY id")

    assert answer.result_rows == [tuple(row) for row in zip(*ROWS, strict=True)]


def test_a_token_is_taken_once(client: Client) -> None:
    """The same insert with the same deduplication token stores its rows once."""
    for _ in range(3):
        client.insert(
            "things",
            ROWS,
            column_names=COLUMNS,
            column_oriented=True,
            settings={"insert_deduplication_token": "batch-1"},
        )

    assert client.query("SELECT count() FROM things").result_rows == [(2,)]


def test_a_refused_insert_is_an_error_and_stores_nothing(client: Client) -> None:
    """A constraint that fails reaches the client, with ClickHouse's code."""
    with pytest.raises(DatabaseError) as refused:
        client.insert("things", [[1001, NOON, "", [], None]], column_names=COLUMNS)

    assert refused.value.code == 469
    assert client.query("SELECT count() FROM things").result_rows == [(0,)]


def test_settings_of_one_query_do_not_stay(client: Client) -> None:
    """A setting given with a query is gone in the next one, whichever connection it gets."""
    asked = "SELECT getSetting('max_threads')"

    assert client.query(asked, settings={"max_threads": 3}).result_rows == [(3,)]
    assert client.query(asked).result_rows != [(3,)]


def test_an_unknown_setting_is_refused_and_forgotten(client: Client) -> None:
    """After a setting that does not exist the connection is as good as new."""
    for _ in range(3):
        with pytest.raises(DatabaseError) as refused:
            client.raw_query("SELECT 1", settings={"session_timeout": 1, "no_such_setting_at_all": 1})
        assert refused.value.code == 115

    assert client.query("SELECT 1").result_rows == [(1,)]


def test_one_reader_s_readonly_is_nobody_else_s(database: tuple[str, str]) -> None:
    """Clients that ask for readonly get it, and those beside them can still set and write."""
    url, name = database
    writer = connect(url, name)
    readers = [connect(url, name, readonly=2, max_execution_time=seconds) for seconds in (5, 6, 7)]

    for reader in readers:
        assert reader.query("SELECT 1").result_rows == [(1,)]
        with pytest.raises(DatabaseError, match="READONLY"):
            reader.command("CREATE TABLE mine (id UInt32) ENGINE = Memory")
        writer.command("CREATE OR REPLACE TABLE ours (id UInt32) ENGINE = Memory", settings={"max_threads": 1})

    assert [reader.query("SELECT count() FROM ours").result_rows for reader in readers] == [[(0,)]] * 3


def test_a_session_keeps_its_temporary_tables(clickhouse_url: str) -> None:
    """Clients that open a session see their own temporary table, and no other session does."""
    one, other = (clickhouse_connect.get_client(dsn=clickhouse_url, session_id=name) for name in ("one", "other"))
    one.command("CREATE TEMPORARY TABLE mine AS SELECT 7 AS n")

    assert one.query("SELECT n FROM mine").result_rows == [(7,)]
    with pytest.raises(DatabaseError):
        other.query("SELECT n FROM mine")


async def test_asyncio_clients_query_side_by_side(database: tuple[str, str]) -> None:
    """Parameters reach their own query when eight run at once."""
    url, name = database
    client = await connect_async(url, name)

    answers = await asyncio.gather(
        *(client.query("SELECT sleep(0.05), {n:UInt8}", parameters={"n": n}) for n in range(8))
    )

    assert [answer.result_rows[0][1] for answer in answers] == list(range(8))
    await client.close()
