"""ADL's LRS conformance suite, run with node from a checkout of adlnet/lrs-conformance-test-suite.

Its exit code is the number of failures, modulo 256, and so is not looked at: the summary that it prints counts. A
checkout whose packages are not installed is copied and they are installed in the copy, so it stays as it was.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conformance.instance import Instance
from tests.conformance.samples import Tally

VERSIONS = ("1.0.3", "2.0.0")
RUNNER = Path("bin/console_runner.js")
SECONDS = 3600
INSTALL = ("npm", "install", "--no-audit", "--no-fund", "--loglevel=error")
_LOG = re.compile(r"Full run log written to (.+)")


def command(at: Instance, version: str) -> list[str]:
    """The suite's command line for one version."""
    credentials = ["-a", "-u", at.key.key, "-p", at.key.secret]
    return ["node", str(RUNNER), "-x", version, "-e", f"{at.url}/xAPI", *credentials, "-z"]


@contextmanager
def ready(checkout: Path) -> Iterator[Path]:
    """A checkout with its packages: the one given, or a copy of it that is gone afterwards.

    Raises: FileNotFoundError when the folder is no checkout; RuntimeError when its packages cannot be installed.
    """
    if not (checkout / RUNNER).is_file():
        raise FileNotFoundError(f"{checkout} has no {RUNNER}: it is no checkout of the suite")
    if (checkout / "node_modules").is_dir() and os.access(checkout, os.W_OK):
        yield checkout
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "suite"
        shutil.copytree(checkout, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"), copy_function=_copied)
        copy.chmod(0o755)
        if not (copy / "node_modules").is_dir():
            _install(copy)
        yield copy


def _copied(source: str, target: str) -> str:
    """Copy what a file holds and not its permissions, which may forbid to write."""
    return str(shutil.copyfile(source, target))


def _install(checkout: Path) -> None:
    done = subprocess.run(INSTALL, cwd=checkout, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"the suite's packages cannot be installed: {done.stderr[-2000:]}")


def run(at: Instance, checkout: Path, version: str) -> Tally:
    """Run the suite of a checkout that is ready, for one version.

    Raises: ValueError when it said nothing.
    """
    done = subprocess.run(
        command(at, version), cwd=checkout, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    tally = summary_in(done.stdout, f"the suite said nothing; its errors: {done.stderr[-2000:]}")
    log = _LOG.search(done.stdout)
    if not tally.failed or log is None:
        return tally
    names = failures_in(json.loads(Path(log[1].strip()).read_text("utf-8")).get("log"))
    return Tally(tally.passed, tally.total, (*tally.failed, *names))


def summary_in(output: str, otherwise: str) -> Tally:
    """The last summary in what the suite printed.

    Raises: ValueError with the text `otherwise` when there is none.
    """
    for line in reversed(output.splitlines()):
        if line.startswith("{") and '"total"' in line:
            summary = json.loads(line)
            passed, total, failed = (summary[name] or 0 for name in ("passed", "total", "failed"))
            if passed == total > 0:
                return Tally(passed, total, ())
            return Tally(passed, total, (f"{failed} failed, {total - passed - failed} not run",))
    raise ValueError(otherwise)


def failures_in(log: Mapping[str, Any] | None) -> Iterator[str]:
    """The tests that failed, each with why, of the log of a run: suites within suites."""
    if log is None:
        return
    inner = [each for each in log.get("tests") or () if each]
    if not inner and log.get("status") == "failed":
        yield f"{log.get('title')}: {log.get('error')}"
    for each in inner:
        yield from failures_in(each)
