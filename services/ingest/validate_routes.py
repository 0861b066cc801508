"""`POST /v1/validate`: what a payload would become, of whatever dialect. Nothing is stored, published or kept.

So that whoever connects a platform sees at once what arrives and what is wrong with it, with a key that is good for
the real thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from schemas.records import Record
from services.ingest.dialects.registry import BY_NAME
from services.ingest.gate import Gate
from services.ingest.intake import Intake
from services.ingest.openapi_platforms import VALIDATE_POST
from services.ingest.problems import MAX_ERRORS, Refused
from services.ingest.translating import arrival_of, sender_of
from services.ingest.trial import Settling, Trial, tried
from services.runtime.errors import Fault
from services.runtime.keys import Credential

_encode = msgspec.json.Encoder().encode


def validate_router(gate: Gate, intake: Intake) -> APIRouter:
    """The route, on its gate and intake."""
    router = APIRouter()

    async def post_validate(request: Request) -> Response:
        credential = await gate.admit(request)
        named = request.query_params.get("dialect")
        if named is not None and named not in BY_NAME:
            detail = f"no dialect is called {named[:50]}; there are {', '.join(BY_NAME)}"
            raise Refused(HTTPStatus.BAD_REQUEST, detail)
        arrival = arrival_of(request, await gate.body(request), credential.owner, intake)
        trial = tried(arrival, intake.meanings(), BY_NAME.get(named or ""), _settling(request, credential, intake))
        return Response(_encode(_answer(trial)), media_type="application/json")

    described = {"openapi_extra": VALIDATE_POST, "response_class": Response, "summary": VALIDATE_POST["summary"]}
    router.add_api_route("/v1/validate", post_validate, methods=["POST"], **described)
    return router


def _settling(request: Request, credential: Credential, intake: Intake) -> Settling:
    def settling(dialect: str, records: Sequence[tuple[int, Record]]) -> Sequence[Record]:
        return intake.settled(records, sender_of(request, credential, dialect)).records

    return settling


def _answer(trial: Trial) -> dict[str, Any]:
    records = [record.model_dump(mode="json", by_alias=True, exclude_none=True) for record in trial.records]
    errors = [_error(fault) for fault in trial.faults[:MAX_ERRORS]]
    return {
        "valid": not trial.faults,
        "dialect": trial.dialect,
        "records": records,
        "error_count": len(trial.faults),
        "errors": errors,
        "unattributed": [_error(fault) for fault in trial.unattributed[:MAX_ERRORS]],
    }


def _error(fault: Fault) -> dict[str, Any]:
    at = {} if fault.index is None else {"index": fault.index}
    return {**at, "pointer": fault.pointer, "code": fault.code, "detail": fault.detail}
