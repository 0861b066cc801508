"""Registry documents read: Stepwell's own form, or a DCC-style static list; whatever else it is, it is refused."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from schemas.registry import Registries, Registry
from services.core.registries.faults import RegistryFault
from services.core.registries.static import looks_static, static_issuers


def registries_from(content: str | bytes, name: str, digest: str | None = None) -> Registries:
    """What a file or an answer holds; a static list becomes one registry called `name`.

    Raises: RegistryFault.
    """
    try:
        document: Any = from_json(content, allow_inf_nan=False)
    except ValueError as error:
        raise RegistryFault(f"not JSON: {error}") from error
    if looks_static(document):
        meta = document.get("meta") if isinstance(document.get("meta"), dict) else {}
        title = meta.get("name") if isinstance(meta.get("name"), str) else None
        registry = Registry(id=name, kind="static", name=title, digest=digest, issuers=static_issuers(document))
        return Registries(registries=(registry,))
    return _own(document)


def _own(document: Any) -> Registries:
    try:
        return Registries.model_validate_json(to_json(document))
    except ValidationError as error:
        fault = error.errors()[0]
        place = "/" + "/".join(map(str, fault["loc"]))
        raise RegistryFault(f"not a registry: {place}: {fault['msg']}") from error


def together(parts: list[Registries]) -> Registries:
    """Several documents as one: authority in the order given, a registry of the same id replaced by the later one."""
    named: dict[str, Registry] = {}
    for part in parts:
        for registry in part.registries:
            named[registry.id] = registry
    return Registries(
        registries=tuple(named.values()),
        decisions=tuple(one for part in parts for one in part.decisions),
        keys=tuple(one for part in parts for one in part.keys),
        endorsements=tuple(one for part in parts for one in part.endorsements),
    )
