"""Looking after Kafka with kafka-python: topics as their files want them, ends of logs, lag of consumer groups.

kafka-python and not aiokafka, because these run from commands and at start-up, where plain calls read best, and its
admin client covers the whole protocol.

Trap: the embedded broker answers ListOffsets(latest) with the start of its last batch plus one. Only fetch responses
tell the true end of a log, so `log_ends` asks by fetching. On Apache Kafka both agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Literal, NamedTuple

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
)

from schemas.topic import TopicSpec, topic_specs
from services.runtime.errors import Unavailable

REQUEST_TIMEOUT_MS = 10_000
BOOTSTRAP_TIMEOUT_MS = 5_000
COORDINATOR_SECONDS = 15.0
COORDINATOR_PAUSE_SECONDS = 0.2
_MOVING = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)
"""A broker that has just started still makes the topic that holds groups' offsets."""


class Difference(NamedTuple):
    """One setting of a topic that is not as its file wants it."""

    setting: str
    wanted: str
    actual: str


@dataclass(frozen=True, slots=True)
class TopicState:
    """How one topic stands: `missing`, `created` (just now), `ok`, or `drifted` with what differs."""

    name: str
    state: Literal["missing", "created", "ok", "drifted"]
    partitions: int
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class PartitionLag:
    """How far one consumer group is behind in one partition. `committed` is None where it never committed."""

    group: str
    topic: str
    partition: int
    committed: int | None
    end: int
    lag: int


@contextmanager
def admin_client(bootstrap: str) -> Iterator[KafkaAdminClient]:
    """A kafka-python admin client, closed at the end.

    Raises: Unavailable when Kafka does not answer.
    """
    with reachable(bootstrap), closing(_admin(bootstrap)) as client:
        yield client


def _admin(bootstrap: str) -> KafkaAdminClient:
    return KafkaAdminClient(
        bootstrap_servers=bootstrap, request_timeout_ms=REQUEST_TIMEOUT_MS, bootstrap_timeout_ms=BOOTSTRAP_TIMEOUT_MS
    )


@contextmanager
def reachable(bootstrap: str) -> Iterator[None]:
    """Turn kafka-python's errors within the block into `Unavailable`."""
    try:
        yield
    except KafkaError as error:
        raise Unavailable("kafka", f"{bootstrap} answers {type(error).__name__}: {error}") from error


def apply_topics(
    bootstrap: str,
    replication: int | None = None,
    partitions: int | None = None,
    specs: Iterable[TopicSpec] | None = None,
) -> tuple[TopicState, ...]:
    """Create the topics that are missing and say how all of them stand; a second call changes nothing.

    Existing topics are never altered: more partitions would send a worker's records to another partition, and settings
    that an operator changed are reported, not overruled. `partitions` overrides every file but those that want one
    partition; `replication` defaults to what the file wants, or the number of brokers where there are fewer.

    Raises: Unavailable when Kafka does not answer or refuses a topic.
    """
    wanted = _wanted(specs, partitions)
    with admin_client(bootstrap) as admin:
        before = _states(admin, wanted)
        missing = {state.name for state in before if state.state == "missing"}
        if missing:
            _create(admin, [spec for spec in wanted if spec.name in missing], replication)
        after = _states(admin, wanted)
    return tuple(
        TopicState(state.name, "created", state.partitions) if state.name in missing else state for state in after
    )


def topic_states(
    bootstrap: str, partitions: int | None = None, specs: Iterable[TopicSpec] | None = None
) -> tuple[TopicState, ...]:
    """How every topic stands against its file, changing nothing.

    Raises: Unavailable when Kafka does not answer.
    """
    with admin_client(bootstrap) as admin:
        return _states(admin, _wanted(specs, partitions))


def _wanted(specs: Iterable[TopicSpec] | None, partitions: int | None) -> list[TopicSpec]:
    chosen = list(topic_specs() if specs is None else specs)
    if partitions is None:
        return chosen
    return [spec if spec.partitions == 1 else spec.model_copy(update={"partitions": partitions}) for spec in chosen]


def _create(admin: KafkaAdminClient, specs: Iterable[TopicSpec], replication: int | None) -> None:
    brokers = len(admin.describe_cluster()["brokers"])
    for spec in specs:
        copies = min(spec.replication, brokers) if replication is None else replication
        topic = {"num_partitions": spec.partitions, "replication_factor": copies, "configs": dict(spec.config)}
        try:
            admin.create_topics({spec.name: topic}, wait_for_metadata=True)
        except TopicAlreadyExistsError:
            continue  # another process applies the same files


