"""A Stepwell of one gateway and one inbox on fresh embedded servers, for whoever wants to talk to it over HTTP."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from deploy.clickhouse.migrations import migrate
from deploy.embedded import kafka
from deploy.embedded.clickhouse import start as clickhouse
from services.runtime.children import Child, spawn
from services.runtime.clickhouse import Client, connect
from services.runtime.epochs import start_epoch
from services.runtime.kafka_admin import apply_topics
from services.runtime.keys import IssuedKey, issue
from services.runtime.ports import LOOPBACK, accepts, free_port
from services.runtime.topics import RECORDS, XAPI

READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Instance:
    """Where it is, a key for everything, and its processes."""

    url: str
    key: IssuedKey
    gateway: Child
    inbox: Child
    clickhouse: str
    kafka: str


@contextmanager
def instance(gateways: int = 1) -> Iterator[Instance]:
    """A running Stepwell, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as started:
        home = Path(folder)
        broker, bootstrap = kafka.start(home / "kafka.log")
        started.callback(broker.stop)
        store, url = clickhouse.start(home / "data", home / "clickhouse.log")
        started.callback(store.stop)
        migrate(url, "stepwell")
        apply_topics(bootstrap)
        client = connect(url, "stepwell")
        for topic in (RECORDS, XAPI):
            start_epoch(client, topic)
        key = _typeable_key(client)
        environment = {
            "STEPWELL_KAFKA": bootstrap,
            "STEPWELL_EMBEDDED": "1",
            "STEPWELL_CLICKHOUSE": url,
            "STEPWELL_HOME": folder,
            "STEPWELL_RATE_LIMIT": "1000000/second",
        }
        inbox = _spawn("inbox", "services.ingest.inbox", home, environment, started)
        ports = [free_port() for _ in range(gateways)]
        children = [
            _spawn(f"gateway-{port}", "services.ingest", home, {**environment, "STEPWELL_PORT": str(port)}, started)
            for port in ports
        ]
        for child, port in zip(children, ports, strict=True):
            child.wait_ready(partial(accepts, port), READY_SECONDS)
            _await_ready(f"http://{LOOPBACK}:{port}")
        yield Instance(f"http://{LOOPBACK}:{ports[0]}", key, children[0], inbox, url, bootstrap)


def _typeable_key(client: Client) -> IssuedKey:
    """A key whose secret no command line takes for an option."""
    while (key := issue(client, "source", "conformance")).secret.startswith("-"):
        pass
    return key


def _spawn(name: str, module: str, home: Path, environment: dict[str, str], started: ExitStack) -> Child:
    child = spawn(name, (sys.executable, "-m", module), home / f"{name}.log", environment=environment)
    started.callback(child.stop)
    return child


def _await_ready(url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{url}/readyz", timeout=5):  # noqa: S310 - our own loopback address
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} is not ready")
