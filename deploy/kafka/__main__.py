"""`python -m deploy.kafka`: see the package."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from deploy.kafka.jars import CannotRun, class_path, lacking, version
from deploy.kafka.node import start


def main() -> None:
    """Check, fetch, or run a node until stopped; exits 1 with one line when this machine cannot."""
    parser = argparse.ArgumentParser(prog="python -m deploy.kafka", description=__doc__)
    parser.add_argument("--check", action="store_true", help="say whether this machine can run it")
    parser.add_argument("--fetch", action="store_true", help="fetch the jars into the cache")
    parser.add_argument("--path", type=Path, default=Path(".cache/kafka/node"), help="folder of the node's data")
    parser.add_argument("--port", type=int, default=0, help="loopback port; any free one by default")
    options = parser.parse_args()
    if missing := lacking():
        sys.exit(missing)
    try:
        if not options.check:
            class_path()
        if not (options.check or options.fetch):
            _run(options.path, options.port)
    except CannotRun as error:
        sys.exit(str(error))


def _run(path: Path, port: int) -> None:
    child, bootstrap = start(path, port)
    sys.stdout.write(f"Apache Kafka {version()} on {bootstrap}\n")
    sys.stdout.flush()
    try:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    finally:
        child.stop()


if __name__ == "__main__":
    main()
