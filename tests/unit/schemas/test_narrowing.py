"""The compatibility gate tells a widening from a narrowing, in both directions."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from schemas.generate import CONTRACTS, json_schema
from schemas.narrowing import narrowings

Schema = dict[str, Any]
Change = Callable[[Schema], Any]


def _award(schema: Schema) -> Schema:
    model: Schema = schema["$defs"]["Award"]
    return model


def _account(schema: Schema) -> Schema:
    model: Schema = schema["$defs"]["Account"]
    return model


def _changed(change: Change) -> tuple[Schema, Schema]:
    old = json_schema("record")
    new = copy.deepcopy(old)
    change(new)
    return old, new


WIDENINGS: dict[str, Change] = {
    "nothing": lambda schema: schema,
    "another description": lambda schema: _award(schema).update(description="otherwise"),
    "a new optional member": lambda schema: _award(schema)["properties"].update(language={"type": "string"}),
    "a new optional member with a pattern": lambda schema: _award(schema)["properties"].update(
        language={"type": "string", "pattern": "^[a-z]{2}$"}
    ),
    "a new unit": lambda schema: schema["$defs"]["Credits"]["properties"]["unit"]["enum"].append("module"),
    "longer texts": lambda schema: schema["$defs"]["Achievement"]["properties"]["id"].update(maxLength=4096),
    "a pattern dropped": lambda schema: _account(schema)["properties"]["did"]["anyOf"][0].pop("pattern"),
    "one more way to name a person": lambda schema: (
        _account(schema)["properties"].update(badge_number={"type": "string"}),
        _account(schema)["oneOf"].append({"required": ["badge_number"]}),
    ),
    "a condition dropped": lambda schema: _account(schema).pop("oneOf"),
    "a new kind": lambda schema: (
        schema["$defs"].update(
            Note={
                "type": "object",
                "properties": {"kind": {"const": "note"}},
                "required": ["kind"],
                "additionalProperties": False,
            }
        ),
        schema["oneOf"].append({"$ref": "#/$defs/Note"}),
    ),
}

NARROWINGS: dict[str, tuple[str, Change]] = {
    "a new required member": (
        "Award",
        lambda schema: (
            _award(schema)["properties"].update(language={"type": "string"}),
            _award(schema)["required"].append("language"),
        ),
    ),
    "a member removed": ("Award", lambda schema: _award(schema)["properties"].pop("grade")),
    "a member no longer nullable": (
        "Award",
        lambda schema: _award(schema)["properties"].update(grade={"type": "string"}),
    ),
    "a unit removed": ("Credits", lambda schema: schema["$defs"]["Credits"]["properties"]["unit"]["enum"].pop()),
    "shorter texts": (
        "Achievement",
        lambda schema: schema["$defs"]["Achievement"]["properties"]["id"].update(maxLength=20),
    ),
    "another pattern": (
        "Account",
        lambda schema: _account(schema)["properties"]["did"]["anyOf"][0].update(pattern="^did:web:.+$"),
    ),
    "a pattern where there was none": (
        "Achievement",
        lambda schema: schema["$defs"]["Achievement"]["properties"]["id"].update(pattern="^[a-z]+$"),
    ),
    "another branch that old values are in": (
        "Account",
        lambda schema: _account(schema)["oneOf"].append({"required": ["mbox"]}),
    ),
    "another condition": ("Account", lambda schema: _account(schema)["oneOf"].pop()),
    "a kind removed": ("(top)", lambda schema: schema["oneOf"].pop()),
}


@pytest.mark.parametrize("name", WIDENINGS)
def test_a_widening_passes(name: str) -> None:
    """What accepts all that it used to is backward compatible."""
    assert narrowings(*_changed(WIDENINGS[name])) == []


@pytest.mark.parametrize("name", NARROWINGS)
def test_a_narrowing_is_named_with_its_model(name: str) -> None:
    """The gate can fail, and says which model refuses what used to be good (models that hold it are named, too)."""
    model, change = NARROWINGS[name]
    assert any(f"#/$defs/{model}" in line for line in narrowings(*_changed(change)))


@pytest.mark.parametrize("name", set(WIDENINGS) - {"nothing", "another description"})
def test_a_widening_backwards_is_a_narrowing(name: str) -> None:
    """The comparison has a direction."""
    old, new = _changed(WIDENINGS[name])
    assert narrowings(new, old)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_contract_can_be_judged_and_a_member_lost_is_seen_in_each_of_its_models(contract: str) -> None:
    """The gate is not blind to any model, recursive ones and unions included."""
    old = json_schema(contract)
    assert narrowings(old, copy.deepcopy(old)) == []
    models = {name: model for name, model in old["$defs"].items() if model.get("properties")}
    for name, model in models.items():
        new, lost = copy.deepcopy(old), next(iter(model["properties"]))
        new["$defs"][name]["properties"].pop(lost)
        new["$defs"][name]["required"] = [member for member in model.get("required", []) if member != lost]
        assert any(f"#/$defs/{name} " in line for line in narrowings(old, new)), name
