"""Both brokers do what the clients here rely on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from kafka import KafkaConsumer, KafkaProducer

from tests.conftest import Broker

VALUES = [str(number).encode() for number in range(200)]


async def test_aiokafka_reads_what_it_wrote_in_order(broker: Broker, new_topic: Callable[..., str]) -> None:
    """Acknowledged by all, idempotent where the broker can: nothing lost, nothing twice, in order."""
    topic = new_topic("events")
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap, acks="all", enable_idempotence=not broker.is_embedded
    )
    await producer.start()
    for value in VALUES:
        await producer.send(topic, value, key=b"worker")
    await producer.flush()
    await producer.stop()

    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition(topic, 0)])
    values = [(await consumer.getone()).value for _ in VALUES]
    await consumer.stop()

    assert values == VALUES


def test_kafka_python_reads_what_it_wrote_in_order(kafka: str, new_topic: Callable[..., str]) -> None:
    """kafka-python's defaults are idempotent, and both brokers take them."""
    topic = new_topic("events")
    with closing(KafkaProducer(bootstrap_servers=kafka, enable_idempotence=True, acks="all")) as producer:
        for value in VALUES:
            producer.send(topic, value, key=b"worker")
        producer.flush()

    options = {"auto_offset_reset": "earliest", "consumer_timeout_ms": 10_000}
    with closing(KafkaConsumer(topic, bootstrap_servers=kafka, **options)) as consumer:
        values = [next(consumer).value for _ in VALUES]

    assert values == VALUES
