"""Catalogs as tests want them: `catalog({"duo": awards("a", "b")}, "ab")` has one stack of two achievements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from schemas.catalog import Catalog
from services.core.stacks.compile import CompiledCatalog, compile_catalog


def catalog(stacks: Mapping[str, Any], achievements: Iterable[str | dict[str, Any]]) -> CompiledCatalog:
    """A compiled catalog of stacks, id to what it requires, and achievements, each an id or an object."""
    document = {
        "achievements": [one if isinstance(one, dict) else {"id": one} for one in achievements],
        "stacks": [{"id": stack_id, "requires": rule} for stack_id, rule in stacks.items()],
    }
    return compile_catalog(Catalog.model_validate_json(json.dumps(document)))


def awards(*achievements: str) -> dict[str, Any]:
    """A rule: all of these achievements are held and active."""
    return {"all": [{"award": achievement, "active": True} for achievement in achievements]}
