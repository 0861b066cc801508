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
from tests.conformance.suite import RUNNER, run, summary_in

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


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path, instance: Instance) -> None:
    """Also one whose packages are not installed."""
    with pytest.raises(FileNotFoundError, match="no checkout"):
        run(instance, tmp_path, "1.0.3")
    (tmp_path / RUNNER).parent.mkdir()
    (tmp_path / RUNNER).touch()
    with pytest.raises(FileNotFoundError, match="npm install"):
        run(instance, tmp_path, "1.0.3")


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_runner_is_told_where_and_as_whom(tmp_path: Path, instance: Instance) -> None:
    """Its exit code is the number of failures and is not looked at."""
    runner = tmp_path / RUNNER
    runner.parent.mkdir()
    (tmp_path / "node_modules").mkdir()
    runner.write_text(RUNNER_TEXT % "-x 2.0.0 -e http://127.0.0.1:1/xAPI -a -u src_1 -p secret -z")
    assert run(instance, tmp_path, "2.0.0") == Tally(3, 3, ())
