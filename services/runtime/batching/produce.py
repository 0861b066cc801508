"""Writing many entries to one partition with few requests, and knowing where each landed.

Faust's own producer buffer sends one message at a time, has no bound, and lets offsets be committed with messages
unsent after 100 ms (faust-streaming issues 53, 611): state could be lost. Here every write is awaited.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.runtime.batching.stores import Entry


async def produce(producer: Any, topic: str, partition: int, entries: Iterable[Entry]) -> tuple[int, int]:
    """Append the entries in order and return the offsets of the first and the last, once the broker acknowledged all.

    `producer` is an `AIOKafkaProducer`; `entries` holds at least one.

    Raises: KafkaError when the broker refuses or does not answer; some entries may have been written then.
    """
    sent = []
    builder = producer.create_batch()
    for key, value in entries:
        if builder.append(timestamp=None, key=key, value=value) is None:
            sent.append((builder.record_count(), await producer.send_batch(builder, topic, partition=partition)))
            builder = producer.create_batch()
            builder.append(timestamp=None, key=key, value=value)  # an empty batch takes an entry of any size
    builder.close()  # so that nobody's single message joins it
    sent.append((builder.record_count(), await producer.send_batch(builder, topic, partition=partition)))
    spans = [((await acknowledged).offset, count) for count, acknowledged in sent]
    last, count = spans[-1]
    return int(spans[0][0]), int(last + count - 1)
