"""Errors as answers: a page for people, problem details (RFC 9457) for programs, the log-in page for who is not in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from services.dashboard.errors import NotSignedIn, Refused
from services.dashboard.wiring import wiring_of
from services.runtime.errors import Unavailable

log = structlog.get_logger(__name__)

_FOR_PROGRAMS = ("/api/", "/live/", "/static/", "/livez", "/readyz", "/metrics")
_DETAILS = {404: "There is nothing at this address.", 405: "This address does not take such a request."}


def handle_errors(app: FastAPI) -> None:
    """Answer every error that handlers let through."""
    app.exception_handler(NotSignedIn)(_not_signed_in)
    app.exception_handler(Refused)(_refused)
    app.exception_handler(Unavailable)(_unavailable)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(Exception)(_bug)


def problem(
    request: Request, status: int, title: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """The answer for one error, in the form that the caller reads."""
    if request.url.path.startswith(_FOR_PROGRAMS):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
        return JSONResponse(body, status, headers, media_type="application/problem+json")
    page = wiring_of(request).renderer.page("problem.html", {"status": status, "title": title, "detail": detail})
    return HTMLResponse(page, status, headers)


def _not_signed_in(request: Request, error: NotSignedIn) -> Response:
    if request.url.path.startswith(_FOR_PROGRAMS):
        return problem(request, NotSignedIn.status, NotSignedIn.title, str(error), {"www-authenticate": "Bearer"})
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login" + (f"?{urlencode({'next': asked})}" if asked != "/" else ""), 303)


def _refused(request: Request, error: Refused) -> Response:
    return problem(request, error.status, error.title, error.first.detail, code=error.first.code)


def _unavailable(request: Request, error: Unavailable) -> Response:
    log.warning("unavailable", what=error.what)
    headers = {"retry-after": str(max(1, round(error.retry_after_seconds)))}
    return problem(
        request,
        503,
        "Not available just now",
        f"{error.what} does not answer. Nothing is lost; try again soon.",
        headers,
    )


def _invalid(request: Request, error: RequestValidationError) -> Response:
    faults = [
        {"pointer": "/" + "/".join(str(part) for part in fault["loc"][1:]), "detail": fault["msg"]}
        for fault in error.errors()
    ]
    detail = "; ".join(f"{fault['pointer'].removeprefix('/')}: {fault['detail']}" for fault in faults)
    return problem(request, 400, "Bad request", detail, errors=faults)


def _http(request: Request, error: HTTPException) -> Response:
    return problem(
        request, error.status_code, str(error.detail), _DETAILS.get(error.status_code, str(error.detail)), error.headers
    )


def _bug(request: Request, error: Exception) -> Response:
    log.error("request_failed", error=type(error).__name__, exc_info=error)
    return problem(request, 500, "Our fault", "Something is wrong here. It was noted.")
