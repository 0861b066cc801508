"""The document resources: State, Agent Profile, Activity Profile.

Source: xAPI 1.0.3 Communication 2.2, 2.3, 2.6, 2.7, 3.1; IEEE 9274.1.1 4.1.6.2, 4.1.6.5, 4.1.6.6.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Request, Response

from services.ingest.gate import Gate
from services.ingest.lrs import parameters
from services.ingest.lrs.documents import Edit, Method, Precondition, Unmet
from services.ingest.lrs.frames import DocumentKey
from services.ingest.lrs.openapi import document_operation
from services.ingest.lrs.permissions import require
from services.ingest.lrs.queries import EARLIEST
from services.ingest.lrs.requests import Asked, asked, http_date, no_content
from services.ingest.lrs.store import Store
from services.ingest.lrs.terms import agent_key
from services.ingest.problems import Refused
from services.runtime.errors import Rejected

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Resource:
    """One of the three: its path, the parameter that names a document, and what else places one."""

    name: Literal["state", "agent_profile", "activity_profile"]
    path: str
    id_name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def scope(self) -> Literal["state", "profile"]:
        """The scope that a key needs."""
        return "state" if self.name == "state" else "profile"


RESOURCES = (
    Resource("state", "/xAPI/activities/state", "stateId", ("activityId", "agent"), ("registration",)),
    Resource("activity_profile", "/xAPI/activities/profile", "profileId", ("activityId",)),
    Resource("agent_profile", "/xAPI/agents/profile", "profileId", ("agent",)),
)


def documents_router(gate: Gate, store: Store) -> APIRouter:
    """The routes."""
    router = APIRouter()
    for resource in RESOURCES:
        _Routes(resource, gate, store).add_to(router)
    return router


class _Routes:
    def __init__(self, resource: Resource, gate: Gate, store: Store) -> None:
        self._resource = resource
        self._gate = gate
        self._store = store

    def add_to(self, router: APIRouter) -> None:
        handlers = {"GET": self.get, "HEAD": self.get, "PUT": self.put, "POST": self.put, "DELETE": self.delete}
        for method, handler in handlers.items():
            resource = self._resource
            placed_by = (*resource.required, *resource.optional)
            extra = document_operation(resource.name, method, resource.id_name, placed_by, resource.required)
            router.add_api_route(
                resource.path,
                handler,
                methods=[method],
                openapi_extra=extra,
                include_in_schema=method != "HEAD",
                response_class=Response,
            )

    async def get(self, request: Request) -> Response:
        """One document, or the ids of those that there are."""
        asks = await self._asked(request, "read")
        given = self._given(asks, is_many_allowed=True)
        await self._store.following.settled(asks.tenant)
        if self._resource.id_name not in given:
            return await self._list(asks, given)
        found = await asyncio.to_thread(self._store.reading.document, asks.tenant, self._key(given))
        if found is None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such document")
        headers = {"ETag": f'"{found.etag}"', "Last-Modified": http_date(found.updated)}
        return Response(found.content, headers={**headers, "Content-Type": found.content_type})

    async def put(self, request: Request) -> Response:
        """PUT and POST."""
        asks = await self._asked(request, "write")
        given = self._given(asks)
        content = await self._gate.body(request)
        method: Method = "PUT" if request.method == "PUT" else "POST"
        edit = Edit(
            method,
            content,
            _content_type(request),
            request.headers.get("if-match"),
            request.headers.get("if-none-match"),
            must_say=_must_say(asks, self._resource),
        )
        return await self._change(asks, self._key(given), edit)

    async def delete(self, request: Request) -> Response:
        """One document; of states all that there are, when none is named."""
        asks = await self._asked(request, "write")
        given = self._given(asks, is_many_allowed=self._resource.name == "state", has_since=False)
        edit = Edit("DELETE", if_match=request.headers.get("if-match"))
        if self._resource.id_name in given:
            return await self._change(asks, self._key(given), edit)
        await self._store.following.settled(asks.tenant)
        for key in await self._keys(asks, given):
            await self._change(asks, key, edit)
        return no_content()

    async def _asked(self, request: Request, action: Literal["read", "write"]) -> Asked:
        asks = await asked(request, self._gate)
        if self._resource.scope == "state":
            require(asks.credential, "state/read" if action == "read" else "state/write")
        else:
            require(asks.credential, "profile/read" if action == "read" else "profile/write")
        return asks

    def _given(self, asks: Asked, *, is_many_allowed: bool = False, has_since: bool = True) -> Mapping[str, str]:
        resource = self._resource
        names = {resource.id_name, *resource.required, *resource.optional}
        if is_many_allowed and has_since:
            names.add("since")
        given = parameters.allowed(asks.parameters, frozenset(names))
        for name in resource.required:
            parameters.required(given, name)
        if not is_many_allowed:
            parameters.required(given, resource.id_name)
        return given

    def _key(self, given: Mapping[str, str]) -> DocumentKey:
        agent = parameters.agent(given)
        identified = "" if agent is None else agent_key(agent)
        if agent is not None and not identified:
            raise Rejected.because("parameter", "parameter agent must have mbox, mbox_sha1sum, openid or account")
        return DocumentKey(
            self._resource.name,
            parameters.iri(given, "activityId") or "",
            identified,
            parameters.uuid(given, "registration") or "",
            given.get(self._resource.id_name, ""),
        )

    async def _keys(self, asks: Asked, given: Mapping[str, str]) -> list[DocumentKey]:
        key = self._key(given)
        listed = await self._listed(asks, given, key)
        return [
            msgspec.structs.replace(key, document_id=each.document_id, registration=each.registration)
            for each in listed
        ]

    async def _listed(self, asks: Asked, given: Mapping[str, str], key: DocumentKey) -> list[Any]:
        since = parameters.instant(given, "since")
        return await asyncio.to_thread(
            self._store.reading.documents,
            asks.tenant,
            key,
            any_registration="registration" not in given,
            since=EARLIEST if since is None else max(since, EARLIEST),
        )

    async def _list(self, asks: Asked, given: Mapping[str, str]) -> Response:
        listed = await self._listed(asks, given, self._key(given))
        ids = sorted({each.document_id for each in listed})
        response = Response(_encode(ids), media_type="application/json")
        if listed:
            response.headers["Last-Modified"] = http_date(max(each.updated for each in listed))
        return response

    async def _change(self, asks: Asked, key: DocumentKey, edit: Edit) -> Response:
        try:
            await self._store.changing.change(asks.tenant, key, edit)
        except Unmet as unmet:
            # a sentence and no problem document: clients show these two to people as they are (XAPI-00322)
            return Response(unmet.detail, unmet.status, media_type="text/plain")
        return no_content()


def _must_say(asks: Asked, resource: Resource) -> Precondition:
    if asks.is_version_2:
        return "to replace"
    return "never" if resource.name == "state" else "always"


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "application/octet-stream")
