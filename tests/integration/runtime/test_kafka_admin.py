"""Topics, ends of logs and lag, on both brokers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from schemas.topic import TopicSpec, topic_specs
from services.runtime.kafka_admin import Difference, apply_topics, consumer_lag, log_ends, topic_states, unread
from services.runtime.ports import LOOPBACK, free_port


def specs_under(prefix: str) -> list[TopicSpec]:
    """All topics of Stepwell under a prefix."""
    return [spec.model_copy(update={"name": prefix + spec.name}) for spec in topic_specs()]


def test_topics_are_made_once_and_then_are_as_their_files_want(kafka: str, topic_prefix: str) -> None:
    """A second run changes nothing; replication follows the number of brokers there are."""
    specs = specs_under(topic_prefix)
    assert {state.state for state in topic_states(kafka, specs=specs)} == {"missing"}
    assert {state.state for state in apply_topics(kafka, specs=specs)} == {"created"}
    again = apply_topics(kafka, specs=specs)
    assert {state.state for state in again} == {"ok"}
    assert {state.name: state.partitions for state in again} == {spec.name: spec.partitions for spec in specs}


def test_partitions_can_be_chosen_but_for_topics_that_need_one(kafka: str, topic_prefix: str) -> None:
    """The catalog and the refusals stay in one piece."""
    made = apply_topics(kafka, partitions=2, specs=specs_under(topic_prefix))
    assert {state.partitions for state in made} == {1, 2}


def test_what_differs_from_its_file_is_reported_and_left_alone(kafka: str, new_topic: Callable[..., str]) -> None:
    """An operator's change is not overruled, and more partitions would tear workers' logs apart."""
    name = new_topic("records", partitions=3, config={"retention.ms": "1000"})
    spec = next(spec for spec in topic_specs() if spec.name == "stepwell.records.v1")
    wanted = spec.model_copy(update={"name": name, "config": {"retention.ms": "-1"}})
    (state,) = apply_topics(kafka, specs=[wanted])
    assert state.state == "drifted"
    assert state.differences == (Difference("partitions", "4", "3"), Difference("retention.ms", "-1", "1000"))


def test_lag_counts_every_message_that_is_left(kafka: str, new_topic: Callable[..., str]) -> None:
    """To the last message of the last batch, where the embedded broker's ListOffsets stops short."""
    topic = new_topic("inbox")
    place = TopicPartition(topic, 0)
    with closing(KafkaProducer(bootstrap_servers=kafka, linger_ms=50)) as producer:
        for number in range(10):
            producer.send(topic, str(number).encode())
        producer.flush()
    assert log_ends(kafka, [place]) == {place: 10}
    with closing(KafkaConsumer(bootstrap_servers=kafka, group_id=topic, auto_offset_reset="earliest")) as consumer:
        consumer.assign([place])
        while consumer.position(place) < 4:
            consumer.poll(timeout_ms=500, max_records=4)
        consumer.commit()
    (lag,) = consumer_lag(kafka, [topic])
    assert (lag.committed, lag.end, lag.lag) == (4, 10, 6)
    assert topic in {each.group for each in consumer_lag(kafka)}


def test_what_nobody_has_read_is_unread(kafka: str, new_topic: Callable[..., str]) -> None:
    """Partitions that the group never committed in count whole, and so does everything for a group that never was."""
    topic = new_topic("records", partitions=3)
    with closing(KafkaProducer(bootstrap_servers=kafka)) as producer:
        for number in range(10):
            producer.send(topic, b"x", partition=number % 2)
        producer.flush()
    with closing(KafkaConsumer(bootstrap_servers=kafka, group_id=topic)) as consumer:
        consumer.commit({TopicPartition(topic, 0): OffsetAndMetadata(2, "", -1)})

    assert unread(kafka, topic, topic) == 3 + 5
    assert unread(kafka, f"{topic}.nobody", topic) == 10


def test_an_empty_topic_has_no_lag(kafka: str, new_topic: Callable[..., str]) -> None:
    """An end of 0 is an answer, not a wait."""
    place = TopicPartition(new_topic("empty"), 0)
    assert log_ends(kafka, [place]) == {place: 0}


def test_a_broker_that_is_not_there_is_one_sentence() -> None:
    """Exit code 1 and no traceback of a client library; a process of its own, as kafka-python leaves sockets open."""
    command = ("-m", "services.cli", "topics", "list", "--kafka", f"{LOOPBACK}:{free_port()}")
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("stepwell: kafka: ")
