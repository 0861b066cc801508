"""`stepwell demo`, as a user runs it: the whole system, in processes of its own, checked and gone afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SMALL = ("--once", "--json", "--workers", "60", "--records", "1200")
COMMAND = (sys.executable, "-m", "services.cli", "demo")


def _run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments, "--home", str(home)], capture_output=True, text=True, check=False, timeout=280
    )


def _document(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert run.stdout, run.stderr
    document: dict[str, Any] = json.loads(run.stdout)
    return document


def _still_running(home: Path) -> list[str]:
    """Command lines of processes that mention this run's home, or have it in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(home).encode() in told:
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def test_every_total_is_as_reckoned_and_nothing_is_left_running(tmp_path: Path) -> None:
    """One small run ends well: exit code 0, all totals equal, addresses and timings told, no process left."""
    run = _run(*SMALL, home=tmp_path)
    document = _document(run)
    wrong = [line for line in document["totals"] if not line["ok"]]
    assert (run.returncode, document["ok"], wrong) == (0, True, [])
    assert document["addresses"].keys() >= {"dashboard", "ingest", "kafka", "clickhouse"}
    assert document["timings"].keys() >= {"system_ready", "first_record_queryable", "checked"}
    assert _still_running(tmp_path) == []


def test_killing_aggregate_workers_changes_no_total(tmp_path: Path) -> None:
    """Two aggregate workers, killed -9 in turn while records stream: the same totals, none lost, none counted twice."""
    run = _run(*SMALL, "--aggregates", "2", "--kill-aggregate", "2", home=tmp_path)
    document = _document(run)
    assert [line for line in document["totals"] if not line["ok"]] == []
    assert document["killed"] == ["aggregate-1", "aggregate-2"]
    assert run.returncode == 0
    assert _still_running(tmp_path) == []


def test_the_check_can_fail(tmp_path: Path) -> None:
    """Awards that were reckoned and never sent make totals differ, and the run says so by its exit code."""
    run = _run(*SMALL, "--lose", "2", home=tmp_path)
    document = _document(run)
    wrong = {line["name"]: line["expected"] - line["found"] for line in document["totals"] if not line["ok"]}
    assert (run.returncode, document["ok"], wrong["records accepted"]) == (1, False, 2)


def test_a_home_with_another_runs_data_is_refused(tmp_path: Path) -> None:
    """What is there already would be counted too, so the demo says so and starts nothing."""
    (tmp_path / "clickhouse").mkdir()
    run = _run(*SMALL, home=tmp_path)
    assert (run.returncode, run.stdout) == (1, "")
    assert "holds the data of another run" in run.stderr


@pytest.mark.parametrize("sign", ["logs", "instance.json"])
def test_an_interrupt_ends_everything(sign: str, tmp_path: Path) -> None:
    """Ctrl-C leaves no process behind, whether the system is still starting or already in use."""
    with subprocess.Popen(
        [*COMMAND, "--workers", "60", "--records", "1200", "--home", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while not (tmp_path / sign).exists():
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) != 0
    assert _still_running(tmp_path) == []
