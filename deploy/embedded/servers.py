"""What the services stand on: Kafka and ClickHouse started or found, topics and tables made, a lost log put back."""

from __future__ import annotations

from functools import partial

from deploy.embedded import kafka as embedded_kafka
from deploy.embedded.clickhouse import start as embedded_clickhouse
from deploy.embedded.options import Options, Service
from services.runtime import topics
from services.runtime.ports import LOOPBACK, accepts, free_port
from services.runtime.processes import Process, Supervisor

READY_SECONDS = 60.0
MEMORIES = "SELECT count() FROM records UNION ALL SELECT count() FROM catalogs"
GROUPS: tuple[tuple[Service, str, str], ...] = (
    ("inbox", "stepwell-inbox", topics.INBOX),
    ("inbox", "stepwell-inbox", topics.XAPI),
    ("verify", "stepwell-verify", topics.CREDENTIALS),
    ("aggregate", "stepwell-aggregate", topics.RECORDS),
)


def start(supervisor: Supervisor, options: Options) -> tuple[str, str]:
    """Start what is not given, without waiting; the answer is Kafka's `host:port` and ClickHouse's URL."""
    processes = []
    kafka, clickhouse = options.kafka, options.clickhouse
    if kafka is None:
        port = free_port(options.kafka_port)
        kafka = f"{LOOPBACK}:{port}"
        processes.append(Process("kafka", embedded_kafka.command(port), is_ready=partial(accepts, port)))
    if clickhouse is None:
        port = free_port(options.clickhouse_port)
        clickhouse = f"http://{LOOPBACK}:{port}"
        command = embedded_clickhouse.command(options.home / "clickhouse", port)
        processes.append(Process("clickhouse", command, is_ready=partial(accepts, port), restarts=True))
    supervisor.start(*processes)
    return kafka, clickhouse


def prepare_topics(supervisor: Supervisor, options: Options, kafka: str) -> frozenset[str]:
    """Make the topics that are missing; the answer names them. Raises: ChildFailed, Unavailable."""
    from schemas.topic import topic_specs  # noqa: PLC0415 - imports while the servers start
    from services.runtime.kafka_admin import apply_topics  # noqa: PLC0415

    if options.kafka is None:
        supervisor.wait_ready(["kafka"], READY_SECONDS)
    prefix = options.topic_prefix
    specs = [spec.model_copy(update={"name": prefix + spec.name}) for spec in topic_specs()]
    return frozenset(state.name for state in apply_topics(kafka, specs=specs) if state.state == "created")


def prepare_tables(supervisor: Supervisor, options: Options, clickhouse: str) -> None:
    """Bring the tables up to date. Raises: ChildFailed, Unavailable, Conflict."""
    from deploy.clickhouse.migrations import migrate  # noqa: PLC0415 - imports while the servers start

    if options.clickhouse is None:
        supervisor.wait_ready(["clickhouse"], READY_SECONDS)
    migrate(clickhouse, options.database)


def begin_log(options: Options, clickhouse: str, created: frozenset[str]) -> bool:
    """Start the epochs of those logs that are new; whether ClickHouse remembers what should be in it."""
    from services.runtime.clickhouse import connect  # noqa: PLC0415
    from services.runtime.epochs import start_epoch  # noqa: PLC0415

    records, xapi = (options.topic_prefix + name for name in (topics.RECORDS, topics.XAPI))
    new = sorted({records, xapi} & created)
    if not new:
        return False
    client = connect(clickhouse, options.database)
    try:
        for topic in new:
            start_epoch(client, topic)
        return records in created and any(count for (count,) in client.query(MEMORIES).result_rows)
    finally:
        client.close()


def put_back(options: Options, kafka: str, clickhouse: str) -> int:
    """Publish again what ClickHouse remembers; how many records. Raises: Unavailable."""
    from deploy.embedded.replay import replay  # noqa: PLC0415 - most starts have nothing to put back
    from services.runtime.clickhouse import connect  # noqa: PLC0415

    client = connect(clickhouse, options.database)
    try:
        return replay(client, kafka, options.topic_prefix, is_embedded=options.broker_is_tansu)
    finally:
        client.close()


def lag(options: Options, kafka: str) -> int:
    """How many messages the services have yet to read, in partitions too that nobody has read yet.

    Inbox and verification are asked before the aggregate, whose log they write to: nought means that nothing is on its
    way between.

    Raises: Unavailable.
    """
    from services.runtime.kafka_admin import unread  # noqa: PLC0415

    prefix, groups = options.topic_prefix, [named for service, *named in GROUPS if service in options.services]
    return sum(unread(kafka, prefix + group, prefix + topic) for group, topic in groups)
