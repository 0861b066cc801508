"""A record store of two gateways and a writer, as processes, once a broker; each test is a source of its own."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest

from deploy.clickhouse.migrations import migrate
from services.runtime.children import Child, spawn
from services.runtime.clickhouse import connect
from services.runtime.epochs import start_epoch
from services.runtime.keys import IssuedKey, issue
from services.runtime.ports import LOOPBACK, accepts, free_port
from services.runtime.topics import XAPI
from tests.conftest import Broker
from tests.integration.ingest.harness import make_topics

READY_SECONDS = 60.0
AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Running:
    """Where the gateways are, and what they stand on."""

    gateways: tuple[str, ...]
    inbox: Child
    clickhouse: str
    database: str
    bootstrap: str
    prefix: str
    spare: list[IssuedKey] = field(default_factory=list)
    """Keys of sources that no test knows yet."""

    def unused(self) -> IssuedKey:
        """A key of a source that no other test knows. Many are made at once, as gateways look for new ones by turns."""
        if not self.spare:
            client = connect(self.clickhouse, self.database)
            self.spare.extend(issue(client, "source", f"source-{uuid.uuid4().hex[:12]}") for _ in range(AT_ONCE))
            for url in self.gateways:
                _await_key(url, self.spare[-1])
        return self.spare.pop(0)

    def key(self, owner: str, *scopes: str) -> IssuedKey:
        """A new key of a source, known to every gateway; for everything unless scopes are named."""
        client = connect(self.clickhouse, self.database)
        key = issue(client, "source", owner, scopes) if scopes else issue(client, "source", owner)
        for url in self.gateways:
            _await_key(url, key)
        return key


@pytest.fixture(scope="session")
def running(broker: Broker, clickhouse_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The store's processes."""
    home, name = tmp_path_factory.mktemp("lrs"), f"lrs_{uuid.uuid4().hex[:12]}"
    prefix = f"{name}."
    migrate(clickhouse_url, name)
    make_topics(broker.bootstrap, prefix)
    start_epoch(connect(clickhouse_url, name), prefix + XAPI)
    environment = {
        **broker.environment(),
        "STEPWELL_CLICKHOUSE": clickhouse_url,
        "STEPWELL_DATABASE": name,
        "STEPWELL_TOPIC_PREFIX": prefix,
        "STEPWELL_HOME": str(home),
        "STEPWELL_BODY_BYTES": "1000000",
    }
    with ExitStack() as started:
        ports = [free_port() for _ in range(2)]
        inbox = _spawn("inbox", "services.ingest.inbox", home, environment, started)
        for port in ports:
            _spawn(f"gateway-{port}", "services.ingest", home, {**environment, "STEPWELL_PORT": str(port)}, started)
        urls = tuple(f"http://{LOOPBACK}:{port}" for port in ports)
        for port, url in zip(ports, urls, strict=True):
            _await_ready(port, url)
        yield Running(urls, inbox, clickhouse_url, name, broker.bootstrap, prefix)


def _spawn(name: str, module: str, home: Path, environment: dict[str, str], started: ExitStack) -> Child:
    child = spawn(name, (sys.executable, "-m", module), home / f"{name}.log", environment=environment)
    started.callback(child.stop)
    return child


def _await_ready(port: int, url: str) -> None:
    _until(lambda: accepts(port) and httpx2.get(f"{url}/readyz", timeout=5).status_code == HTTPStatus.OK, url)


def _await_key(url: str, key: IssuedKey) -> None:
    headers = {"X-Experience-API-Version": "1.0.3", "Authorization": f"Bearer {key.token}"}
    _until(lambda: httpx2.get(f"{url}/xAPI/agents", headers=headers).status_code != HTTPStatus.UNAUTHORIZED, url)


def _until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} is not ready")
        time.sleep(0.05)


def client_of(url: str, key: IssuedKey, version: str = "1.0.3") -> httpx2.AsyncClient:
    """A client that speaks xAPI."""
    headers = {"X-Experience-API-Version": version}
    return httpx2.AsyncClient(base_url=url, auth=(key.key, key.secret), headers=headers, timeout=30)


@pytest.fixture
def source(running: Running) -> IssuedKey:
    """A key of a source that no other test knows."""
    return running.unused()


@pytest.fixture
async def lrs(running: Running, source: IssuedKey) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the first gateway."""
    async with client_of(running.gateways[0], source) as client:
        yield client


@pytest.fixture
async def other_gateway(running: Running, source: IssuedKey) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the second gateway, with the same key."""
    async with client_of(running.gateways[1], source) as client:
        yield client


@pytest.fixture
async def lrs_2(running: Running, source: IssuedKey) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that speaks xAPI 2.0."""
    async with client_of(running.gateways[0], source, "2.0.0") as client:
        yield client
