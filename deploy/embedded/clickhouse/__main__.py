"""`python -m deploy.embedded.clickhouse`: see the package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import uvloop

from deploy.embedded.clickhouse.folder import FolderTaken
from deploy.embedded.clickhouse.server import serve


def main() -> None:
    """Serve until told to stop; exits with a message when the folder or the port belongs to somebody else."""
    parser = argparse.ArgumentParser(prog="python -m deploy.embedded.clickhouse", description=__doc__)
    parser.add_argument("--path", type=Path, required=True, help="folder of the data, made if missing")
    parser.add_argument("--port", type=int, required=True, help="loopback port to answer on")
    parser.add_argument("--threads", type=int, default=8, help="queries that run at once (default 8)")
    options = parser.parse_args()
    try:
        uvloop.run(serve(options.path, options.port, options.threads))
    except (FolderTaken, OSError) as error:
        sys.exit(f"embedded ClickHouse: {error}")


if __name__ == "__main__":
    main()
