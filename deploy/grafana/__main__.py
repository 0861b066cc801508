"""`python -m deploy.grafana` writes dashboards/*.json; `--check` only says whether they are as they should be."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.grafana.boards import board
from deploy.grafana.employer import EMPLOYER
from deploy.grafana.operator import OPERATOR

FOLDER: Final = Path(__file__).parent / "dashboards"
DASHBOARDS: Final = (EMPLOYER, OPERATOR)


def files() -> Mapping[Path, str]:
    """Each dashboard's file with its text."""
    return {
        FOLDER / f"{one.name}.json": json.dumps(board(one), indent=2, ensure_ascii=False) + "\n" for one in DASHBOARDS
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code comes back."""
    parser = argparse.ArgumentParser(prog="python -m deploy.grafana", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say what differs")
    if not parser.parse_args(arguments).check:
        FOLDER.mkdir(exist_ok=True)
        for path, text in files().items():
            path.write_text(text, "utf-8")
        return 0
    stale = [path.name for path, text in files().items() if not path.exists() or path.read_text("utf-8") != text]
    for name in stale:
        sys.stderr.write(f"deploy/grafana/dashboards/{name} is not as its code says: run python -m deploy.grafana\n")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
