"""Reading by aiokafka for ever: its client can cease to fetch, or to end, and whoever waits for it waits for ever.

Its fetch routine ends for good on any error that it does not expect, such as the KeyError of its own `send` when two
requests time out on one connection while a third opens a new one. `getmany` neither tells nor ends.
"""

from __future__ import annotations

import asyncio

import structlog
from aiokafka import AIOKafkaConsumer

__all__ = ["close", "ensure_fetching"]
log = structlog.get_logger(__name__)
CLOSE_SECONDS = 5.0


def ensure_fetching(consumer: AIOKafkaConsumer) -> None:
    """Go on only while the client fetches; to be asked between two `getmany`.

    Raises: ConnectionError once it does not.
    """
    if consumer._fetcher._fetch_task.done():  # noqa: SLF001 - nothing public tells
        raise ConnectionError("the Kafka client has ceased to fetch")


async def close(consumer: AIOKafkaConsumer) -> None:
    """Close a client that may be in any state, and go on without it when it does not end."""
    closing = asyncio.ensure_future(consumer.stop())
    await asyncio.wait({closing}, timeout=CLOSE_SECONDS)
    if not closing.done():
        closing.cancel()
    elif error := closing.exception():
        log.warning("kafka_client_not_closed", error=repr(error))
