"""The compatibility gate: what an older writer wrote must stay readable, so a contract only ever widens.

`python -m schemas.compat` compares `json/*.schema.json` with the last published copies in `json/baseline/`, or with
those of a git ref (`--against v1.2.0`), and exits 1 naming what narrows. `--publish` makes the present ones the
baseline; it refuses narrowing ones unless `--breaking` says that it is meant, which asks for a topic of a new version.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemas.narrowing import narrowings

FOLDER = Path(__file__).parent / "json"
BASELINE = "baseline"
SUFFIX = ".schema.json"

Schemas = Mapping[str, dict[str, Any]]


def schemas_in(folder: Path) -> Schemas:
    """The JSON Schemas of a folder, by file name; empty when there is none."""
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob(f"*{SUFFIX}"))}


def schemas_at(ref: str, folder: Path) -> Schemas:
    """The JSON Schemas of a folder as git has them at `ref`, by file name.

    Raises: subprocess.CalledProcessError when git does not know the ref or the folder is in no repository.
    """
    names = [name for name in _git(folder, "ls-tree", "--name-only", ref, "./").splitlines() if name.endswith(SUFFIX)]
    return {name: json.loads(_git(folder, "show", f"{ref}:./{name}")) for name in names}


def breaking_changes(old: Schemas, new: Schemas) -> list[str]:
    """What narrows from `old` to `new`, one line each, by file; a contract that is gone refuses everything."""
    gone = [f"{name} is gone" for name in old if name not in new]
    return gone + [f"{name}: {line}" for name in old if name in new for line in narrowings(old[name], new[name])]


def publish(folder: Path) -> None:
    """Make the present schemas the baseline."""
    baseline = folder / BASELINE
    baseline.mkdir(exist_ok=True)
    for stale in baseline.glob(f"*{SUFFIX}"):
        stale.unlink()
    for path in folder.glob(f"*{SUFFIX}"):
        (baseline / path.name).write_bytes(path.read_bytes())


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """The command; its exit code comes back."""
    parser = argparse.ArgumentParser(prog="python -m schemas.compat", description=__doc__)
    parser.add_argument("--against", metavar="REF", help="a git ref instead of the published baseline")
    parser.add_argument("--publish", action="store_true", help="make the present schemas the baseline")
    parser.add_argument("--breaking", action="store_true", help="publish although something narrows")
    asked = parser.parse_args(arguments)
    old = schemas_at(asked.against, folder) if asked.against else schemas_in(folder / BASELINE)
    found = breaking_changes(old, schemas_in(folder))
    sys.stdout.writelines(f"{line}\n" for line in found)
    if asked.publish and (asked.breaking or not found):
        publish(folder)
        return 0
    return 1 if found else 0


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


if __name__ == "__main__":
    sys.exit(main())
