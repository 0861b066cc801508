"""`POST /credentials`: Open Badges and CLR credentials, as JSON, as compact JWS, several in an array, or in an image.

All of them or none. Form is all that is checked here; the bytes go on for verification.
"""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.dialects import open_badges
from services.ingest.dialects.credentials.documents import JWS_TYPES
from services.ingest.gate import Gate, media_type
from services.ingest.intake import Intake, Settled
from services.ingest.openapi_credentials import CREDENTIALS_POST
from services.ingest.translating import arrival_of, sender_of, take_in

MEDIA_TYPES = (
    "application/json",
    "application/ld+json",
    "application/vc",
    "application/vc+ld+json",
    *sorted(JWS_TYPES),
    "text/plain",
    "image/png",
    "image/svg+xml",
)
"""What a credential may be sent as; all of it is told apart by its form, so the type only has to be one of these."""
_encode = msgspec.json.Encoder().encode


def credentials_router(gate: Gate, intake: Intake) -> APIRouter:
    """The route, on its gate and intake."""
    router = APIRouter()

    async def post_credentials(request: Request) -> Response:
        credential = await gate.admit(request)
        media_type(request, MEDIA_TYPES)
        body = await gate.body(request)
        arrival = arrival_of(request, body, credential.owner, intake)
        settled = await take_in(arrival, open_badges, sender_of(request, credential, open_badges.NAME), intake)
        return Response(_encode(_answer(settled)), media_type="application/json")

    router.add_api_route(
        "/credentials",
        post_credentials,
        methods=["POST"],
        response_class=Response,
        summary=CREDENTIALS_POST["summary"],
        openapi_extra=CREDENTIALS_POST,
    )
    return router


def _answer(settled: Settled) -> dict[str, Any]:
    return {
        "record_ids": [str(record.record_id) for record in settled.records],
        "evidence": [original.digest for original in settled.originals],
    }
