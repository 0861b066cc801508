"""Every route of an application, with the parameters that it takes: for tests that must leave none out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

NO_PARAMETERS: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path; `asked` are the names in its query string."""

    method: str
    path: str
    asked: frozenset[str]


def endpoints(app: FastAPI) -> list[Endpoint]:
    """All of them, whether the API's description tells of them or not, in a settled order."""
    return sorted(
        (
            Endpoint(method, route.path, frozenset(_asked(route.dependant)))
            for route in _routes(app.routes)
            for method in route.methods or ()
        ),
        key=lambda one: (one.path, one.method),
    )


def _routes(routes: Sequence[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _routes(route.original_router.routes)


def _asked(dependant: Any) -> Iterator[str]:
    """Names of query parameters: of the handler, of the models it takes, of what it depends on."""
    for parameter in dependant.query_params:
        members = getattr(parameter.field_info.annotation, "model_fields", None)
        yield from ((member.alias or name for name, member in members.items()) if members else (parameter.alias,))
    for inner in dependant.dependencies:
        yield from _asked(inner)
