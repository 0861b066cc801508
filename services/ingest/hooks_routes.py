"""`POST /hooks/NAME`: what a declared sender posts, once it is known to be the sender's.

A body that is not its sender's is answered 401 and kept nowhere: it is nobody's. One that is, and is faulty, is kept
among the refused like any other. A claim-check sender that hears an error asks again for weeks, so it hears one only
when asking again can help.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from services.ingest.dialects.detect import dialect_of
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.dialects.registry import BY_NAME
from services.ingest.dialects.webhook import translated_within, within
from services.ingest.gate import Gate
from services.ingest.hooks.declared import ClaimHook, Hook
from services.ingest.hooks.opening import Opening
from services.ingest.hooks.standard import NotSigned
from services.ingest.intake import Intake, Sender
from services.ingest.openapi_platforms import HOOK_POST
from services.ingest.problems import Refused
from services.ingest.translating import arrival_of, take_in
from services.runtime.errors import Rejected


class _Spoken:
    """A dialect as a hook speaks it: the one that is declared, be it around or within `data`, or whatever it finds."""

    def __init__(self, hook: Hook) -> None:
        self.NAME = hook.dialect or "webhook"
        self._declared = None if hook.dialect is None else BY_NAME[hook.dialect]

    def speaks(self, _arrival: Arrival, /) -> bool:
        """A hook hears nothing else."""
        return True

    def translate(self, arrival: Arrival, meanings: Meanings, /) -> Translated:
        """What the payload means."""
        if self._declared is None:
            return dialect_of(arrival).translate(arrival, meanings)
        inner = None if self._declared.speaks(arrival) else within(arrival)
        if inner is not None:
            return translated_within(self._declared, inner, meanings)
        return self._declared.translate(arrival, meanings)


def hooks_router(gate: Gate, intake: Intake, opening: Opening) -> APIRouter:
    """The route, on its gate, its intake and the hooks that are declared."""
    router = APIRouter()

    async def post_hook(name: str, request: Request) -> Response:
        hook = opening.hook(name)
        if hook is None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such hook; it must be declared in STEPWELL_HOOKS")
        gate.throttle(f"hook {name}")
        body = await gate.body(request)
        headers = {key.lower(): value for key, value in request.headers.items()}
        try:
            payload = await opening.open(hook, headers, body, intake.clock())
        except NotSigned as error:
            raise Refused(HTTPStatus.UNAUTHORIZED, str(error)) from error
        arrival = arrival_of(request, payload, hook.source, intake)
        try:
            await take_in(arrival, _Spoken(hook), _sender(request, hook), intake)
        except Rejected:
            if not isinstance(hook, ClaimHook):
                raise
        return Response(status_code=HTTPStatus.OK)

    described = {"openapi_extra": HOOK_POST, "response_class": Response, "summary": HOOK_POST["summary"]}
    router.add_api_route("/hooks/{name}", post_hook, methods=["POST"], **described)
    return router


def _sender(request: Request, hook: Hook) -> Sender:
    allowed = frozenset(hook.kinds)
    return Sender(
        hook.source, hook.dialect or "webhook", allowed.__contains__, "http", request.headers.get("traceparent")
    )
