"""`POST /v1/verify`: what can be said of a credential. Open to anybody, limited by address; nothing is stored.

`GET /v1/verify/LINK` says the same of a credential that is kept here and that somebody was given a link to.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import unquote

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.gate import Door, media_type
from services.ingest.openapi_verify import VERIFY_LINK, VERIFY_POST
from services.ingest.problems import Refused
from services.ingest.verify.kept import KeptLinks

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
LONGEST_LINK = 500
NO_LINK = "this link is over, was not given here, or its credential is not kept any more; ask its holder for another"
_encode = msgspec.json.Encoder().encode


def verify_router(door: Door, links: KeptLinks) -> APIRouter:
    """The routes, for what is sent and for what links lead to."""
    router = APIRouter()

    async def post_verify(request: Request) -> Response:
        door.admit(request)
        media_type(request, KINDS)
        verified = await links.verifying.verify(await door.body(request), _subjects(request))
        return Response(_encode(verified.as_json()), media_type="application/json")

    async def get_linked(link: str, request: Request) -> Response:
        door.admit(request)
        found = await links.checked(link) if len(link) <= LONGEST_LINK else None
        if found is None:
            raise Refused(HTTPStatus.NOT_FOUND, NO_LINK)
        return Response(_encode(found.as_json()), media_type="application/json")

    for path, handler, method, told in (
        ("/v1/verify", post_verify, "POST", VERIFY_POST),
        ("/v1/verify/{link}", get_linked, "GET", VERIFY_LINK),
    ):
        described = {"openapi_extra": told, "response_class": Response, "summary": told["summary"]}
        router.add_api_route(path, handler, methods=[method], **described)
    return router


def _subjects(request: Request) -> frozenset[str]:
    return frozenset(unquote(one).strip() for one in request.headers.getlist(SUBJECT)[:MOST_SUBJECTS]) - {""}
