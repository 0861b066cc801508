"""Catalog files read as plain data: no compiling, no checking, so that the reckoning leans on nothing it checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class PlainCatalog:
    """What the files say, by id. Achievements and stacks keep the files' order and words."""

    achievements: Mapping[str, Mapping[str, Any]]
    stacks: Mapping[str, Mapping[str, Any]]
    equivalent: tuple[Any, ...] = ()
    """What equivalences are from; the reckoning refuses awards of these, as it does not know equivalences."""


def plain_catalog(texts: Iterable[str]) -> PlainCatalog:
    """All the files as one catalog; of two entries with one id the later wins."""
    achievements: dict[str, Mapping[str, Any]] = {}
    stacks: dict[str, Mapping[str, Any]] = {}
    equivalent: list[Any] = []
    for text in texts:
        document = yaml.safe_load(text) or {}
        achievements |= {entry["id"]: entry for entry in document.get("achievements") or ()}
        stacks |= {entry["id"]: entry for entry in document.get("stacks") or ()}
        equivalent.extend(entry["from"] for entry in document.get("equivalences") or ())
    return PlainCatalog(achievements, stacks, tuple(equivalent))
