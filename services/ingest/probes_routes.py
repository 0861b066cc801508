"""Probes and metrics on the gateway's own port.

/livez never asks Kafka: a broker that is down is no reason to kill the gateway. /readyz does, so that a load balancer
sends no one to a gateway that can only answer 503.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import msgspec
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.ingest.metrics import Metrics

Needs = Mapping[str, Callable[[], Awaitable[bool]]]
"""What the gateway needs, by name, each with a question that says whether it is there."""
_encode = msgspec.json.Encoder().encode


def probes_router(metrics: Metrics, needs: Needs) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> Response:
        return _status([])

    @router.get("/readyz")
    async def readyz() -> Response:
        return _status([name for name, is_there in needs.items() if not await is_there()])

    @router.get("/metrics")
    async def show_metrics() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _status(missing: list[str]) -> Response:
    body = {"status": "unavailable", "missing": missing} if missing else {"status": "ok"}
    status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
    return Response(_encode(body), status.value, media_type="application/json")
