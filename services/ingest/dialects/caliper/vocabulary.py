"""How Caliper's tables are written down: `entities` and `events` say which members each type has, in these words.

The tables are apart from `shapes` so that the standard's author can read them beside the standard. A member is
described by one text:

| text | holds |
|---|---|
| `text`, `number`, `integer`, `boolean`, `instant`, `duration`, `map`, `iri` | a value of that form |
| `Person`, `Attempt Response` | an entity of one of these types or of a subtype of one, or its IRI |
| `@Role` | a term of that list |
| `[...]` | an array of what stands within |

What a type inherits from its supertype is not repeated. Source: Caliper 1.2, appendices A (events), B (entities), C, D
and F (terms); what only 1.1 knows is kept. A few slots are wider than 1.2 says, because Canvas fills them otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Kind(NamedTuple):
    """A type of entity or event: its supertype, its own members, and which members it must have."""

    supertype: str | None
    members: Mapping[str, str]
    required: tuple[str, ...] = ()


def supertypes(kinds: Mapping[str, Kind]) -> dict[str, tuple[str, ...]]:
    """Type -> itself and all that it is a subtype of."""
    found: dict[str, tuple[str, ...]] = {}
    for name, kind in kinds.items():
        found[name] = (name, *(found[kind.supertype] if kind.supertype else ()))
    return found


def members(kinds: Mapping[str, Kind]) -> dict[str, dict[str, str]]:
    """Type -> all its members, those of its supertypes included."""
    found: dict[str, dict[str, str]] = {}
    for name, kind in kinds.items():
        found[name] = {**(found[kind.supertype] if kind.supertype else {}), **kind.members}
    return found


def required(kinds: Mapping[str, Kind]) -> dict[str, tuple[str, ...]]:
    """Type -> all members that it must have."""
    found: dict[str, tuple[str, ...]] = {}
    for name, kind in kinds.items():
        found[name] = (*(found[kind.supertype] if kind.supertype else ()), *kind.required)
    return found
