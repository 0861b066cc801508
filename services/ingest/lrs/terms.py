"""What a statement can be found by: its actor, verb, activities and registration, each as one 64-bit term.

A term is the hash of a kind and a value; the table of terms is the index of the store. Two values that share a hash
would find each other's statements: among ten million values the chance of one such pair is three in a million.

WARNING: terms are stored. A change to how they are made loses every statement that is there already.
Source: xAPI 1.0.3 Communication 2.1.3 (agent, verb, activity, registration, related_activities, related_agents).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Literal
from uuid import UUID

from services.ingest.dialects.xapi.parties import IDENTIFIERS
from services.ingest.dialects.xapi.rules import VOIDED
from services.ingest.lrs.same import as_list

NO_TARGET = UUID(int=0)
Kind = Literal["agent", "related_agent", "verb", "activity", "related_activity", "registration", "authority"]


@lru_cache(maxsize=65536)
def term(kind: Kind, value: str) -> int:
    """The term of a value."""
    return int.from_bytes(blake2b(f"{kind} {value}".encode(), digest_size=8).digest())


def agent_key(party: Mapping[str, Any]) -> str:
    """The identifier of an agent or identified group, as text; "" when it has none."""
    for name in IDENTIFIERS:
        if name in party:
            identifier = party[name]
            if name == "account":
                return f"account {identifier['homePage']} {identifier['name']}"
            return f"{name} {identifier}"
    return ""


def terms_of(statement: Mapping[str, Any]) -> list[int]:
    """The terms of a valid statement, without repetitions."""
    found: set[tuple[Kind, str]] = {("verb", statement["verb"]["id"])}
    for agent in (*_agents(statement["actor"]), *_object_agents(statement["object"])):
        found.add(("agent", agent))
    found.update(("related_agent", agent) for agent in _related_agents(statement))
    if is_activity(statement["object"]):
        found.add(("activity", statement["object"]["id"]))
    found.update(("related_activity", activity["id"]) for activity in activities_in(statement))
    registration = statement.get("context", {}).get("registration")
    if registration is not None:
        found.add(("registration", registration.lower()))
    if "authority" in statement:
        found.update(("authority", agent) for agent in _agents(statement["authority"]))
    return [term(kind, value) for kind, value in found]


def reference(statement: Mapping[str, Any]) -> tuple[UUID, int]:
    """The statement that a statement refers to, `NO_TARGET` when to none, and whether to void it."""
    thing = statement["object"]
    if thing.get("objectType") != "StatementRef":
        return NO_TARGET, 0
    return UUID(thing["id"]), int(statement["verb"]["id"] == VOIDED)


def is_activity(thing: Mapping[str, Any]) -> bool:
    """Whether the object of a statement is an activity."""
    return bool(thing.get("objectType", "Activity") == "Activity")


def activities_in(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every activity of a statement: object, context activities, and those of a sub-statement."""
    thing = statement["object"]
    if is_activity(thing):
        yield thing
    elif thing["objectType"] == "SubStatement":
        yield from activities_in(thing)
    for activities in statement.get("context", {}).get("contextActivities", {}).values():
        yield from as_list(activities)


def _related_agents(statement: Mapping[str, Any]) -> Iterator[str]:
    yield from _agents(statement["actor"])
    thing = statement["object"]
    if thing.get("objectType") == "SubStatement":
        yield from _related_agents(thing)
    else:
        yield from _object_agents(thing)
    if "authority" in statement:
        yield from _agents(statement["authority"])
    context = statement.get("context", {})
    for name in ("instructor", "team"):
        if name in context:
            yield from _agents(context[name])
    for entry in context.get("contextAgents", ()):
        yield from _agents(entry["agent"])
    for entry in context.get("contextGroups", ()):
        yield from _agents(entry["group"])


def _object_agents(thing: Mapping[str, Any]) -> Iterator[str]:
    if thing.get("objectType") in ("Agent", "Group"):
        yield from _agents(thing)


def _agents(party: Mapping[str, Any]) -> Iterator[str]:
    key = agent_key(party)
    if key:
        yield key
    for member in party.get("member", ()):
        yield from _agents(member)
