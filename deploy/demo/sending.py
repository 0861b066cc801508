"""Sending deliveries as their sources do: HTTP batches of a hundred that are split when refused, and Kafka.

A refused batch is halved until the faulty payloads stand alone, as Moodle's xAPI plugin does; Stepwell takes a batch
whole or not at all. A payload that was refused alone is counted and dropped. What answers 429 or 503 is sent again.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from aiokafka import AIOKafkaProducer

from deploy.demo.delivery import Delivery, Road

BATCH = 100
INBOX = "stepwell.inbox.v1"
PATHS: Mapping[Road, str] = {"xapi": "/xAPI/statements", "records": "/v1/records"}
Keys = Mapping[str, tuple[str, str]]
"""Key and secret by source."""
_REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
_WAIT = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class SendingFailed(Exception):
    """Stepwell answered something that no sender can go on from; `status` is the HTTP status."""

    def __init__(self, source: str, status: int, answer: str) -> None:
        super().__init__(f"{source} was answered {status}: {answer[:500]}")
        self.status = status


class Sender:
    """An open connection to Stepwell's two doors. `refused` counts the payloads refused over HTTP, by reason."""

    def __init__(self, ingest: str, kafka: str, keys: Keys, on_sent: Callable[[int], None]) -> None:
        self._ingest = ingest
        self._kafka = kafka
        self._keys = keys
        self._on_sent = on_sent
        self._stack = AsyncExitStack()
        self.refused: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        self._http = await self._stack.enter_async_context(aiohttp.ClientSession(self._ingest))
        self._producer = await self._stack.enter_async_context(
            AIOKafkaProducer(bootstrap_servers=self._kafka, acks="all", linger_ms=5)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def send(self, deliveries: Iterable[Delivery]) -> None:
        """Send all: each source in its own order, the sources side by side; return once all is acknowledged.

        Raises:
            SendingFailed: an answer that is neither acceptance, refusal nor a plea to wait.
        """
        lanes: dict[tuple[str, Road], list[bytes]] = defaultdict(list)
        for one in deliveries:
            lanes[one.source, one.road].append(one.body)
        async with asyncio.TaskGroup() as group:
            for (source, road), bodies in lanes.items():
                group.create_task(self._send_lane(source, road, bodies))

    async def _send_lane(self, source: str, road: Road, bodies: list[bytes]) -> None:
        for start in range(0, len(bodies), BATCH):
            batch = bodies[start : start + BATCH]
            if road == "inbox":
                await self._publish(source, batch)
            else:
                await self._post(source, PATHS[road], [body for body in batch if _is_json(body)])
                for body in batch:
                    if not _is_json(body):
                        await self._post_alone(source, PATHS[road], body)
            self._on_sent(len(batch))

    async def _publish(self, source: str, bodies: list[bytes]) -> None:
        headers = [("ce_source", source.encode()), ("content-type", b"application/json")]
        sent = [await self._producer.send(INBOX, body, headers=headers) for body in bodies]
        await asyncio.gather(*sent)

    async def _post(self, source: str, path: str, bodies: list[bytes]) -> None:
        if not bodies:
            return
        if len(bodies) == 1:
            await self._post_alone(source, path, bodies[0])
            return
        if await self._answer(source, path, b"[" + b",".join(bodies) + b"]"):
            middle = len(bodies) // 2
            await self._post(source, path, bodies[:middle])
            await self._post(source, path, bodies[middle:])

    async def _post_alone(self, source: str, path: str, body: bytes) -> None:
        reason = await self._answer(source, path, body)
        if reason:
            self.refused[reason] += 1

    async def _answer(self, source: str, path: str, body: bytes) -> str | None:
        """The reason for a refusal, or None once the body is accepted."""
        headers = {"Content-Type": "application/json", "X-Experience-API-Version": "1.0.3"}
        auth = aiohttp.BasicAuth(*self._keys[source])
        while True:
            async with self._http.post(path, data=body, headers=headers, auth=auth) as answer:
                if answer.status == HTTPStatus.OK:
                    return None
                text = await answer.text()
                if answer.status in _REFUSED:
                    return _reason(text)
                if answer.status not in _WAIT:
                    raise SendingFailed(source, answer.status, text)
                await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _reason(problem: str) -> str:
    return str(json.loads(problem).get("type", "refused"))
