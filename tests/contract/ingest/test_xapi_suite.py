"""How ADL's suite is run, and what counts of what it prints; the suite itself is run by `make conformance`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from services.runtime.children import Child
from services.runtime.keys import IssuedKey
from tests.conformance.instance import Instance
from tests.conformance.samples import Tally
from tests.conformance.suite import RUNNER, failures_in, ready, run, summary_in

RUNNER_TEXT = """
const given = process.argv.slice(2).join(' ');
const passed = given === '%s' ? 3 : 0;
console.log(JSON.stringify({total: 3, passed: 1, failed: null}));
console.log(JSON.stringify({total: 3, passed, failed: 3 - passed}));
process.exit(7);
"""


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """Where a Stepwell would be."""
    nothing = Child("none", None, tmp_path)  # type: ignore[arg-type]
    return Instance("http://127.0.0.1:1", IssuedKey("src_1", "secret"), nothing, nothing, "", "")


def summary(**numbers: int | None) -> str:
    """A line as the runner prints it every two seconds."""
    return json.dumps({"total": 10, "passed": 0, "failed": 0, **numbers})


def test_the_last_summary_counts() -> None:
    """The earlier ones are of a run that goes on."""
    output = "\n".join(("start", summary(passed=4), summary(passed=10), "Full run log written to x.log"))
    assert summary_in(output, "") == Tally(10, 10, ())


@pytest.mark.parametrize("numbers", [{"passed": 9, "failed": 1}, {"passed": 9}, {"total": None}, {"total": 0}])
def test_what_failed_or_did_not_run_is_told(numbers: dict[str, int | None]) -> None:
    """A hook that fails leaves tests out without a failure; a suite of nothing proves nothing."""
    assert summary_in(summary(**numbers), "").failed


def test_a_suite_that_says_nothing_is_an_error() -> None:
    """With what it wrote to standard error."""
    with pytest.raises(ValueError, match="unknown option"):
        summary_in("no summary", "unknown option")


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    """With what it lacks."""
    with pytest.raises(FileNotFoundError, match="no checkout"), ready(tmp_path):
        pass


def test_the_tests_that_failed_are_named() -> None:
    """From the log of the run, however deep the suites are; what went before it is no suite."""
    test = {"title": "should fail", "status": "failed", "error": "expected 400", "tests": []}
    good: dict[str, object] = {"title": "should pass", "status": "passed", "error": None, "tests": []}
    log = {"title": "", "status": "failed", "tests": [{"title": "a suite", "status": "failed", "tests": [good, test]}]}
    assert list(failures_in(log)) == ["should fail: expected 400"]
    assert list(failures_in(None)) == []


def checkout(folder: Path, arguments: str) -> Path:
    """Something laid out as the suite is, whose runner wants to be told these arguments."""
    (folder / RUNNER).parent.mkdir()
    (folder / RUNNER).write_text(RUNNER_TEXT % arguments)
    (folder / "package.json").write_text('{"name": "suite", "version": "1.0.0", "private": true}')
    return folder


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_runner_is_told_where_and_as_whom(tmp_path: Path, instance: Instance) -> None:
    """Its exit code is the number of failures and is not looked at."""
    folder = checkout(tmp_path, "-x 2.0.0 -e http://127.0.0.1:1/xAPI -a -u src_1 -p secret -z")
    (folder / "node_modules").mkdir()
    with ready(folder) as ready_folder:
        assert ready_folder == folder
        assert run(instance, ready_folder, "2.0.0") == Tally(3, 3, ())


def test_a_checkout_that_cannot_be_written_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the packages it has; the runner writes its log into its own folder."""
    folder = checkout(tmp_path, "")
    (folder / "node_modules").mkdir()
    (folder / RUNNER).chmod(0o444)
    monkeypatch.setattr("os.access", lambda *_: False)
    with ready(folder) as copy:
        assert copy != folder
        assert (copy / RUNNER).read_text() == (folder / RUNNER).read_text()
        (copy / RUNNER).write_text("")
    assert not copy.exists()
