"""`make conformance`: every dialect over published payloads, the ADL suite where there is a checkout (LRS_SUITE=DIR).

Prints passed / total; exit code 1 when anything failed, 2 when there was nothing to run.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.conformance import credentials, dialects, samples, suite
from tests.conformance.instance import Instance, instance
from tests.conformance.samples import Tally

FOLDER = Path(__file__).parents[3] / "shared" / "fixtures" / "xapi"
SHOWN = 20


def tallies(at: Instance, checkout: str) -> Iterator[tuple[str, Tally]]:
    """Every run by name, as it ends."""
    for version, name in samples.FILES.items():
        if (FOLDER / name).is_file():
            yield name, asyncio.run(samples.run(at, FOLDER / name, version))
    if checkout:
        with suite.ready(Path(checkout).resolve()) as ready:
            for version in suite.VERSIONS:
                yield f"ADL suite {version}", suite.run(at, ready, version)


def _dialects_are_read() -> bool:
    """Print the table of every dialect; whether all came out as expected."""
    if not (FOLDER.parent / "MANIFEST.tsv").is_file():
        return True
    sys.stdout.write(f"{dialects.HEAD}\n")
    found = list(dialects.rows(FOLDER.parent))
    sys.stdout.writelines(f"{row}\n" for row in found)
    sys.stdout.flush()
    return not any(row.wrong for row in found)


def _credentials_are_judged() -> bool:
    """Print the table of every credential; whether all came out as their manifest says."""
    if not (FOLDER.parent / "MANIFEST.tsv").is_file():
        return True
    sys.stdout.write(f"{credentials.HEAD}\n")
    found = list(credentials.rows(FOLDER.parent))
    sys.stdout.writelines(f"{row}\n" for row in found)
    sys.stdout.write(f"credentials: {sum(not row.wrong for row in found)} / {len(found)} as their manifest says\n")
    sys.stdout.flush()
    return not any(row.wrong for row in found)


def main() -> int:
    """Run what there is; the exit code."""
    checkout = os.environ.get("LRS_SUITE", "")
    if not checkout and not FOLDER.is_dir():
        sys.stdout.write("nothing to run: set LRS_SUITE to a checkout of adlnet/lrs-conformance-test-suite\n")
        return 2
    is_good = _dialects_are_read() & _credentials_are_judged()
    with instance() as at:
        for name, tally in tallies(at, checkout):
            sys.stdout.write(f"{name}: {tally.passed} / {tally.total} passed\n")
            sys.stdout.writelines(f"  {each}\n" for each in tally.failed[:SHOWN])
            sys.stdout.flush()
            is_good = is_good and not tally.failed
    if not checkout:
        sys.stdout.write("the ADL suite itself was not run: set LRS_SUITE to a checkout of it\n")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
