"""`GET /v1/sources/me/records`: what a source sent, what it became, what was refused and why. Its own only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast, get_args
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.arrivals import START, Arrivals, Asked, Outcome, Place, place_of, storable
from services.ingest.gate import Gate
from services.ingest.openapi_sources import ARRIVALS_GET
from services.runtime.errors import Fault, Rejected

OUTCOMES: tuple[str, ...] = get_args(Outcome)
_FIRST = UUID(int=0)
MAX_ITEMS = 1000
ITEMS = 100
_FILTERS = ("cursor", "since", "until", "limit", "outcome", "kind", "dialect", "reason")
_encode = msgspec.json.Encoder().encode


def sources_router(gate: Gate, arrivals: Arrivals) -> APIRouter:
    """The route, on its gate and tables."""
    router = APIRouter()

    async def get_arrivals(request: Request) -> Response:
        credential = await gate.admit(request)
        page = await asyncio.to_thread(arrivals.page, asked_of(request.query_params, credential.owner))
        return Response(_encode({"items": page.items, "next": page.next}), media_type="application/json")

    router.add_api_route(
        "/v1/sources/me/records",
        get_arrivals,
        methods=["GET"],
        response_class=Response,
        summary=ARRIVALS_GET["summary"],
        openapi_extra=ARRIVALS_GET,
    )
    return router


def asked_of(parameters: Mapping[str, str], source: str) -> Asked:
    """What query parameters ask for.

    Raises: Rejected with a fault for each that cannot be read.
    """
    faults = [
        Fault("parameter", f"/{name}", f"parameter {name} is unknown here")
        for name in parameters
        if name not in _FILTERS
    ]
    asked: dict[str, Any] = {name: parameters.get(name, "") for name in ("kind", "dialect", "reason")}
    limit = parameters.get("limit", str(ITEMS))
    if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= MAX_ITEMS:
        faults.append(Fault("parameter", "/limit", f"parameter limit must be a number from 1 to {MAX_ITEMS}"))
    outcome = parameters.get("outcome")
    if outcome is not None and outcome not in OUTCOMES:
        faults.append(Fault("parameter", "/outcome", f"parameter outcome must be one of {', '.join(OUTCOMES)}"))
    moments = {name: _moment(name, parameters.get(name), faults) for name in ("since", "until")}
    if faults:
        raise Rejected(faults)
    if "cursor" in parameters:
        asked["before"] = place_of(parameters["cursor"])
    elif moments["until"] is not None:
        asked["before"] = Place(moments["until"], _FIRST)
    return Asked(source, int(limit), since=moments["since"] or START, outcome=cast("Outcome | None", outcome), **asked)


def _moment(name: str, text: str | None, faults: list[Fault]) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return storable(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    except (ValueError, OverflowError):
        faults.append(Fault("parameter", f"/{name}", f"parameter {name} must be a moment such as 2026-11-24T05:30:00Z"))
        return None
