"""`POST /v1/records`: native records, one, an array, or one a line; all of them or none."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.gate import Gate, media_type
from services.ingest.intake import Intake, Sender
from services.ingest.native import LINES, records_in
from services.ingest.openapi import RECORDS_POST
from services.runtime.errors import Rejected
from services.runtime.keys import Credential
from services.runtime.rejected import Payload

_encode = msgspec.json.Encoder().encode


def records_router(gate: Gate, intake: Intake) -> APIRouter:
    """The route, on its gate and intake."""
    router = APIRouter()

    async def post_records(request: Request) -> Response:
        credential = await gate.admit(request)
        kind = media_type(request, ("application/json", *sorted(LINES)))
        body = await gate.body(request)
        sender = _sender(request, credential)
        try:
            settled = intake.settled(enumerate(records_in(body, is_lines=kind in LINES)), sender)
        except Rejected as refusal:
            await intake.keep_refused(_payload(body, kind), refusal, sender)
            raise
        await intake.publish(settled, sender)
        ids = [str(record.record_id) for record in settled.records]
        return Response(_encode({"record_ids": ids}), media_type="application/json")

    router.add_api_route("/v1/records", post_records, methods=["POST"], **_described(RECORDS_POST))
    return router


def _described(operation: dict[str, Any]) -> dict[str, Any]:
    return {"openapi_extra": operation, "response_class": Response, "summary": operation["summary"]}


def _sender(request: Request, credential: Credential) -> Sender:
    traceparent = request.headers.get("traceparent")
    return Sender(credential.owner, "native", credential.allows, "http", traceparent)


def _payload(body: bytes, kind: str) -> Payload:
    return Payload(body, headers=(("content-type", kind.encode()),))
