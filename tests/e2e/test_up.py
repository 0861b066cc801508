"""`stepwell up`, as a person runs it: real processes, started, used, stopped and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.runtime.clickhouse import connect, unavailable
from services.runtime.errors import Unavailable
from tests.conftest import Broker

pytestmark = pytest.mark.timeout(300)

STEPWELL = (sys.executable, "-m", "services.cli")
WAIT_SECONDS = 90.0
CATALOG = """
achievements:
  - {id: first, name: First half}
  - {id: second, name: Second half}
stacks:
  - {id: whole, version: "1", title: Whole, requires: {all: [{award: first}, {award: second}]}}
"""
PROGRESS = "SELECT complete, progress FROM progress FINAL WHERE stack_id = 'whole' AND worker_id = 'w-1'"


@dataclass(frozen=True, slots=True)
class Running:
    """A `stepwell up` that is ready, and the commands that find it by its home."""

    process: subprocess.Popen[str]
    home: Path
    addresses: dict[str, str]
    database: str = "stepwell"

    def command(self, *arguments: str) -> dict[str, Any]:
        """The JSON line of one `stepwell` command."""
        environment = {**os.environ, "STEPWELL_HOME": str(self.home), "STEPWELL_DATABASE": self.database}
        done = subprocess.run(
            [*STEPWELL, *arguments, "--json"], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What ClickHouse answers; nothing while it does not."""
        with suppress(Unavailable), unavailable():
            client = connect(self.addresses["clickhouse"], self.database)
            return [tuple(row) for row in client.query(query).result_rows]
        return []

    def post(self, key: dict[str, Any], **record: Any) -> int:
        """The status that the gateway answers a record with."""
        credentials = b64encode(f"{key['key']}:{key['secret']}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - an address of our own
            f"{self.addresses['ingest']}/v1/records",
            data=json.dumps(record).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Basic {credentials}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def stop(self, number: signal.Signals) -> int:
        """Its exit code after the signal."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def _up(home: Path, *flags: str, database: str = "stepwell") -> Iterator[Running]:
    command = [*STEPWELL, "up", "--json", "--home", str(home), "--database", database, *flags]
    log = home.with_suffix(".err")
    with (
        log.open("ab") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, log.read_text()
            yield Running(process, home, json.loads(line), database)
            if process.poll() is None:
                process.terminate()
            assert process.stdout.read() == ""
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(60)


def _award(achievement: str) -> dict[str, Any]:
    return {
        "kind": "award",
        "worker_id": "w-1",
        "occurred_at": "2026-01-01T00:00:00Z",
        "achievement": {"id": achievement},
        "issuer_id": "acme",
        "award_id": achievement,
    }


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be so"
        time.sleep(0.2)


def _processes(home: Path) -> dict[int, str]:
    """The command line of each process that belongs to a Stepwell of that home."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if str(home).encode() in command or f"STEPWELL_HOME={home}\0".encode() in environment:
            found[int(folder.name)] = command.replace(b"\0", b" ").decode()
    return found


def _kill(home: Path, module: str) -> None:
    """Kill -9 the process that runs a module for that home."""
    (number,) = (number for number, command in _processes(home).items() if f"-m {module} " in command)
    os.kill(number, signal.SIGKILL)


def test_what_was_stored_outlives_the_embedded_broker(tmp_path: Path) -> None:
    """Half a stack before the stop and half after the next start make a whole one, and nothing is left running.

    ClickHouse is killed on the way: what it had acknowledged is there, and who needs it goes on when it is back.
    A second `up` on the same home is refused in a sentence, and leaves the first one alone.
    """
    catalog = tmp_path / "catalog.yaml"
    catalog.write_text(CATALOG)
    home = tmp_path / "home"

    with _up(home) as first:
        key = first.command("source", "add", "acme")
        first.command("catalog", "apply", str(catalog))
        assert first.post(key, **_award("first")) == 200
        refusal = _refusal(home)
        assert "belongs to process" in refusal
        assert "Traceback" not in refusal
        _wait_until(lambda: first.rows(PROGRESS) == [(0, 0.5)])
        assert first.stop(signal.SIGINT) == 0
    assert _processes(home) == {}

    with _up(home) as second:
        assert second.rows(PROGRESS)[0][0] == 0
        _kill(home, "deploy.embedded.clickhouse")
        _wait_until(lambda: second.post(key, **_award("second")) == 200)
        _wait_until(lambda: second.rows(PROGRESS) == [(1, 1.0)])
        assert second.rows("SELECT count() FROM records FINAL") == [(2,)]
        assert second.stop(signal.SIGTERM) == 0
    assert _processes(home) == {}


def test_servers_that_exist_are_used_and_killed_workers_replaced(
    tmp_path: Path, broker: Broker, clickhouse_url: str, topic_prefix: str
) -> None:
    """With `--kafka` and `--clickhouse`; a worker that is killed is started again and goes on."""
    database = f"test_{uuid.uuid4().hex[:12]}"
    flags = ["--kafka", broker.bootstrap, "--clickhouse", clickhouse_url, "--topic-prefix", topic_prefix]
    flags += ["--embedded"] if broker.is_embedded else []
    home = tmp_path / "home"

    with _up(home, *flags, database=database) as running:
        assert (running.addresses["kafka"], running.addresses["clickhouse"]) == (broker.bootstrap, clickhouse_url)
        key = running.command("source", "add", "acme")
        running.post(key, **_award("first"))
        _wait_until(lambda: running.rows("SELECT count() FROM records FINAL") == [(1,)])

        _kill(home, "services.aggregate")
        running.post(key, **_award("second"))
        _wait_until(lambda: running.rows("SELECT count() FROM records FINAL") == [(2,)])
        assert running.stop(signal.SIGTERM) == 0

    assert _processes(home) == {}
    connect(clickhouse_url, "system").command(f"DROP DATABASE {database}")


def test_a_start_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C before all is ready ends what was started."""
    home = tmp_path / "home"
    command = [*STEPWELL, "up", "--home", str(home)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "aggregate-1 started" in line:
                break
        process.send_signal(signal.SIGINT)
        process.stderr.read()
        assert process.wait(60) == 0

    assert _processes(home) == {}


def _refusal(home: Path) -> str:
    """What a second `up` on a home that is in use says."""
    command = [*STEPWELL, "up", "--home", str(home)]
    second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert second.returncode == 1
    return second.stderr
