"""What operators ask: is it alive, is it ready, how is it doing. No credential, and nothing about any employer."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from services.dashboard.wiring import WiringOf
from services.runtime.health import answer


def router() -> APIRouter:
    """/livez, /readyz and /metrics."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/livez", alive)
    routes.add_api_route("/readyz", ready)
    routes.add_api_route("/metrics", metrics)
    return routes


async def alive() -> Response:
    """200 while the process answers; it asks nobody else."""
    return _probe()


def ready(wiring: WiringOf) -> Response:
    """200 when ClickHouse answers and has the views, else 503 with what is missing."""
    return _probe() if wiring.is_ready() else _probe("ClickHouse with the published views")


def metrics(wiring: WiringOf) -> Response:
    """Prometheus' text format."""
    return Response(wiring.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _probe(*missing: str) -> Response:
    status, body = answer(missing)
    return Response(body, status, media_type="application/json")
