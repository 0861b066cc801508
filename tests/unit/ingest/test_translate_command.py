"""`stepwell translate`: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.cli import main_app

GOLDEN = Path(__file__).parents[2] / "golden"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, list[Any], list[str]]:
    """The exit code, the records on stdout and the lines on stderr."""
    code = main_app()(["translate", *map(str, arguments)], result_action="return_value", exit_on_error=False)
    printed = capsys.readouterr()
    return code, [json.loads(line) for line in printed.out.splitlines()], printed.err.splitlines()


def test_each_file_is_read_in_the_dialect_that_it_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    """Records come one a line, settled, so that `stepwell evaluate` reads them."""
    files = (GOLDEN / "caliper/grade.json", GOLDEN / "xapi/completed-course.json")
    code, records, faults = run(capsys, *files, "--source", "lms")
    assert (code, faults) == (0, [])
    assert [(record["dialect"], record["source"]) for record in records] == [("caliper", "lms"), ("xapi", "lms")]
    assert all({"record_id", "worker_id", "received_at"} <= record.keys() for record in records)


def test_faults_are_told_one_a_line_beside_the_good_records(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With file, place, what to mend, and code; exit code 1."""
    good, bad = (
        {"kind": "award", "occurred_at": when, "worker_id": "w", "achievement": {"id": "a"}}
        for when in ("2026-02-01T00:00:00Z", "never")
    )
    file = tmp_path / "records.ndjson"
    file.write_text(f"{json.dumps(bad)}\n{json.dumps(good)}\n")
    code, records, faults = run(capsys, file)
    assert (code, len(records)) == (1, 1)
    assert faults == [
        f"{file}: /0/occurred_at: occurred_at must be an RFC 3339 instant such as 2025-06-01T00:00:00Z (wrong_value)"
    ]
    assert json.loads(run(capsys, file, "--json")[2][0])["pointer"] == "/occurred_at"


def test_what_nobody_can_be_told_of_is_told_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    """It is no fault: nothing stands on stderr unless it is asked for, and the exit code stays 0."""
    file = GOLDEN / "caliper/grade-of-an-attempt-nobody-described.json"
    assert run(capsys, file) == (0, [], [])
    code, records, notes = run(capsys, file, "--unattributed")
    assert (code, records, len(notes)) == (0, [], 1)
    assert "/data/0/object: nothing describes the attempt" in notes[0]


def test_standard_input_and_a_dialect_that_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said goes before what it looks like."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO((GOLDEN / "caliper/grade.json").read_bytes())))
    code, records, faults = run(capsys, "-", "--from", "native")
    assert (code, records) == (1, [])
    assert "kind must be one of" in faults[0]


def test_a_catalog_says_what_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """A mapped video is an achievement."""
    file = GOLDEN / "caliper/mapped-video-completed.json"
    assert len(run(capsys, file)[1]) == 0
    assert len(run(capsys, file, "--catalog", GOLDEN / "mappings.json")[1]) == 1


@pytest.mark.parametrize(
    "arguments", [["nowhere.json"], [GOLDEN / "README.md", "--from", "latin"], [GOLDEN / "README.md", "--header", "x"]]
)
def test_what_cannot_be_followed_ends_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str | Path]
) -> None:
    """Exit code 2, and no traceback."""
    code, records, faults = run(capsys, *arguments)
    assert (code, records, len(faults)) == (2, [], 1)


def test_what_is_no_dialect_is_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """A text is none, nor is an object that nobody sends."""
    assert run(capsys, GOLDEN / "README.md")[0] == 1
    assert "unknown_dialect" in run(capsys, GOLDEN / "mappings.json")[2][0]
