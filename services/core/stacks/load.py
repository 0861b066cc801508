"""Catalog documents: text in, one checked `Catalog` out. YAML or JSON, one document or several that are merged.

Text that people write can be wrong in any way, so nothing here raises but `CatalogFaults`, which names every fault
with its file and place. Dates stay text on the way in, keys told twice are faults (YAML and JSON would drop the first
in silence), and a document that unfolds to an absurd size through YAML aliases is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from schemas.catalog import Catalog
from services.core.stacks.compile import CompiledCatalog, compile_catalog
from services.core.stacks.faults import CatalogFault, CatalogFaults
from services.core.stacks.feasible import doubts
from services.core.stacks.grades import scales
from services.core.stacks.salvage import Salvaged, Unreadable, salvaged

MOST_NODES = 2_000_000
"""How many values a document may unfold to."""
_MERGED = ("issuers", "achievements", "conversions", "equivalences", "mappings", "stacks")


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: dates stay text, only true and false are booleans, no key twice."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


Parts = list[tuple[str, Salvaged]]
"""What the files hold, by file name."""


def parse_catalog(texts: Mapping[str, str]) -> Catalog:
    """One catalog from the texts of its files, by file name; a name that ends in `.json` is read as JSON.

    Raises: CatalogFaults.
    """
    return compile_texts(texts).document


def compile_texts(texts: Mapping[str, str]) -> CompiledCatalog:
    """The same, compiled.

    Raises: CatalogFaults with everything that is wrong with it: what cannot be right whatever the rest says, and then
    what is wrong with all that could be read.
    """
    parts: Parts = []
    faults: list[CatalogFault] = []
    for name, text in texts.items():
        try:
            part = salvaged(_document(text, is_json=name.endswith(".json")), name)
        except Unreadable as refusal:
            faults.append(CatalogFault("", str(refusal), name))
        else:
            parts.append((name, part))
            faults += part.faults
    faults += _disagreements(parts)
    is_whole = len(parts) == len(texts)
    try:
        compiled = compile_catalog(_joined(parts))
    except CatalogFaults as found:
        located = (_located(fault, parts) for fault in found.faults)
        faults += [fault for fault in located if _is_sure(fault, parts, is_whole=is_whole)]
    else:
        if not faults:
            return compiled
    raise CatalogFaults(sorted(dict.fromkeys(faults), key=_by_place))


def doubtful(texts: Mapping[str, str]) -> tuple[CatalogFault, ...]:
    """What is likely a slip in a catalog that has no faults (`feasible` says what is looked for)."""
    parts = [(name, salvaged(_document(text, is_json=name.endswith(".json")), name)) for name, text in texts.items()]
    document = _joined(parts)
    return tuple(_located(doubt, parts) for doubt in doubts(document, scales(document.scales)))


def _by_place(fault: CatalogFault) -> tuple[object, ...]:
    return fault.file, [(int(step), "") if step.isdecimal() else (-1, step) for step in fault.path.split("/")]


def _is_sure(fault: CatalogFault, parts: Parts, *, is_whole: bool) -> bool:
    """Whether a fault stands whatever was in what could not be read."""
    if fault.unknown is not None and not is_whole:
        return False
    return all(part.leaves_sure(fault, is_own=name == fault.file) for name, part in parts)


def _joined(parts: Parts) -> Catalog:
    catalogs = [part.catalog for _, part in parts]
    if len(catalogs) == 1:
        return catalogs[0]
    stated = [one.id for one in catalogs if "id" in one.model_fields_set]
    merged = {section: tuple(item for one in catalogs for item in getattr(one, section)) for section in _MERGED}
    scales = {name: scale for one in catalogs for name, scale in one.scales.items()}
    kept: dict[str, Any] = {name: items for name, items in merged.items() if items}
    if scales:
        kept["scales"] = scales
    return Catalog.model_construct(_fields_set={*kept, "id"}, id=stated[0] if stated else "default", **kept)


def _disagreements(parts: Parts) -> list[CatalogFault]:
    faults: list[CatalogFault] = []
    known: str | None = None
    scales: dict[str, Any] = {}
    for name, part in parts:
        catalog = part.catalog
        if "id" in catalog.model_fields_set:
            if known not in {None, catalog.id}:
                faults.append(CatalogFault("/id", f"another file of this catalog calls it {known}", name))
            known = catalog.id
        for scale, points in catalog.scales.items():
            if scales.setdefault(scale, points) != points:
                faults.append(CatalogFault(f"/scales/{scale}", "another file declares this scale otherwise", name))
    return faults


def _located(fault: CatalogFault, parts: Parts) -> CatalogFault:
    """A fault of the joined catalog, told by the file it stands in and its place there."""
    _, section, *rest = fault.path.split("/")
    if section not in _MERGED or not rest:
        return fault
    number = int(rest[0])
    for name, part in parts:
        count = len(getattr(part.catalog, section))
        if number < count:
            path = part.original("/".join(["", section, str(number), *rest[1:]]))
            return replace(fault, path=path, file=name)
        number -= count
    return fault


def _document(text: str, *, is_json: bool) -> dict[str, Any]:
    document = _json(text) if is_json else _yaml(text)
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise Unreadable("a catalog is a mapping of sections such as achievements and stacks")
    return document


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        raise Unreadable(f"the key {twice!r} is there twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _yaml(text: str) -> Any:
    try:
        loader = _Loader(text)
        try:
            document = loader.get_single_data()
        finally:
            loader.dispose()
        _unfolded(document, {})
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Unreadable(f"not YAML: {' '.join(str(error).split())}") from error
    return document


def _unfolded(value: Any, known: dict[int, int]) -> int:
    """How many values a document unfolds to, each shared part counted wherever it stands."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) in known:
        if not known[id(value)]:
            raise Unreadable("the document contains itself through an alias")
        return known[id(value)]
    known[id(value)] = 0
    items = value.values() if isinstance(value, dict) else value
    size = 1 + sum(_unfolded(item, known) for item in items)
    if size > MOST_NODES:
        raise Unreadable(f"the document unfolds to more than {MOST_NODES} values")
    known[id(value)] = size
    return size


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float):
            raise yaml.constructor.ConstructorError(None, None, "a key must be text", key_node.start_mark)
        if str(key) in found:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is there twice", key_node.start_mark)
        found[str(key)] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF")
