"""Starts the embedded ClickHouse as a child process and waits until it answers."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from services.runtime.children import Child, ChildFailed, spawn
from services.runtime.ports import LOOPBACK, accepts, free_port

READY_SECONDS = 60.0


def command(path: Path, port: int) -> tuple[str, ...]:
    """The command line of a front that owns `path` and answers on loopback `port`."""
    return (sys.executable, "-m", "deploy.embedded.clickhouse", "--path", str(path), "--port", str(port))


def start(path: Path, log: Path, port: int = 0) -> tuple[Child, str]:
    """A front that answers, and its URL; any free port when 0.

    Raises: ChildFailed, with the reason that the process gave (the folder may belong to another).
    """
    chosen = free_port(port)
    child = spawn("clickhouse", command(path, chosen), log)
    try:
        child.wait_ready(partial(accepts, chosen), READY_SECONDS)
    except ChildFailed:
        child.kill()
        raise
    return child, f"http://{LOOPBACK}:{chosen}"
