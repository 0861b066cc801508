"""Agents, Activities and About.

Source: xAPI 1.0.3 Communication 2.4, 2.5, 2.8.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.gate import Gate
from services.ingest.lrs import parameters
from services.ingest.lrs.openapi import ABOUT_GET, ACTIVITIES_GET, AGENTS_GET
from services.ingest.lrs.permissions import require
from services.ingest.lrs.requests import VERSION_HEADER, VERSIONS, asked
from services.ingest.lrs.store import Store

_ATTRIBUTES = ("name", "mbox", "mbox_sha1sum", "openid", "account")
_encode = msgspec.json.Encoder().encode


def things_router(gate: Gate, store: Store) -> APIRouter:
    """The routes."""
    router = APIRouter()

    async def get_agents(request: Request) -> Response:
        asks = await asked(request, gate)
        require(asks.credential, "statements/read")
        given = parameters.allowed(asks.parameters, frozenset(("agent",)))
        parameters.required(given, "agent")
        return _json(person(parameters.agent(given) or {}))

    async def get_activities(request: Request) -> Response:
        asks = await asked(request, gate)
        require(asks.credential, "statements/read")
        given = parameters.allowed(asks.parameters, frozenset(("activityId",)))
        activity_id = parameters.required(given, "activityId")
        parameters.iri(given, "activityId")
        await store.following.settled(asks.tenant)
        known = await asyncio.to_thread(store.reading.definitions, asks.tenant, [activity_id])
        definition = {"definition": known[activity_id]} if activity_id in known else {}
        return _json({"objectType": "Activity", "id": activity_id, **definition})

    async def about(request: Request) -> Response:
        """Which versions there are; to a client of 1.0.x, which knows of no others, that one (XAPI-00316)."""
        speaks_1 = request.headers.get(VERSION_HEADER, "").startswith("1.")
        return _json({"version": list(VERSIONS[:1] if speaks_1 else VERSIONS)})

    routes = (
        ("/xAPI/agents", get_agents, AGENTS_GET),
        ("/xAPI/activities", get_activities, ACTIVITIES_GET),
        ("/xAPI/about", about, ABOUT_GET),
    )
    for path, handler, described in routes:
        for method in ("GET", "HEAD"):
            router.add_api_route(
                path,
                handler,
                methods=[method],
                openapi_extra=described,
                include_in_schema=method == "GET",
                response_class=Response,
            )
    return router


def person(agent: dict[str, Any]) -> dict[str, Any]:
    """The person that an agent is: each of its attributes as a list.

    Source: xAPI 1.0.3 Communication 2.4.s2.
    """
    return {"objectType": "Person", **{name: [agent[name]] for name in _ATTRIBUTES if name in agent}}


def _json(value: Any) -> Response:
    return Response(_encode(value), media_type="application/json")
