"""`/verify`: a credential pasted, uploaded or dropped, checked step by step in plain words; and links that check again.

Open to anybody, because whoever is shown a credential should be able to check it; so it is limited by address, and in
no employer's frame. Nothing that is sent is kept.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from services.dashboard import packing
from services.dashboard.errors import Refused
from services.dashboard.security import from_our_own_page
from services.dashboard.verification import Verification
from services.dashboard.wiring import Wiring, WiringOf
from services.runtime.errors import Unavailable

LARGEST_BYTES = 4 << 20
"""Largest upload: a picture with a credential in it."""
LONGEST_SUBJECT = 320
_IMAGES = {b"\x89PNG": "image/png", b"<svg": "image/svg+xml", b"<?xm": "image/svg+xml"}


def router() -> APIRouter:
    """The page, and the form."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/verify", verify_page, response_class=HTMLResponse)
    routes.add_api_route(
        "/verify", verify, methods=["POST"], dependencies=[Depends(from_our_own_page)], max_body_size=LARGEST_BYTES
    )
    return routes


async def verify_page(
    request: Request, wiring: WiringOf, credential: Annotated[str, Query(max_length=packing.LONGEST)] = ""
) -> HTMLResponse:
    """The empty form; with a credential in the link, that one checked now."""
    if not credential:
        return await page(request, wiring)
    return await _checked(request, wiring, packing.unpacked(credential, LARGEST_BYTES), "text/plain")


async def verify(
    request: Request,
    wiring: WiringOf,
    text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
    subject: Annotated[str, Form(max_length=LONGEST_SUBJECT)] = "",
) -> HTMLResponse:
    """What was pasted or uploaded, checked."""
    content = await file.read() if file is not None else text.strip().encode()
    if not content:
        return await page(request, wiring, fault="Paste a credential, or choose a file.", status=400)
    return await _checked(request, wiring, content, media_type_of(content), _id_of(subject))


def media_type_of(content: bytes) -> str:
    """What a document is, by how it begins; whatever the sender says of it is not believed."""
    return next((kind for start, kind in _IMAGES.items() if content.lstrip()[:4] == start), "text/plain")


def _id_of(subject: str) -> str:
    """Whom somebody named, as ids are written: an e-mail address by mailto:."""
    named = subject.strip()
    return f"mailto:{named}" if "@" in named and ":" not in named else named


async def _checked(
    request: Request, wiring: Wiring, content: bytes, media_type: str, subject: str = ""
) -> HTMLResponse:
    """Raises: TooMany."""
    note(request, wiring)
    try:
        found = await run_in_threadpool(wiring.verifier.verify, content, media_type, subject)
    except Refused as refusal:
        return await page(request, wiring, fault=refusal.first.detail, status=refusal.status)
    except Unavailable as error:
        return await page(request, wiring, fault=f"{error.what} does not answer just now. Try again soon.", status=503)
    document = found.document.encode() or (content if media_type == "text/plain" else b"")
    return await page(request, wiring, found=found, link=packing.packed(document) if document else None)


def note(request: Request, wiring: Wiring) -> None:
    """Count a check against the address that asks for it. Raises: TooMany."""
    wiring.verifications.note(request.client.host if request.client else "")


async def page(
    request: Request,
    wiring: Wiring,
    *,
    found: Verification | None = None,
    link: str | None = None,
    fault: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The page with what was found, or what went wrong, or nothing yet; `link` is a credential packed for a link."""
    context: dict[str, Any] = {
        "found": found,
        "link": None if link is None else f"{request.base_url}verify?credential={link}",
        "here": str(request.url),
        "fault": fault,
        "is_there": wiring.verifier.is_there,
    }
    return HTMLResponse(await run_in_threadpool(wiring.renderer.page, "verify.html", context), status)
