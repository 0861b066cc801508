"""Says where a JSON Schema accepts less than an older one did. Pure: two schemas in, sentences out.

`jsoncompat` decides, in role "deserializer" (backward). It is blind to three things that are judged here instead:
patterns and formats (it takes any change), conditions beside `properties` (it refuses every change in their presence),
and a union that says `oneOf` (the same). The first two may only stay as they are or go, except that a choice may get
branches which ask for members that a closed model did not have before. Unions are read as `anyOf`,
which means the same, as pydantic says `oneOf` only where a tag or the JSON type tells the branches apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsoncompat

Schema = dict[str, Any]

NAMED = ("$defs", "properties", "patternProperties")
LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
SINGLE = ("additionalProperties", "contains", "items", "not", "propertyNames")
TEXT_RULES = ("pattern", "format")
CONDITIONS = ("anyOf", "oneOf", "not")


def narrowings(old: Schema, new: Schema) -> list[str]:
    """Why `new` may refuse something that `old` accepts, one line each; empty when every old value is still good."""
    changed = list(_changed_rules(old, new))
    if _accepts_all(old, new):
        return changed
    narrower = [name for name in old.get("$defs", {}) if not _model_accepts_all(old, new, name)]
    return changed + [f"#/$defs/{name} accepts less than before" for name in narrower or ["(top)"]]


def _accepts_all(old: Schema, new: Schema) -> bool:
    return bool(jsoncompat.check_compat(json.dumps(_plain(old)), json.dumps(_plain(new)), "deserializer"))


def _model_accepts_all(old: Schema, new: Schema, name: str) -> bool:
    if name not in new.get("$defs", {}):
        return False
    alone = [{"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]} for schema in (old, new)]
    return _accepts_all(*alone)


def _judged_here(schema: Schema) -> tuple[str, ...]:
    return TEXT_RULES + CONDITIONS if "properties" in schema else TEXT_RULES


def _plain(schema: Any) -> Any:
    """The schema as `jsoncompat` can judge it: without what is judged here, and `anyOf` for a told-apart `oneOf`."""
    if not isinstance(schema, dict):
        return schema
    dropped = ("$id", *_judged_here(schema))
    kept = {key: _plain_member(key, value) for key, value in schema.items() if key not in dropped}
    kept.pop("discriminator", None)
    if "oneOf" in kept:
        kept["anyOf"] = kept.pop("oneOf")
    return kept


def _plain_member(key: str, value: Any) -> Any:
    if key in NAMED:
        return {name: _plain(schema) for name, schema in value.items()}
    if key in LISTED:
        return [_plain(schema) for schema in value]
    return _plain(value) if key in SINGLE else value


def _changed_rules(old: Schema, new: Schema) -> Iterator[str]:
    before = dict(_schemas(old, "#"))
    for path, schema in _schemas(new, "#"):
        for rule in _judged_here(schema) if path in before else ():
            if rule in schema and not _only_widened(rule, before[path], schema):
                yield f"{path}/{rule} was {json.dumps(before[path].get(rule))}, is {json.dumps(schema[rule])}"


def _only_widened(rule: str, old: Schema, new: Schema) -> bool:
    """Whether a rule is as it was, or a choice got branches that no old value can be in: they ask for new members."""
    was, now = old.get(rule), new[rule]
    if was == now or rule not in LISTED or not isinstance(was, list):
        return bool(was == now)
    added = [branch for branch in now if branch not in was]
    is_closed = old.get("additionalProperties") is False
    asks_for_new = all(set(branch.get("required", ())) - set(old.get("properties", {})) for branch in added)
    return is_closed and asks_for_new and all(branch in now for branch in was)


def _schemas(schema: Any, path: str) -> Iterator[tuple[str, Schema]]:
    """Every schema within `schema`, itself first, with its JSON pointer."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for key, value in schema.items():
        if key in NAMED:
            children = list(value.items())
        elif key in LISTED:
            children = [(str(place), item) for place, item in enumerate(value)]
        else:
            children = []
        for name, child in children:
            yield from _schemas(child, f"{path}/{key}/{name}")
        if key in SINGLE:
            yield from _schemas(value, f"{path}/{key}")
