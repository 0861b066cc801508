"""Verbs, activities and references: what a statement says was done, and to what.

Source: xAPI 1.0.3 Data 2.4.3 and 2.4.4.
"""

from __future__ import annotations

from typing import Any

from services.ingest.dialects.forms import json_type
from services.ingest.dialects.xapi import forms
from services.ingest.dialects.xapi.forms import Wrong
from services.ingest.dialects.xapi.parties import agent, group
from services.ingest.dialects.xapi.shapes import Check, each, extensions, language_map, one_of, shape

INTERACTIONS = (
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
)

verb = shape({"id": forms.iri, "display": language_map}, "id")
statement_ref = shape({"objectType": one_of("StatementRef"), "id": forms.uuid}, "objectType", "id")

_each_component = each(shape({"id": forms.text, "description": language_map}, "id"))


def _components(value: Any) -> None:
    _each_component(value)
    if len({component["id"] for component in value}) != len(value):
        raise Wrong("duplicate", "must not use a component's id twice")


_INTERACTION = frozenset(("correctResponsesPattern", "choices", "scale", "source", "target", "steps"))
_definition_members = shape(
    {
        "name": language_map,
        "description": language_map,
        "type": forms.iri,
        "moreInfo": forms.iri,
        "extensions": extensions,
        "interactionType": one_of(*INTERACTIONS),
        "correctResponsesPattern": each(forms.text),
        "choices": _components,
        "scale": _components,
        "source": _components,
        "target": _components,
        "steps": _components,
    }
)


def _definition(value: Any) -> None:
    """What defines an activity; what belongs to an interaction needs the type of the interaction (XAPI-00064)."""
    _definition_members(value)
    if "interactionType" not in value and not _INTERACTION.isdisjoint(value):
        raise Wrong("missing", "is required with members of an interaction", "interactionType")


activity = shape({"objectType": one_of("Activity"), "id": forms.iri, "definition": _definition}, "id")
_each_activity = each(activity)


def activities(value: object) -> None:
    """One activity, or an array of them."""
    if isinstance(value, list):
        _each_activity(value)
    else:
        activity(value)


_BY_TYPE: dict[str, Check] = {"Activity": activity, "Agent": agent, "Group": group, "StatementRef": statement_ref}


def thing(value: object) -> None:
    """The object of a statement, but for a sub-statement: an activity unless it says otherwise."""
    if not isinstance(value, dict):
        raise Wrong("wrong_type", f"must be an object, not {json_type(value)}")
    object_type = value.get("objectType", "Activity")
    check = _BY_TYPE.get(object_type) if isinstance(object_type, str) else None
    if check is None:
        raise Wrong("not_a_choice", "must be Activity, Agent, Group, StatementRef or SubStatement", "objectType")
    check(value)
