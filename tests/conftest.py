"""Fixtures that every folder shares: brokers, ClickHouse, and who may open a socket.

`broker`, `kafka` and what builds on them run once per broker: the embedded one and real Apache Kafka, or the one that
the environment names (KAFKA=embedded|apache|both). Brokers and the embedded ClickHouse start once a run; tests keep
apart by topic names and databases of their own.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile(
    "stepwell",
    deadline=None,  # how long an example takes says how busy the machine is
    derandomize=True,  # a change is judged by what it changes; `make laws` looks for new examples
)
settings.load_profile("stepwell")
MARK_OF_FOLDER = {"integration": "integration", "e2e": "e2e", "benchmarks": "benchmark"}
MARKS_WITH_SOCKETS = ("integration", "e2e", "browser", "benchmark")
LOOPBACK_HOSTS = ["127.0.0.1", "::1", "localhost"]
BROKERS = {"embedded": ["embedded"], "apache": ["apache"], "both": ["embedded", "apache"]}
FIXTURES_OF_SHARED = Path(__file__).parents[2] / "shared" / "fixtures"


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker that runs: `bootstrap` is host:port, `is_embedded` says that it is tansu and not Apache Kafka."""

    bootstrap: str
    is_embedded: bool

    def environment(self) -> dict[str, str]:
        """What a service needs in its environment to use it."""
        return {"STEPWELL_KAFKA": self.bootstrap} | ({"STEPWELL_EMBEDDED": "1"} if self.is_embedded else {})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by folder, and let the marked ones reach loopback and nothing else."""
    tests = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(tests).parts[0] if item.path.is_relative_to(tests) else ""
        if folder in MARK_OF_FOLDER:
            item.add_marker(MARK_OF_FOLDER[folder])
        if any(item.get_closest_marker(mark) for mark in MARKS_WITH_SOCKETS):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK_HOSTS))
        item.add_marker(pytest.mark.xdist_group(_group_of(item, tests)))


def _group_of(item: pytest.Item, tests: Path) -> str:
    """Which tests one process runs: those on one broker, of the dashboard in a browser, else those of one file."""
    if isinstance(item, pytest.Function) and hasattr(item, "callspec") and "broker" in item.callspec.params:
        return f"on {item.callspec.params['broker']} Kafka"
    is_shared = item.path.is_relative_to(tests / "e2e" / "dashboard")
    return "dashboard in a browser" if is_shared else item.nodeid.partition("::")[0]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever asks for a broker once per broker."""
    if "broker" in metafunc.fixturenames:
        chosen = os.environ.get("KAFKA", "both")
        metafunc.parametrize("broker", BROKERS[chosen], indirect=True, scope="session")


@pytest.fixture(scope="session")
def embedded_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One embedded broker for the run."""
    from deploy.embedded.kafka import start  # noqa: PLC0415 - only runs that need it pay for it

    child, bootstrap = start(tmp_path_factory.mktemp("kafka") / "kafka.log")
    yield Broker(bootstrap, is_embedded=True)
    child.stop()


@pytest.fixture(scope="session")
def apache_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One Apache Kafka node for the run."""
    from deploy.kafka.node import start  # noqa: PLC0415

    child, bootstrap = start(tmp_path_factory.mktemp("apache-kafka"))
    yield Broker(bootstrap, is_embedded=False)
    child.stop()


@pytest.fixture(scope="session")
def broker(request: pytest.FixtureRequest) -> Broker:
    """The broker of this round."""
    chosen: Broker = request.getfixturevalue(f"{request.param}_kafka")
    return chosen


@pytest.fixture(scope="session")
def kafka(broker: Broker) -> str:
    """The broker's `host:port`."""
    return broker.bootstrap


@pytest.fixture
def topic_prefix() -> str:
    """A start for topic and group names that no other test has."""
    return f"t{uuid.uuid4().hex[:12]}."


@pytest.fixture
def new_topic(kafka: str, topic_prefix: str) -> Callable[..., str]:
    """Makes a topic: `new_topic("records", partitions=4, config={...})` gives its name, unique to the test."""
    from services.runtime.kafka_admin import admin_client  # noqa: PLC0415

    def make(name: str, *, partitions: int = 1, config: dict[str, str] | None = None) -> str:
        topic = topic_prefix + name
        wanted: dict[str, Any] = {"num_partitions": partitions, "replication_factor": 1, "configs": config or {}}
        with admin_client(kafka) as admin:
            admin.create_topics({topic: wanted}, wait_for_metadata=True)
        return topic

    return make


@pytest.fixture(scope="session")
def clickhouse_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one embedded ClickHouse for the run."""
    from deploy.embedded.clickhouse.start import start  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("clickhouse")
    child, url = start(folder / "data", folder / "clickhouse.log")
    yield url
    child.stop()


@pytest.fixture
def database(clickhouse_url: str) -> Iterator[tuple[str, str]]:
    """A migrated database of the test's own: (url, name)."""
    from deploy.clickhouse.migrations import migrate  # noqa: PLC0415
    from services.runtime.clickhouse import connect  # noqa: PLC0415

    name = f"test_{uuid.uuid4().hex[:12]}"
    migrate(clickhouse_url, name)
    yield clickhouse_url, name
    client = connect(clickhouse_url, "system")
    client.command(f"DROP DATABASE {name}")
    client.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, headless, asking the network for nothing of its own."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    return {
        **browser_type_launch_args,
        "executable_path": "/usr/bin/chromium",
        "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet],
    }


@pytest.fixture(scope="session")
def shared_fixtures() -> Path:
    """Published samples that are kept beside the repository and not in it."""
    if not FIXTURES_OF_SHARED.is_dir():
        pytest.skip("needs ../shared/fixtures, the published samples that are not part of this repository")
    return FIXTURES_OF_SHARED
