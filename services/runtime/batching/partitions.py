"""How many partitions a topic has: a table must have as many as the topic whose batches it follows."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from services.runtime.errors import Unavailable


async def partition_count(bootstrap: str, topic: str) -> int:
    """The number of the topic's partitions.

    Raises: Unavailable when Kafka does not answer, or has no such topic yet.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    try:
        await consumer.start()
        if topic not in await consumer.topics():
            raise Unavailable("kafka", f"no topic {topic}; `stepwell topics apply` makes it")
        return len(consumer.partitions_for_topic(topic))
    except (KafkaError, OSError) as error:
        raise Unavailable("kafka", f"{bootstrap} answers {type(error).__name__}") from error
    finally:
        await consumer.stop()
