"""`/xAPI/statements`: send, put, get.

200 and not 204 for POST, also when all statements were sent before; 400 and never 422 for bad data, with the index and
pointer of each faulty statement: Moodle's plugin counts only 200 as success and halves a batch only on 400.
Source: xAPI 1.0.3 Communication 2.1; IEEE 9274.1.1 4.1.6.1.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.dialects.xapi.identity import Naming
from services.ingest.gate import Gate
from services.ingest.intake import Intake, Sender
from services.ingest.lrs import parameters
from services.ingest.lrs.answers import Asker, answer_to
from services.ingest.lrs.arriving import Arrival, with_good_ids
from services.ingest.lrs.canonical import accepted_languages
from services.ingest.lrs.completion import authority_of
from services.ingest.lrs.meaning import require_kinds
from services.ingest.lrs.openapi import MORE_GET, STATEMENTS_GET, STATEMENTS_POST, STATEMENTS_PUT
from services.ingest.lrs.permissions import may, require, sees_only_own
from services.ingest.lrs.queries import Many, Single, cursor_in, question
from services.ingest.lrs.requests import VERSION_HEADER, Asked, asked, consistent, no_content
from services.ingest.lrs.store import Store
from services.ingest.lrs.terms import agent_key
from services.ingest.problems import Refused
from services.runtime.errors import Rejected
from services.runtime.rejected import Payload

PATH = "/xAPI/statements"
_encode = msgspec.json.Encoder().encode


def statements_router(routes: StatementsRoutes) -> APIRouter:
    """The routes."""
    router = APIRouter()
    described: dict[str, Any] = {"response_class": Response}
    router.add_api_route(PATH, routes.post, methods=["POST"], openapi_extra=STATEMENTS_POST, **described)
    router.add_api_route(PATH, routes.put, methods=["PUT"], openapi_extra=STATEMENTS_PUT, **described)
    for method in ("GET", "HEAD"):
        described = {"response_class": Response, "methods": [method], "include_in_schema": method == "GET"}
        router.add_api_route(PATH, routes.get, openapi_extra=STATEMENTS_GET, **described)
        router.add_api_route(PATH + "/more/{cursor}", routes.get_more, openapi_extra=MORE_GET, **described)
    return router


class StatementsRoutes:
    """The handlers."""

    def __init__(self, gate: Gate, intake: Intake, store: Store) -> None:
        self._gate = gate
        self._intake = intake
        self._store = store

    async def post(self, request: Request) -> Response:
        """One statement or many."""
        asks = await asked(request, self._gate)
        parameters.allowed(asks.parameters, frozenset())
        arrival = await self._take(request, asks, None)
        ids = [each.name for each in arrival.incoming]
        return consistent(Response(_encode(ids), media_type="application/json"), self._store, asks.tenant)

    async def put(self, request: Request) -> Response:
        """One statement under its id."""
        asks = await asked(request, self._gate)
        given = parameters.allowed(asks.parameters, frozenset(("statementId",)))
        parameters.required(given, "statementId")
        await self._take(request, asks, UUID(parameters.uuid(given, "statementId")))
        return consistent(no_content(), self._store, asks.tenant)

    async def get(self, request: Request) -> Response:
        """One statement, or a page."""
        asks = await asked(request, self._gate)
        require(asks.credential, "statements/read")
        return await self._answer(request, asks, question(asks.parameters))

    async def get_more(self, request: Request, cursor: str) -> Response:
        """The next page."""
        asks = await asked(request, self._gate)
        require(asks.credential, "statements/read")
        parameters.allowed(asks.parameters, frozenset())
        return await self._answer(request, asks, cursor_in(cursor))

    async def _take(self, request: Request, asks: Asked, put_id: UUID | None) -> Arrival:
        content_type = request.headers.get("content-type", "application/json")
        body = await self._gate.body(request)
        sender = Sender(asks.tenant, "xapi", asks.credential.allows, "http", request.headers.get("traceparent"))
        try:
            naming = Naming(asks.tenant, self._store.clock().date())
            reader = self._store.reader(is_version_2=asks.is_version_2)
            arrival = reader.read(body, content_type, self._store.authority(asks.credential), naming, put_id)
            if not may(asks.credential, "statements/write"):
                require_kinds(arrival.incoming, self._intake, sender)
        except Rejected as refusal:
            await self._intake.keep_refused(_payload(request, body, content_type), refusal, sender)
            raise
        if arrival.untimed:
            arrival = await self._renamed(asks.tenant, arrival, naming)
        await self._store.taking.take(
            asks.tenant, arrival, sender.traceparent, is_defining=may(asks.credential, "define")
        )
        self._intake.metrics.statements.inc(len(arrival.incoming))
        return arrival

    async def _renamed(self, tenant: str, arrival: Arrival, naming: Naming) -> Arrival:
        """The same, no statement having the id of one that is voided, or was a moment ago."""
        following, reading = self._store.following, self._store.reading
        lately = {UUID(bytes=each) for each in following.voided(tenant)}
        may_know = following.familiar.may_know
        if not lately and not any(may_know(arrival.incoming[index].statement_id) for index in arrival.untimed):
            return arrival

        def voided(ids: Iterable[UUID]) -> set[UUID]:
            asked = set(ids)
            return reading.voided(tenant, asked) | (asked & lately)

        return await asyncio.to_thread(with_good_ids, arrival, naming, voided)

    async def _answer(self, request: Request, asks: Asked, wanted: Single | Many) -> Response:
        store, languages = self._store, accepted_languages(request.headers.get("accept-language", ""))
        await store.following.settled(asks.tenant)
        asker = Asker(asks.tenant, languages, self._only_of(asks))
        made = await asyncio.to_thread(answer_to, store.reading, asker, wanted)
        if made is None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such statement, or it is voided, or it is not")
        response = Response(made.body, headers=dict(made.headers), media_type=made.content_type)
        return consistent(response, store, asks.tenant, made.newest)

    def _only_of(self, asks: Asked) -> str | None:
        """The authority whose statements the request may see, None when all of the source's."""
        if not sees_only_own(asks.credential):
            return None
        return agent_key(authority_of(self._store.authority(asks.credential), self._store.home_page))


def _payload(request: Request, body: bytes, content_type: str) -> Payload:
    version = request.headers.get(VERSION_HEADER, "")
    headers = (("content-type", content_type.encode()), (VERSION_HEADER.lower(), version.encode()))
    return Payload(body, headers=headers)
