"""Which entities a payload describes, so that those that it elsewhere only names by their IRI are known.

Caliper lets a sensor describe an entity once and name it from then on, and lets an envelope carry descriptions beside
events. A grade may so be of an attempt that an earlier event of its envelope told all about. What no payload describes
stays a name: whose attempt it is, nobody can tell.
Source: Caliper 1.2, 4 (entities as IRIs) and 5.2 (envelopes of events and entities).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.ingest.dialects.caliper.shapes import MAX_DEPTH


class Described:
    """The entities of a payload by IRI; of several descriptions of one the fullest, of equally full ones the first."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._known: dict[str, Mapping[str, Any]] = {}
        for entity in _entities(list(items), 0):
            told = self._known.get(entity["id"])
            if told is None or len(entity) > len(told):
                self._known[entity["id"]] = entity

    def of(self, value: Any) -> Any:
        """The entity that an IRI names, where it is described; anything else as it is."""
        return self._known.get(value, value) if isinstance(value, str) else value


def _entities(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _entities(one, depth + 1)
    elif isinstance(value, dict):
        if isinstance(value.get("id"), str) and isinstance(value.get("type"), str):
            yield value
        for name, one in value.items():
            if name not in {"extensions", "@context"}:
                yield from _entities(one, depth + 1)
