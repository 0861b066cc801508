"""The end of a log as a consumer has heard of it, asked by another thread than its own."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer, TopicPartition
from faust.types import TP

from services.runtime.batching.log_end import known_end

PLACE = TP("numbers", 0)


async def test_it_is_what_the_last_fetch_told() -> None:
    """None before the first."""
    consumer = AIOKafkaConsumer()
    consumer._subscription.assign_from_user([TopicPartition(*PLACE)])  # noqa: SLF001 - as `assign`, without a broker
    assert known_end(consumer, PLACE) is None
    consumer._subscription.subscription.assignment.state_value(PLACE).highwater = 7  # noqa: SLF001 - as a fetch does
    assert known_end(consumer, PLACE) == 7
    await consumer.stop()


async def test_a_partition_that_was_given_up_has_none() -> None:
    """A rebalance takes it away at any moment: that is no error."""
    consumer = AIOKafkaConsumer()
    assert known_end(consumer, PLACE) is None
    consumer._subscription.assign_from_user([TopicPartition("numbers", 1)])  # noqa: SLF001 - as above
    assert known_end(consumer, PLACE) is None
    consumer._subscription.unsubscribe()  # noqa: SLF001 - as above
    assert known_end(consumer, PLACE) is None
    await consumer.stop()
