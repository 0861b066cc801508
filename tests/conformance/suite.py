"""ADL's LRS conformance suite, run with node from a checkout of adlnet/lrs-conformance-test-suite.

Its exit code is the number of failures, modulo 256, and so is not looked at: the summary that it prints counts.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.conformance.instance import Instance
from tests.conformance.samples import Tally

VERSIONS = ("1.0.3", "2.0.0")
RUNNER = Path("bin/console_runner.js")
SECONDS = 3600


def command(at: Instance, version: str) -> list[str]:
    """The suite's command line for one version."""
    credentials = ["-a", "-u", at.key.key, "-p", at.key.secret]
    return ["node", str(RUNNER), "-x", version, "-e", f"{at.url}/xAPI", *credentials, "-z"]


def run(at: Instance, checkout: Path, version: str) -> Tally:
    """Run the suite for one version; the log of failures stays in the checkout's folder `logs`.

    Raises: FileNotFoundError when the folder is no checkout, or its packages are not installed.
    """
    if not (checkout / RUNNER).is_file():
        raise FileNotFoundError(f"{checkout} has no {RUNNER}: it is no checkout of the suite")
    if not (checkout / "node_modules").is_dir():
        raise FileNotFoundError(f"{checkout} has no node_modules: run npm install there first")
    done = subprocess.run(
        command(at, version), cwd=checkout, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    return summary_in(done.stdout, f"the suite said nothing; its errors: {done.stderr[-2000:]}")


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
            left = f"{failed} failed, {total - passed - failed} not run: see the newest file in logs/"
            return Tally(passed, total, (left,))
    raise ValueError(otherwise)
