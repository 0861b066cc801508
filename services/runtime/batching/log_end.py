"""The true end of a log, asked by fetching, for brokers that answer ListOffsets wrongly.

tansu 0.6.0 in memory answers ListOffsets(latest) with the base offset of the last batch plus one; its fetch responses
carry the right high watermark. Recovery of a table reads up to what ListOffsets says, so that without this the tail of
the last changelog batch would silently be missing from the state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from faust.types import TP

PROBE_BYTES = 64
POLL_MS = 50


async def log_ends(bootstrap: str, at_least: Mapping[TP, int | None], timeout_seconds: float = 10.0) -> dict[TP, int]:
    """One past the last offset of each partition. `at_least`: the broker's own answer, which is never too high.

    Raises: TimeoutError when a partition's leader does not answer.
    """
    guesses = {TopicPartition(tp.topic, tp.partition): max(guess or 0, 0) for tp, guess in at_least.items()}
    probe = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, max_partition_fetch_bytes=PROBE_BYTES, fetch_max_wait_ms=POLL_MS
    )
    await probe.start()
    try:
        probe.assign(list(guesses))
        for partition, guess in guesses.items():
            probe.seek(partition, max(guess - 1, 0))
        async with asyncio.timeout(timeout_seconds):
            while any(probe.highwater(partition) is None for partition in guesses):
                await probe.getmany(timeout_ms=POLL_MS, max_records=1)
        return {TP(*partition): max(probe.highwater(partition), guess) for partition, guess in guesses.items()}
    finally:
        await probe.stop()


def known_end(consumer: AIOKafkaConsumer, partition: TP) -> int | None:
    """The end of a partition's log as the consumer last heard of it; None when it has not, or has it no more.

    For threads that are not the consumer's own: a rebalance may take the partition away between any two steps, which
    aiokafka's `highwater` takes for an error.
    """
    subscription = consumer._subscription.subscription
    assignment = None if subscription is None else subscription.assignment
    state = None if assignment is None or partition not in assignment.tps else assignment.state_value(partition)
    return None if state is None else state.highwater
