"""Following a log to its end, partition by partition, without a consumer group, and knowing when the end was reached.

What is yielded carries the time at which a partition was last seen to have nothing more: whoever has read up to there
has read all that was on the log by then. After a lost connection reading goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from time import time
from typing import NamedTuple

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.fetching import close, ensure_fetching

__all__ = ["ConsumerRecord", "Seen", "Starts", "tail"]
log = structlog.get_logger(__name__)

POLL_MS = 50
"""The broker answers at least this often, with or without news; with news at once, as Kafka does."""
EMBEDDED_POLL_MS = 15
"""The same of the embedded broker, which looks for news only now and then while it lets a reader wait."""
ANSWER_MS = 5000
"""An answer that takes longer is asked for again: whoever waits for the log gives up after ten seconds."""
SILENCE_SECONDS = 7.0
"""After so long without an answer a new client is made."""
RECONNECT_SECONDS = 0.5
SLACK_SECONDS = 0.02
"""What an answer of the broker may be older than its arrival."""
Starts = Callable[[Sequence[int]], Awaitable[Mapping[int, int]]]
"""Partitions -> the offset to begin at, for those that should not be read from their start."""


class Seen(NamedTuple):
    """Records of one partition in order, maybe none, and since when (Unix time) there is nothing beyond, if known."""

    partition: int
    records: Sequence[ConsumerRecord]
    at_end: float | None


async def tail(bootstrap: str, topic: str, starts: Starts, poll_ms: int = POLL_MS) -> AsyncGenerator[list[Seen]]:
    """Yield what is on the log from its starts on, for ever, through lost connections and a topic not yet there."""
    positions: dict[int, int] = {}
    while True:
        try:
            async for seen in _tail_once(_consumer(bootstrap, poll_ms), topic, starts, positions, poll_ms):
                yield seen
        except (KafkaError, OSError) as error:
            log.warning("log_not_followed", topic=topic, error=repr(error))
        await asyncio.sleep(RECONNECT_SECONDS)


def _consumer(bootstrap: str, poll_ms: int) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=poll_ms,
        request_timeout_ms=ANSWER_MS,
        max_partition_fetch_bytes=8 << 20,
    )


async def _tail_once(
    consumer: AIOKafkaConsumer, topic: str, starts: Starts, positions: dict[int, int], poll_ms: int
) -> AsyncIterator[list[Seen]]:
    try:
        await consumer.start()  # one that could not start holds connections, too
        places = await _assign(consumer, topic, starts, positions)
        begun = time()
        while places:
            async with asyncio.timeout(SILENCE_SECONDS):
                fetched = await consumer.getmany(timeout_ms=poll_ms)
                seen = [await _seen(consumer, place, fetched.get(place, ())) for place in places]
            ensure_fetching(consumer)
            _ensure_heard(consumer, places, begun)
            positions.update({each.partition: each.records[-1].offset + 1 for each in seen if each.records})
            yield seen
    finally:
        await close(consumer)


def _ensure_heard(consumer: AIOKafkaConsumer, places: Sequence[TopicPartition], begun: float) -> None:
    """Go on only while the broker answers: a client was seen that asked no more, after an answer that came too late.

    Raises: ConnectionError when nothing was heard for a while.
    """
    heard = max([(consumer.last_poll_timestamp(place) or 0) / 1000 for place in places])
    if time() - max(heard, begun) > SILENCE_SECONDS:
        raise ConnectionError(f"nothing was heard for {SILENCE_SECONDS:g} seconds")


async def _assign(
    consumer: AIOKafkaConsumer, topic: str, starts: Starts, positions: dict[int, int]
) -> list[TopicPartition]:
    cluster = await consumer._client.fetch_all_metadata()  # noqa: SLF001 - asking for the topic by name could create it
    numbers = sorted(cluster.partitions_for_topic(topic) or ())
    places = [TopicPartition(topic, number) for number in numbers]
    consumer.assign(places)
    begin = {**await starts(numbers), **positions}
    for place in places:
        consumer.seek(place, begin.get(place.partition, 0))
    return places


async def _seen(consumer: AIOKafkaConsumer, place: TopicPartition, records: Sequence[ConsumerRecord]) -> Seen:
    end = consumer.highwater(place)
    polled_ms = consumer.last_poll_timestamp(place)
    is_at_end = end is not None and polled_ms is not None and await consumer.position(place) >= end
    return Seen(place.partition, records, polled_ms / 1000 - SLACK_SECONDS if is_at_end else None)
