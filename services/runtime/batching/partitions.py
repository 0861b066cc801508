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
        cluster = await consumer._client.fetch_all_metadata()  # asking for the topic by name could create it
        partitions = cluster.partitions_for_topic(topic)
        if not partitions:
            raise Unavailable("kafka", f"no topic {topic}; `stepwell topics apply` makes it")
        return len(partitions)
    except (KafkaError, OSError) as error:
        raise Unavailable("kafka", f"{bootstrap} answers {type(error).__name__}") from error
    finally:
        await consumer.stop()
