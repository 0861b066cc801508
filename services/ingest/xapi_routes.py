"""`/xAPI/statements` and `/xAPI/about`, as LMS plugins call them.

200 and not 204 for POST, also when all statements were sent before; 400 and never 422 for bad data, with the index and
pointer of each faulty statement: Moodle's plugin counts only 200 as success and halves a batch only on 400.
Source: xAPI 1.0.3 Communication 2.1 and 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ingest.dialects.xapi.batch import statements_in, translate
from services.ingest.gate import Gate, media_type
from services.ingest.intake import Intake, Sender
from services.ingest.openapi import ABOUT_GET, STATEMENTS_POST, STATEMENTS_PUT
from services.runtime.errors import Rejected
from services.runtime.rejected import Payload

VERSION_HEADER = "X-Experience-API-Version"
VERSIONS = ("1.0.3", "2.0.0")
_encode = msgspec.json.Encoder().encode


def xapi_router(gate: Gate, intake: Intake) -> APIRouter:
    """The routes, on their gate and intake."""
    router = APIRouter(prefix="/xAPI")

    async def take(request: Request, put_id: UUID | None = None) -> list[UUID]:
        credential = await gate.admit(request)
        version = requested_version(request)
        media_type(request, ("application/json",))
        body = await gate.body(request)
        sender = Sender(credential.owner, "xapi", credential.allows, "http", request.headers.get("traceparent"))
        try:
            statements = statements_in(body, is_version_2=version.startswith("2."))
            if put_id is not None:
                statements = [_with_id(statements, put_id)]
            translation = translate(statements, source=sender.source, received_at=intake.clock())
            settled = intake.settled(translation.records, sender)
        except Rejected as refusal:
            await intake.keep_refused(_payload(body, version), refusal, sender)
            raise
        await intake.publish(settled, sender)
        intake.metrics.statements.inc(len(translation.ids))
        return translation.ids

    async def post_statements(request: Request) -> Response:
        _allow_parameters(request, ())
        ids = await take(request)
        return Response(_encode([str(each) for each in ids]), media_type="application/json")

    async def put_statement(request: Request) -> Response:
        _allow_parameters(request, ("statementId",))
        await take(request, _statement_id(request))
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def about() -> Response:
        return Response(_encode({"version": list(VERSIONS)}), media_type="application/json")

    described: dict[str, Any] = {"response_class": Response}
    router.add_api_route("/statements", post_statements, methods=["POST"], openapi_extra=STATEMENTS_POST, **described)
    router.add_api_route("/statements", put_statement, methods=["PUT"], openapi_extra=STATEMENTS_PUT, **described)
    router.add_api_route("/about", about, methods=["GET"], openapi_extra=ABOUT_GET, **described)
    return router


def requested_version(request: Request) -> str:
    """The version that the request's header asks for.

    Raises: Rejected when the header is missing or asks for one that is not spoken here.
    Source: xAPI 1.0.3 Communication 3.3.
    """
    version = request.headers.get(VERSION_HEADER, "")
    if not f"{version}.".startswith(("1.0.", "2.0.")):
        raise Rejected.because("version", f"send the header {VERSION_HEADER}: 1.0.3 (or another 1.0.x, or 2.0.x)")
    return version


def _allow_parameters(request: Request, names: Iterable[str]) -> None:
    allowed = set(names)
    for name in request.query_params:
        if name not in allowed:
            raise Rejected.because("unknown_parameter", f"{name} is no parameter of this request; remove it")


def _statement_id(request: Request) -> UUID:
    try:
        return UUID(request.query_params["statementId"])
    except (KeyError, ValueError) as error:
        raise Rejected.because("statement_id", "give the statement's UUID as parameter statementId") from error


def _with_id(statements: list[dict[str, Any]], put_id: UUID) -> dict[str, Any]:
    if len(statements) != 1:
        raise Rejected.because("wrong_type", "PUT takes exactly one statement")
    stated = statements[0].get("id")
    if stated is not None and UUID(stated) != put_id:
        raise Rejected.because("statement_id", "id must be the parameter statementId, or left out", "/id", 0)
    return {**statements[0], "id": str(put_id)}


def _payload(body: bytes, version: str) -> Payload:
    headers = (("content-type", b"application/json"), (VERSION_HEADER.lower(), version.encode()))
    return Payload(body, headers=headers)


class XapiHeaders:
    """Adds the headers that every xAPI response carries, errors too: the version, and through when all is stored.

    An ASGI wrapper and not a dependency, because answers to unknown paths and methods must carry them as well.
    Source: xAPI 1.0.3 Communication 2.1.3.s3, 3.3.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http" or not scope["path"].startswith("/xAPI"):
            await self._app(scope, receive, send)
            return
        extra = _response_headers(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _response_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    asked = next((value for name, value in scope["headers"] if name == VERSION_HEADER.lower().encode()), b"")
    version = VERSIONS[1] if asked.startswith(b"2.") else VERSIONS[0]
    headers = [(VERSION_HEADER.lower().encode(), version.encode())]
    if scope["path"].startswith("/xAPI/statements"):
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        headers.append((b"x-experience-api-consistent-through", now.encode()))
    return headers
