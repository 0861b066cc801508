"""People from end to end: rosters before and after what they concern, contradictions, undoing, and who sees whom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from services.runtime.clickhouse import Client, connect

pytestmark = pytest.mark.timeout(300)
STEPWELL = (sys.executable, "-m", "services.cli")
WAIT_SECONDS = 60.0
SEEN = "SELECT employer_id, worker_id, achievement_id FROM v_awards ORDER BY ALL"
WORKERS = "SELECT employer_id, worker_id FROM v_workers ORDER BY ALL"
ROSTER = "worker_id,email,employer_id,from\nw7,ana@example.org,acme,2025-01-01\nw8,ben@example.org,acme,2025-01-01\n"


class Stepwell:
    """A Stepwell that runs, as an operator and its sources use it."""

    def __init__(self, home: Path, addresses: dict[str, str]) -> None:
        self._home = home
        self._ingest = addresses["ingest"]
        self.tables: Client = connect(addresses["clickhouse"], "stepwell")

    def command(self, *words: str) -> list[dict[str, Any]]:
        """The JSON lines of one command."""
        environment = {**os.environ, "STEPWELL_HOME": str(self._home)}
        done = subprocess.run(
            [*STEPWELL, *words, "--json"], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def roster(self, text: str, *flags: str) -> list[dict[str, Any]]:
        """What importing a roster says: conflicts, then the summary."""
        path = self._home / "roster.csv"
        path.write_text(text)
        return self.command("people", "import", str(path), *flags)

    def send(self, key: dict[str, Any], **record: Any) -> None:
        """Send one record, taken."""
        credentials = b64encode(f"{key['key']}:{key['secret']}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {credentials}"}
        request = Request(f"{self._ingest}/v1/records", json.dumps(record).encode(), headers)  # noqa: S310 - our own
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            assert answer.status == 200

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What ClickHouse answers."""
        return [tuple(row) for row in self.tables.query(query).result_rows]


@pytest.fixture(scope="module")
def stepwell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stepwell]:
    """One that runs for the tests of this file."""
    with _up(tmp_path_factory.mktemp("people") / "home") as running:
        yield running


@contextmanager
def _up(home: Path) -> Iterator[Stepwell]:
    command = [*STEPWELL, "up", "--json", "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield Stepwell(home, json.loads(process.stdout.readline()))
        finally:
            process.terminate()
            process.wait(60)


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be so"
        time.sleep(0.05)


def award(achievement: str, mail: str) -> dict[str, Any]:
    """An award by the address of its holder."""
    return {
        "kind": "award",
        "occurred_at": "2026-01-01T00:00:00Z",
        "achievement": {"id": achievement},
        "award_id": achievement,
        "account": {"mbox": f"mailto:{mail}"},
    }


def test_rosters_link_are_contradicted_and_undone_and_only_an_employer_of_today_sees(stepwell: Stepwell) -> None:
    """One story, since each step is where the last one left off."""
    (lms,), (hr,) = stepwell.command("source", "add", "lms"), stepwell.command("source", "add", "hr")
    stepwell.send(lms, **award("first-aid", "ana@example.org"))

    (summary,) = stepwell.roster(ROSTER)
    assert (summary["links"], summary["employments"], summary["conflicts"]) == (2, 2, 0)
    stepwell.send(lms, **award("rigging", "ben@example.org"))
    whole = [("acme", "w7", "first-aid"), ("acme", "w8", "rigging")]
    until(lambda: stepwell.rows(SEEN) == whole)
    assert stepwell.rows("SELECT count() FROM records WHERE body LIKE '%example.org%'") == [(0,)]
    (again,) = stepwell.roster(ROSTER, "--dry-run")
    assert (again["links"], again["unchanged"]) == (0, 2)

    theirs = "worker_id,email\nw9,ana@example.org\nw9,eva@example.org\nw10,eva@example.org\n"
    *found, _ = stepwell.roster(theirs, "--source", "crm")
    assert [each["conflict"] for each in found] == ["within_roster", "with_another_source"]
    assert found[0]["lines"] == {"w9": [3], "w10": [4]}
    assert stepwell.command("people", "conflicts") == []

    stepwell.roster("worker_id,email\nw9,ana@example.org\n", "--source", "crm", "--contradict")
    until(lambda: stepwell.rows(SEEN) == whole[1:])
    (conflict,) = stepwell.command("people", "conflicts")
    assert [(claim["source"], claim["worker_id"]) for claim in conflict["claims"]] == [
        ("hr-roster", "w7"),
        ("crm", "w9"),
    ]

    assert stepwell.command("people", "unlink", "ana@example.org")[0]["sent"] == 1
    until(lambda: stepwell.command("people", "conflicts") == [])
    assert stepwell.rows(SEEN) == whole[1:]
    stepwell.roster(ROSTER)
    until(lambda: stepwell.rows(SEEN) == whole)

    before = stepwell.rows("SELECT count() FROM records FINAL WHERE kind != 'employment'")
    left = {"kind": "employment", "worker_id": "w7", "employer_id": "acme", "from": "2025-01-01T00:00:00Z"}
    yesterday, now = (datetime.now(UTC) - timedelta(days=days) for days in (1, 0))
    stepwell.send(hr, **left, occurred_at=now.isoformat(), to=yesterday.isoformat())
    sent_at = time.monotonic()
    until(lambda: stepwell.rows(SEEN) == whole[1:] and stepwell.rows(WORKERS) == [("acme", "w8")])
    sys.stderr.write(f"gone from the employer's views after {time.monotonic() - sent_at:.2f} s\n")
    assert stepwell.rows("SELECT count() FROM records FINAL WHERE kind != 'employment'") == before
    stepwell.send(
        hr,
        kind="employment",
        worker_id="w7",
        employer_id="globex",
        occurred_at=now.isoformat(),
        **{"from": now.isoformat()},
    )
    until(lambda: stepwell.rows(SEEN) == [whole[1], ("globex", "w7", "first-aid")])
    ends = {**left, "worker_id": "w8", "occurred_at": datetime.now(UTC).isoformat()}
    stepwell.send(hr, **ends, to=(datetime.now(UTC) + timedelta(seconds=3)).isoformat())
    until(lambda: stepwell.rows(WORKERS) == [("globex", "w7")])
    assert stepwell.rows(SEEN) == [("globex", "w7", "first-aid")]
