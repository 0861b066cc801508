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
    """Close a client that may be in any state, and go on without it when it does not end.

    Whoever is cancelled meanwhile is so once the client is closed: its connections would outlive the loop.
    """
    closing = asyncio.ensure_future(consumer.stop())
    is_cancelled = await _ended(closing, asyncio.get_running_loop().time() + CLOSE_SECONDS)
    if not closing.done():
        closing.cancel()
    elif error := closing.exception():
        log.warning("kafka_client_not_closed", error=repr(error))
    if is_cancelled:
        raise asyncio.CancelledError


async def _ended(closing: asyncio.Future[None], deadline: float) -> bool:
    """Wait for the end of a task or the deadline; whether this was cancelled meanwhile."""
    is_cancelled = False
    while not closing.done() and (left := deadline - asyncio.get_running_loop().time()) > 0:
        try:
            await asyncio.wait({closing}, timeout=left)
        except asyncio.CancelledError:
            is_cancelled = True
    return is_cancelled
