"""Sending deliveries as their sources do: HTTP in batches of a hundred, and Kafka.

Stepwell takes a batch whole or not at all and names what is wrong with which item, so a refused batch is sent again
without the items that were named; those are counted and dropped. What is answered 429 or 503 is sent again later.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from aiokafka import AIOKafkaProducer

from deploy.demo.delivery import Delivery, Road
from services.runtime.errors import StepwellError

BATCH = 100
PATIENCE_SECONDS = 60.0
"""How long the same request is tried again."""
NEW_KEY_SECONDS = 3.0
"""How long a new key may be unknown to a gateway; it is good within a second."""
INBOX = "stepwell.inbox.v1"
PATHS: Mapping[Road, str] = {"xapi": "/xAPI/statements", "records": "/v1/records"}
Keys = Mapping[str, tuple[str, str]]
"""Key and secret by source."""
_WAIT = {0, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class SendingFailed(StepwellError):
    """Stepwell answered something that no sender can go on from, or nothing; `status` is the HTTP status, else 0."""

    def __init__(self, source: str, status: int, answer: str) -> None:
        super().__init__(f"{source} was answered {status}: {answer[:500]}")
        self.status = status


class Sender:
    """An open connection to Stepwell's two doors. `refused` counts the payloads refused over HTTP, by code."""

    def __init__(self, ingest: str, kafka: str, keys: Keys, on_sent: Callable[[int], None]) -> None:
        self._ingest = ingest
        self._kafka = kafka
        self._keys = keys
        self._on_sent = on_sent
        self._stack = AsyncExitStack()
        self._opened_at = time.monotonic()
        self.refused: Counter[str] = Counter()
        self.refused_requests = 0

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
            SendingFailed: an answer that is neither acceptance, refusal nor a plea to wait, or none for too long.
        """
        lanes: dict[tuple[str, Road], list[bytes]] = defaultdict(list)
        for one in deliveries:
            lanes[one.source, one.road].append(one.body)
        try:
            async with asyncio.TaskGroup() as group:
                for (source, road), bodies in lanes.items():
                    group.create_task(self._send_lane(source, road, bodies))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures  # one is enough to tell; the other lanes were cancelled

    async def _send_lane(self, source: str, road: Road, bodies: list[bytes]) -> None:
        for batch in batches(bodies):
            if road == "inbox":
                await self._publish(source, batch)
            else:
                await self._post(source, PATHS[road], batch)
            self._on_sent(len(batch))

    async def _publish(self, source: str, bodies: list[bytes]) -> None:
        headers = [("ce_source", source.encode()), ("content-type", b"application/json")]
        sent = [await self._producer.send(INBOX, body, headers=headers) for body in bodies]
        await asyncio.gather(*sent)

    async def _post(self, source: str, path: str, bodies: list[bytes]) -> None:
        """Post until all that is left is accepted."""
        left = bodies
        while left:
            body = left[0] if len(left) == 1 else b"[" + b",".join(left) + b"]"
            faults = await self._faults(source, path, body)
            if not faults:
                return
            self.refused.update(faults.values())
            left = [body for index, body in enumerate(left) if index not in faults]

    async def _faults(self, source: str, path: str, body: bytes) -> dict[int, str]:
        """The code of the first fault of each faulty item, by the item's index; none once the body is accepted."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            status, text, pause_seconds = await self._answer(source, path, body)
            if status == HTTPStatus.OK:
                return {}
            if status == HTTPStatus.BAD_REQUEST:
                self.refused_requests += 1
                return _first_codes(text)
            may_wait = status in _WAIT or self._may_be_too_new(status)
            if not may_wait or time.monotonic() > give_up_at:
                raise SendingFailed(source, status, text)
            await asyncio.sleep(pause_seconds)

    async def _answer(self, source: str, path: str, body: bytes) -> tuple[int, str, float]:
        """Status (0 for no answer), body, and how long to wait before the same is sent again."""
        headers = {"Content-Type": "application/json", "X-Experience-API-Version": "1.0.3"}
        auth = aiohttp.BasicAuth(*self._keys[source])
        try:
            async with self._http.post(path, data=body, headers=headers, auth=auth) as answer:
                text = await answer.text()
                return answer.status, text, float(answer.headers.get("Retry-After", "0.2"))
        except aiohttp.ClientConnectionError as error:
            return 0, f"{type(error).__name__}: {error}", 0.5

    def _may_be_too_new(self, status: int) -> bool:
        """Whether the answer is that of a gateway that has not heard of a new key yet."""
        return status == HTTPStatus.UNAUTHORIZED and time.monotonic() - self._opened_at < NEW_KEY_SECONDS


def batches(bodies: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The bodies in order, a hundred at most in a batch; what is no JSON stands alone, and no id occurs twice in one.

    Source: xAPI 1.0.3 Communication 2.1.2 (a request that repeats a statement's id is refused).
    """
    batch: list[bytes] = []
    ids: set[str] = set()
    for body in bodies:
        own_id = _own_id(body)
        if batch and (own_id is None or own_id in ids or len(batch) == BATCH):
            yield batch
            batch, ids = [], set()
        batch.append(body)
        ids.update([own_id] if own_id else [])
        if own_id is None:
            yield batch
            batch = []
    if batch:
        yield batch


def _own_id(body: bytes) -> str | None:
    """The id that the payload gives itself, "" when it gives none, None when it is no JSON."""
    try:
        return str(json.loads(body).get("id", ""))
    except ValueError:
        return None


def _first_codes(problem: str) -> dict[int, str]:
    codes: dict[int, str] = {}
    for fault in json.loads(problem)["errors"]:
        codes.setdefault(fault.get("index", 0), fault["code"])
    return codes
