"""Agents and groups, wherever a statement names them: actor, object, authority, instructor, team.

Source: xAPI 1.0.3 Data 2.4.2 and 2.4.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.ingest.dialects.forms import json_type
from services.ingest.dialects.xapi import forms
from services.ingest.dialects.xapi.forms import Wrong
from services.ingest.dialects.xapi.shapes import Check, each, one_of, shape

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
"""The inverse functional identifiers: an agent has exactly one."""
_AUTHORITY_MEMBERS = 2

_AGENT: dict[str, Check] = {
    "objectType": one_of("Agent"),
    "name": forms.text,
    "mbox": forms.mbox,
    "mbox_sha1sum": forms.sha1,
    "openid": forms.iri,
    "account": shape({"homePage": forms.iri, "name": forms.text}, "homePage", "name"),
}
_agent_members = shape(_AGENT)


def _identifiers(party: Mapping[str, Any]) -> int:
    return ("mbox" in party) + ("account" in party) + ("mbox_sha1sum" in party) + ("openid" in party)


def agent(value: Any) -> None:
    """An agent: exactly one identifier."""
    _agent_members(value)
    if _identifiers(value) != 1:
        raise Wrong("identifier", "must have exactly one of mbox, mbox_sha1sum, openid, account")


_group_members = shape({**_AGENT, "objectType": one_of("Group"), "member": each(agent)}, "objectType")


def group(value: Any) -> None:
    """A group: identified by exactly one identifier, or anonymous and then with members."""
    _group_members(value)
    identifiers = _identifiers(value)
    if identifiers > 1:
        raise Wrong("identifier", "must have at most one of mbox, mbox_sha1sum, openid, account")
    if identifiers == 0 and not value.get("member"):
        raise Wrong("missing", "is required in a group without mbox, mbox_sha1sum, openid or account", "member")


def party(value: Any) -> None:
    """An agent or a group; an agent unless it says otherwise."""
    if not isinstance(value, dict):
        raise Wrong("wrong_type", f"must be an object, not {json_type(value)}")
    object_type = value.get("objectType", "Agent")
    if object_type == "Agent":
        agent(value)
    elif object_type == "Group":
        group(value)
    else:
        raise Wrong("not_a_choice", "must be Agent or Group", "objectType")


def authority(value: Any) -> None:
    """An agent, or an anonymous group of the two agents of three-legged OAuth."""
    party(value)
    is_group = value.get("objectType") == "Group"
    if is_group and (_identifiers(value) or len(value["member"]) != _AUTHORITY_MEMBERS):
        raise Wrong("authority", "must be an agent, or an anonymous group of exactly two agents")
