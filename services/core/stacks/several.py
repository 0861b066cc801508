"""Several catalogs in force together: each was checked when it was applied, and may say the same thing as another.

Of two achievements, issuers, conversions or stack versions of one name the one of the later catalog holds (catalogs in
the order of their ids); a catalog may use ids that only another declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from schemas.catalog import Catalog
from services.core.mappings import matcher
from services.core.stacks.compile import CompiledCatalog, compile_catalog

_KEYS: dict[str, Callable[[Any], object]] = {
    "issuers": attrgetter("id"),
    "achievements": attrgetter("id"),
    "conversions": attrgetter("from_", "to"),
    "equivalences": id,
    "mappings": matcher,
    "stacks": attrgetter("id", "version"),
}
"""Section -> what makes two of its items one and the same."""


def compile_catalogs(catalogs: Iterable[Catalog]) -> CompiledCatalog:
    """All of the catalogs as one, compiled.

    Raises: CatalogFaults when they do not go together: a stack that none has, stacks in a circle.
    """
    ordered = sorted(catalogs, key=attrgetter("id"))
    parts: dict[str, Any] = {
        section: tuple({key(item): item for one in ordered for item in getattr(one, section)}.values())
        for section, key in _KEYS.items()
    }
    parts["scales"] = {name: scale for one in ordered for name, scale in one.scales.items()}
    return compile_catalog(Catalog.model_construct(**parts), is_joined=True)