def _states(admin: KafkaAdminClient, specs: list[TopicSpec]) -> tuple[TopicState, ...]:
    existing = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics() if not topic["error_code"]}
    present = [spec.name for spec in specs if spec.name in existing]
    settings = _settings(admin, present)
    return tuple(_state(spec, existing.get(spec.name), settings.get(spec.name, {})) for spec in specs)


def _settings(admin: KafkaAdminClient, topics: list[str]) -> dict[str, dict[str, str]]:
    if not topics:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic, configs=None) for topic in topics]
    described = admin.describe_configs(resources, config_filter="all").get("topic", {})
    return {topic: {name: entry["value"] for name, entry in entries.items()} for topic, entries in described.items()}


def _state(spec: TopicSpec, partitions: int | None, settings: Mapping[str, str]) -> TopicState:
    if partitions is None:
        return TopicState(spec.name, "missing", 0)
    differences = [
        Difference(name, wanted, str(settings.get(name, "default")))
        for name, wanted in sorted(spec.config.items())
        if settings.get(name) != wanted
    ]
    if partitions != spec.partitions:
        differences.insert(0, Difference("partitions", str(spec.partitions), str(partitions)))
    return TopicState(spec.name, "drifted" if differences else "ok", partitions, tuple(differences))


def log_ends(bootstrap: str, places: Iterable[TopicPartition], timeout_seconds: float = 10.0) -> dict[Any, int]:
    """The offset that the next message of each partition will get, as fetch responses tell it.

    Raises: Unavailable when Kafka does not answer within the timeout.
    """
    wanted = list(places)
    if not wanted:
        return {}
    with reachable(bootstrap), closing(_probe(bootstrap)) as consumer:
        consumer.assign(wanted)
        said = consumer.end_offsets(wanted)
        for place in wanted:
            consumer.seek(place, max(said[place] - 1, 0))
        return _fetched_ends(consumer, wanted, said, monotonic() + timeout_seconds)


def _probe(bootstrap: str) -> KafkaConsumer:
    return KafkaConsumer(
        bootstrap_servers=bootstrap,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        bootstrap_timeout_ms=BOOTSTRAP_TIMEOUT_MS,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=1024,
    )


def _fetched_ends(
    consumer: KafkaConsumer, wanted: list[TopicPartition], said: Mapping[Any, int], deadline: float
) -> dict[Any, int]:
    while monotonic() < deadline:
        consumer.poll(timeout_ms=100, max_records=1)
        ends = {place: consumer.highwater(place) for place in wanted}
        if None not in ends.values():
            return {place: max(end, said[place]) for place, end in ends.items()}
    raise Unavailable("kafka", "a partition did not answer a fetch in time")


def consumer_lag(bootstrap: str, groups: Iterable[str] | None = None) -> tuple[PartitionLag, ...]:
    """The lag of each partition that the groups have committed in, by group, topic, partition. Default: every group.

    Raises: Unavailable when Kafka does not answer.
    """
    with admin_client(bootstrap) as admin:
        names = sorted({group["group_id"] for group in admin.list_groups()}) if groups is None else list(groups)
        committed = {name: _committed(admin, name) for name in names}
    places = {place for offsets in committed.values() for place in offsets}
    ends = log_ends(bootstrap, places)
    return tuple(
        _lag(name, place, offsets[place].offset, ends[place])
        for name, offsets in committed.items()
        for place in sorted(offsets)
    )


def _committed(admin: KafkaAdminClient, group: str) -> Mapping[Any, Any]:
    deadline = monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            offsets: Mapping[Any, Any] = admin.list_group_offsets(group)[group]
            return offsets
        except _MOVING:
            if monotonic() > deadline:
                raise
            sleep(COORDINATOR_PAUSE_SECONDS)


def unread(bootstrap: str, group: str, topic: str) -> int:
    """How many messages of a topic a group has yet to commit, partitions that it never committed in included.

    Raises: Unavailable when Kafka does not answer.
    """
    with admin_client(bootstrap) as admin:
        (described,) = admin.describe_topics([topic])
        committed = admin.list_group_offsets(group)[group]
    places = [TopicPartition(topic, number) for number in range(len(described["partitions"]))]
    ends = log_ends(bootstrap, places)
    done = {place: committed[place].offset for place in places if place in committed}
    return sum(max(end - max(done.get(place, 0), 0), 0) for place, end in ends.items())


def _lag(group: str, place: TopicPartition, committed: int, end: int) -> PartitionLag:
    known = committed if committed >= 0 else None
    return PartitionLag(group, place.topic, place.partition, known, end, max(end - (known or 0), 0))
