"""`POST /v1/verify`: what can be said of a credential. Open to anybody, limited by address; nothing is stored."""

from __future__ import annotations

from urllib.parse import unquote

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.gate import Door, media_type
from services.ingest.openapi_verify import VERIFY_POST
from services.ingest.verify.service import Verifying

KINDS = (
    "application/json",
    "application/ld+json",
    "application/vc",
    "application/vc+ld+json",
    "application/jwt",
    "application/vc+jwt",
    "text/plain",
    "image/png",
    "image/svg+xml",
)
SUBJECT = "stepwell-subject"
"""The header that names whom the credential should be about: a header, since addresses end up in logs."""
MOST_SUBJECTS = 10
_encode = msgspec.json.Encoder().encode


def verify_router(door: Door, verifying: Verifying) -> APIRouter:
    """The route."""
    router = APIRouter()

    async def post_verify(request: Request) -> Response:
        door.admit(request)
        media_type(request, KINDS)
        verified = await verifying.verify(await door.body(request), _subjects(request))
        return Response(_encode(verified.as_json()), media_type="application/json")

    described = {"openapi_extra": VERIFY_POST, "response_class": Response, "summary": VERIFY_POST["summary"]}
    router.add_api_route("/v1/verify", post_verify, methods=["POST"], **described)
    return router


def _subjects(request: Request) -> frozenset[str]:
    return frozenset(unquote(one).strip() for one in request.headers.getlist(SUBJECT)[:MOST_SUBJECTS]) - {""}
