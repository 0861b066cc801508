"""Reading a topic from its beginning to where it ends now, once, with no consumer group."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from services.runtime.errors import Unavailable
from services.runtime.kafka_admin import BOOTSTRAP_TIMEOUT_MS, REQUEST_TIMEOUT_MS, log_ends, reachable


def whole_log(bootstrap: str, topic: str) -> Iterator[Any]:
    """Every message of the topic, as kafka-python gives it, in order within a partition.

    Raises: Unavailable when Kafka does not answer, or has no such topic.
    """
    with reachable(bootstrap), closing(_consumer(bootstrap)) as consumer:
        partitions = consumer.partitions_for_topic(topic)
        if not partitions:
            raise Unavailable("kafka", f"no topic {topic} at {bootstrap}; `stepwell topics apply` makes it")
        places = [TopicPartition(topic, partition) for partition in sorted(partitions)]
        ends = {place: end for place, end in log_ends(bootstrap, places).items() if end > 0}
        if ends:
            yield from _read(consumer, ends)


def _read(consumer: KafkaConsumer, ends: dict[Any, int]) -> Iterator[Any]:
    consumer.assign(list(ends))
    consumer.seek_to_beginning()
    while any(consumer.position(place) < end for place, end in ends.items()):
        for messages in consumer.poll(timeout_ms=500).values():
            yield from messages


def _consumer(bootstrap: str) -> KafkaConsumer:
    return KafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        bootstrap_timeout_ms=BOOTSTRAP_TIMEOUT_MS,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
    )
