"""`/caliper`: the endpoint of Caliper's Sensor API. An envelope is taken as a whole or not at all.

Source: Caliper 1.2, section 6 (endpoint: 200 with an empty body; 400, 401, 415, 422; GET tells what is supported).
"""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.dialects.caliper import dialect as caliper
from services.ingest.dialects.caliper.envelope import opened
from services.ingest.dialects.caliper.shapes import CONTEXTS
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.documents import decoded
from services.ingest.gate import Gate, media_type
from services.ingest.intake import Intake
from services.ingest.openapi_platforms import CALIPER_GET, CALIPER_POST
from services.ingest.translating import arrival_of, sender_of, take_in

_encode = msgspec.json.Encoder().encode
_KILOBYTE = 1024


class _Enveloped:
    """Caliper as this endpoint hears it: nothing but an envelope."""

    NAME = caliper.NAME

    def speaks(self, arrival: Arrival, /) -> bool:
        return caliper.speaks(arrival)

    def translate(self, arrival: Arrival, meanings: Meanings, /) -> Translated:
        opened(decoded(arrival.payload))
        return caliper.translate(arrival, meanings)


def caliper_router(gate: Gate, intake: Intake) -> APIRouter:
    """The routes, on their gate and intake."""
    router = APIRouter()
    dialect = _Enveloped()

    async def post_caliper(request: Request) -> Response:
        credential = await gate.admit(request)
        media_type(request, ("application/json",))
        body = await gate.body(request)
        arrival = arrival_of(request, body, credential.owner, intake)
        await take_in(arrival, dialect, sender_of(request, credential, dialect.NAME), intake)
        return Response(status_code=200)

    async def get_caliper(request: Request) -> Response:
        await gate.admit(request)
        supported = {
            "caliperMaximumPayloadSize": gate.body_bytes // _KILOBYTE,
            "caliperSupportedVersions": CONTEXTS,
        }
        return Response(_encode(supported), media_type="application/json")

    router.add_api_route("/caliper", post_caliper, methods=["POST"], **_described(CALIPER_POST))
    router.add_api_route("/caliper", get_caliper, methods=["GET"], **_described(CALIPER_GET))
    return router


def _described(operation: dict[str, Any]) -> dict[str, Any]:
    return {"openapi_extra": operation, "response_class": Response, "summary": operation["summary"]}
