"""Logging in with an employer token, and out.

The token is proven once and leaves no trace in the browser: the cookie that stands for it is signed, HttpOnly and
SameSite=Strict. Logging out forgets the cookie; revoking the token ends every session it began.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.dashboard.errors import NotSignedIn, Refused
from services.dashboard.gate import COOKIE, Admission
from services.dashboard.security import from_our_own_page
from services.dashboard.wiring import Wiring, WiringOf, wiring_of

OPERATORS_HOME = "/data/refusals"
Token = Annotated[str, Form(max_length=300)]
Next = Annotated[str, Form(max_length=2000)]


def router() -> APIRouter:
    """The log-in page and the two forms."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/login", login_page, response_class=HTMLResponse)
    routes.add_api_route("/login", log_in, methods=["POST"], dependencies=[Depends(from_our_own_page)])
    routes.add_api_route("/logout", log_out, methods=["POST"], dependencies=[Depends(from_our_own_page)])
    return routes


def login_page(wiring: WiringOf, next_: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> HTMLResponse:
    """The form."""
    return HTMLResponse(_form(wiring, next_, fault=None))


async def log_in(
    request: Request, token: Token, next_: Annotated[str, Form(alias="next", max_length=2000)] = "/"
) -> Response:
    """A session for a good token, the form again for another. Raises: TooMany; Unavailable."""
    wiring = wiring_of(request)
    wiring.attempts.note(request.client.host if request.client else "")
    try:
        admission = await wiring.gate.admit(token.strip())
    except Refused as refusal:
        return HTMLResponse(_form(wiring, next_, fault=_fault(refusal)), refusal.status)
    response = RedirectResponse(_inside(next_) if admission.tenant else OPERATORS_HOME, 303)
    _remember(response, admission, wiring)
    return response


async def log_out(wiring: WiringOf) -> Response:
    """Forget the session."""
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, secure=wiring.settings.cookie_secure, httponly=True, samesite="strict")
    return response


def _remember(response: Response, admission: Admission, wiring: Wiring) -> None:
    response.set_cookie(
        COOKIE,
        admission.cookie,
        expires=admission.ends_at,
        secure=wiring.settings.cookie_secure,
        httponly=True,
        samesite="strict",
    )


def _form(wiring: Wiring, next_: str, fault: str | None) -> str:
    return wiring.renderer.page("login.html", {"next": _inside(next_), "fault": fault})


def _fault(refusal: Refused) -> str:
    if isinstance(refusal, NotSignedIn):
        return "This token is not known, or it was withdrawn."
    return refusal.first.detail


def _inside(path: str) -> str:
    r"""The path if it stays on this site, else the overview: never //host, /\host or a scheme."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"
