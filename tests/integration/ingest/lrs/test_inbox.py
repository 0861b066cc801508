"""Statements that come by the inbox topic are in the store like those that come over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import uuid4

import httpx2
from kafka import KafkaProducer

from services.runtime.keys import IssuedKey
from services.runtime.rejected import Refusal, read
from tests.builders.statements import statement
from tests.integration.ingest.harness import messages, records_on
from tests.integration.ingest.lrs.conftest import Running
from tests.integration.ingest.lrs.test_requests import TYPE, attachment, body, data_part, statements_part

PATH = "/xAPI/statements"
WAIT_SECONDS = 30.0


def send(running: Running, value: bytes, **headers: str) -> None:
    """Send one message to the inbox, acknowledged."""
    pairs = [(name.replace("_", "-") if name != "ce_source" else name, text.encode()) for name, text in headers.items()]
    with closing(KafkaProducer(bootstrap_servers=running.bootstrap, acks="all")) as producer:
        producer.send(running.prefix + "stepwell.inbox.v1", value, headers=pairs).get(10)


async def until(found: Callable[[], Any]) -> Any:
    """What is found, once something is."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            answer = found()
            if answer:
                return answer
            await asyncio.sleep(0.1)


async def stored(lrs: httpx2.AsyncClient, statement_id: str, **parameters: str) -> httpx2.Response:
    """The answer to a GET of a statement, once it is there."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            answer = await lrs.get(PATH, params={"statementId": statement_id, **parameters})
            if answer.status_code == 200:
                return answer
            await asyncio.sleep(0.1)


async def owner_of(lrs: httpx2.AsyncClient) -> str:
    """The source that a client speaks for."""
    (sent,) = (await lrs.post(PATH, json=statement(verb="launched"))).json()
    name: str = (await lrs.get(PATH, params={"statementId": sent})).json()["authority"]["name"]
    return name


def refusals(running: Running, source: str) -> list[Refusal]:
    """What was refused of a source."""
    kept = messages(running.bootstrap, running.prefix + "stepwell.rejected.v1")
    return [each for each in (read(m.value, m.key, m.headers) for m in kept) if each.source == source]


async def test_statements_of_the_inbox_are_read_by_their_source(
    lrs: httpx2.AsyncClient, running: Running, source: IssuedKey
) -> None:
    """With the source as authority, and as learning records; the same message sent again changes nothing."""
    owner, own = await owner_of(lrs), str(uuid4())
    sent = json.dumps([statement(id=own), statement(verb="attempted", id=str(uuid4()))]).encode()
    for _ in range(2):
        send(running, sent, ce_source=owner, x_experience_api_version="1.0.3")
    found = (await stored(lrs, own)).json()
    assert (found["authority"]["account"]["name"], found["version"]) == (owner, "1.0.0")
    await until(lambda: own in [each["record_id"] for each in records_on(running.bootstrap, running.prefix)])
    assert len((await lrs.get(PATH)).json()["statements"]) == 3


async def test_attachments_come_by_the_inbox_too(lrs: httpx2.AsyncClient, running: Running) -> None:
    """As multipart/mixed, as over HTTP."""
    own = str(uuid4())
    sent = body(statements_part(statement(id=own, attachments=[attachment()])), data_part())
    headers = {"content_type": TYPE["Content-Type"], "x_experience_api_version": "2.0.0"}
    send(running, sent, ce_source=await owner_of(lrs), **headers)
    assert b"here is a simple attachment" in (await stored(lrs, own, attachments="true")).content


async def test_what_the_store_cannot_take_is_kept_as_refused(lrs: httpx2.AsyncClient, running: Running) -> None:
    """Faulty statements at once; those that contradict what is there once the log has decided so."""
    owner, own, other = await owner_of(lrs), str(uuid4()), str(uuid4())
    await lrs.post(PATH, json=statement(id=own))
    send(running, json.dumps({**statement(), "actor": {}}).encode(), ce_source=owner, x_experience_api_version="1.0.3")
    contradicting = [statement(id=other), statement(id=own, verb="failed")]
    send(running, json.dumps(contradicting).encode(), ce_source=owner, x_experience_api_version="1.0.3")
    await until(lambda: len(refusals(running, owner)) == 2)
    by_code = {each.fault.code: each for each in refusals(running, owner)}
    assert by_code.keys() == {"identifier", "conflict"}
    assert by_code["conflict"].fault.pointer == "/1/id"
    assert [each["id"] for each in json.loads(by_code["conflict"].payload.value)] == [other, own]
    assert (await lrs.get(PATH, params={"statementId": other})).status_code == 404
