"""The embedded ClickHouse when it is killed, and when two want its folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.embedded.clickhouse.start import command, start
from services.runtime.children import Child, ChildFailed
from services.runtime.clickhouse import Client, connect
from services.runtime.errors import Unavailable

TABLE = (
    "CREATE TABLE IF NOT EXISTS facts (id UInt32) ENGINE = MergeTree ORDER BY id "
    "SETTINGS non_replicated_deduplication_window = 1000"
)
BATCH = 500


@contextmanager
def _front(folder: Path) -> Iterator[tuple[Child, Client]]:
    child, url = start(folder / "data", folder / "log")
    try:
        yield child, connect(url, "default")
    finally:
        child.stop()


def _insert(client: Client, number: int) -> None:
    rows = [list(range(number * BATCH, (number + 1) * BATCH))]
    token = {"insert_deduplication_token": f"batch-{number}"}
    client.insert("facts", rows, column_names=["id"], column_oriented=True, settings=token)


def test_a_kill_loses_no_acknowledged_insert(tmp_path: Path) -> None:
    """What was acknowledged before kill -9 is there after it, and the batch in doubt, sent again, is there once."""
    with _front(tmp_path) as (_, client):
        client.command(TABLE)
    acknowledged = 0
    for round_number in range(3):
        with _front(tmp_path) as (child, client):
            for _ in range(5):
                _insert(client, acknowledged)
                acknowledged += 1
            if round_number == 1:
                _insert(client, acknowledged)  # done, but say that its answer was lost
            child.kill()

    with _front(tmp_path) as (_, client):
        assert client.query("SELECT count() FROM facts").result_rows[0][0] >= acknowledged * BATCH
        for number in range(acknowledged):
            _insert(client, number)
        answer = client.query("SELECT count(), uniqExact(id) FROM facts").result_rows

    assert answer == [(acknowledged * BATCH, acknowledged * BATCH)]


def test_a_client_learns_that_the_front_is_gone(tmp_path: Path) -> None:
    """A killed front is `Unavailable`: something to try again, not a bug."""
    child, url = start(tmp_path / "data", tmp_path / "log")
    child.kill()

    with pytest.raises(Unavailable):
        connect(url, "default")


def test_a_folder_belongs_to_one_process(tmp_path: Path) -> None:
    """A second process is refused with the first one's id, and does no harm to it."""
    with _front(tmp_path) as (child, client):
        with pytest.raises(ChildFailed, match=rf"belongs to process {child.pid}"):
            start(tmp_path / "data", tmp_path / "second.log")

        assert client.query("SELECT 1").result_rows == [(1,)]


def test_a_port_that_is_taken_is_said_plainly(tmp_path: Path, clickhouse_url: str) -> None:
    """The message names the port, and no trace is printed."""
    port = int(clickhouse_url.rpartition(":")[2])

    done = subprocess.run(command(tmp_path / "data", port), capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


def test_the_front_stops_cleanly(tmp_path: Path) -> None:
    """SIGTERM ends it with code 0."""
    child, _ = start(tmp_path / "data", tmp_path / "log")

    assert child.stop() == 0


def test_the_command_explains_itself() -> None:
    """`--help` names the folder and the port."""
    told = subprocess.run(
        [sys.executable, "-m", "deploy.embedded.clickhouse", "--help"], capture_output=True, text=True, check=True
    ).stdout

    assert "--path" in told
    assert "--port" in told
