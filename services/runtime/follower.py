"""Following a compacted topic as a whole, without a consumer group: everyone who follows knows everything.

What is yielded says whether all that was on the topic when we (re)connected has been seen, so that a service can wait
for its first complete picture. After a lost connection the topic is read again from the start; entries are by key, so
reading one twice changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.fetching import close, ensure_fetching

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
PROBE_SECONDS = 0.05
RECONNECT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Update:
    """Entries by key, newest last; None where the key was deleted. May be empty when only `is_complete` is news."""

    entries: Mapping[bytes, bytes | None]
    is_complete: bool


async def follow(bootstrap: str, topic: str) -> AsyncIterator[Update]:
    """Yield what is on the topic and then what comes, for ever, through lost connections and a topic not yet there."""
    while True:
        try:
            async for update in _follow_once(bootstrap, topic):
                yield update
        except (KafkaError, OSError) as error:
            log.warning("topic_not_followed", topic=topic, error=repr(error))
        await asyncio.sleep(RECONNECT_SECONDS)


async def _follow_once(bootstrap: str, topic: str) -> AsyncIterator[Update]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False, fetch_max_wait_ms=250
    )
    try:
        await consumer.start()  # one that could not start holds connections, too
        partitions = await _partitions(consumer, topic)
        if not partitions:
            log.info("topic_missing", topic=topic)
            return
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        is_complete = False
        while True:
            seconds = POLL_SECONDS if is_complete else PROBE_SECONDS
            fetched = await consumer.getmany(timeout_ms=int(seconds * 1000))
            ensure_fetching(consumer)
            was_complete, is_complete = is_complete, is_complete or await _is_at_end(consumer, partitions)
            entries = {record.key: record.value for records in fetched.values() for record in records}
            if entries or is_complete != was_complete:
                yield Update(entries, is_complete)
    finally:
        await close(consumer)


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    cluster = await consumer._client.fetch_all_metadata()  # noqa: SLF001 - asking for the topic by name could create it
    return [TopicPartition(topic, number) for number in cluster.partitions_for_topic(topic) or ()]


async def _is_at_end(consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> bool:
    """Whether every partition was read to the end that its last fetch told of: ListOffsets can be wrong."""
    for partition in partitions:
        end = consumer.highwater(partition)
        if end is None or await consumer.position(partition) < end:
            return False
    return True
