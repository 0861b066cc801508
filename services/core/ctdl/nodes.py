"""A CTDL graph as plain nodes: found by id, their members read whether they are one or several, text in any language.

Members may be given with or without their prefix's usual alternatives (`ceterms:hasPart` or `ceasn:hasPart`), and a
reference as an id or as an object that has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Node = Mapping[str, Any]
OURS = "urn:stepwell:pathway:"
"""What the ids of pathways that we export start with; the stack's own id follows."""
PREFIXES = ("ceterms:", "ceasn:", "asn:", "schema:")


def graph(document: Any) -> dict[str, Node]:
    """Every node that a document holds under an id, however deep it stands."""
    found: dict[str, Node] = {}
    for node in _nodes(document):
        name = node.get("@id") or node.get("ceterms:ctid")
        if isinstance(name, str) and len(node) > 1:
            found.setdefault(name, node)
    return found


def of_type(nodes: Mapping[str, Node], kind: str) -> list[str]:
    """The ids of the nodes of a type, in order."""
    return [name for name, node in nodes.items() if kind in types(node)]


def types(node: Node) -> list[str]:
    """A node's types without their prefix."""
    return [str(one).rpartition(":")[2] for one in several(node.get("@type"))]


def member(node: Node, name: str) -> Any:
    """A member by its bare name, whatever its prefix; None when there is none."""
    return next((node[prefix + name] for prefix in PREFIXES if prefix + name in node), None)


def several(value: Any) -> list[Any]:
    """A value that may be none, one or several, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def references(node: Node, name: str) -> list[str]:
    """The ids that a member refers to."""
    found = [one.get("@id") if isinstance(one, Mapping) else one for one in several(member(node, name))]
    return [one for one in found if isinstance(one, str)]


def text(value: Any) -> str | None:
    """The text of a plain string or a language map: in English where there is some, else in the first language."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, Mapping):
        english = sorted(value, key=lambda language: (not str(language).startswith("en"), str(language)))
        return next((found for found in map(text, map(value.get, english)) if found), None)
    if isinstance(value, Sequence):
        return next((found for found in map(text, value) if found), None)
    return None


def concept(value: Any) -> str:
    """A concept's bare name: `logicOp:OnlyOne`, an IRI that ends in it, or an alignment object that names it."""
    for one in several(value):
        name = one.get("@id") or member(one, "targetNode") if isinstance(one, Mapping) else one
        if isinstance(name, str):
            return name.replace("#", "/").rpartition("/")[2].rpartition(":")[2]
    return ""


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)
