"""When two statements are the same: the comparison that decides between "sent again" and "conflict".

What a record store sets or may set does not count (id, authority, stored, version, a timestamp that was not given), nor
how a timestamp is written, nor display texts, activity definitions, attachments, the order of group members, and one
context activity alone or in an array. Everything else does, the text of a duration too, up to hundredths of a second.
Source: xAPI 1.0.3 Data 2.3.1, 4.6; Communication 2.1.1; IEEE 9274.1.1 4.2.7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from services.ingest.dialects.xapi.forms import parse_instant

UNKNOWN = bytes(32)
"""In place of a digest: the id was derived from the content, so whoever meets it must ask for the stored one."""
NOT_TIMED = 0
"""In place of a timestamp, in microseconds since 1970: none was given."""
_SKIPPED = frozenset(("id", "stored", "authority", "version", "timestamp", "attachments"))
_encode = msgspec.json.Encoder(order="sorted").encode
_FINER = re.compile(r"(?<=[.,]\d\d)\d+(?=S$)").sub


class Stated(NamedTuple):
    """What of a statement is compared: digest of its content, and its timestamp in microseconds since 1970."""

    digest: bytes
    timestamp: int


def stated(statement: Mapping[str, Any]) -> Stated:
    """What of a valid statement is compared."""
    return Stated(sha256(_encode(_content(statement))).digest(), timestamp_of(statement))


def timestamp_of(statement: Mapping[str, Any]) -> int:
    """The timestamp that was given, in microseconds since 1970, or `NOT_TIMED`."""
    given = statement.get("timestamp")
    return NOT_TIMED if given is None else microseconds(given)


def microseconds(instant: str) -> int:
    """The microseconds since 1970 of a text that `forms.instant` accepts; never `NOT_TIMED`."""
    return microseconds_at(parse_instant(instant))


def microseconds_at(moment: datetime) -> int:
    """The microseconds since 1970 of a moment in UTC; never `NOT_TIMED`."""
    days = moment.toordinal() - 719_163
    seconds = days * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second
    return seconds * 1_000_000 + moment.microsecond or 1


def is_same(earlier: Stated, later: Stated) -> bool:
    """Whether the later one says the same as the earlier; one that gives no timestamp says nothing against it."""
    return earlier.digest == later.digest and later.timestamp in (NOT_TIMED, earlier.timestamp)


def _content(statement: Mapping[str, Any]) -> dict[str, Any]:
    content = {name: member for name, member in statement.items() if name not in _SKIPPED}
    content["actor"] = compared_party(statement["actor"])
    content["verb"] = statement["verb"]["id"]
    content["object"] = compared_thing(statement["object"])
    if "context" in content:
        content["context"] = compared_context(content["context"])
    if "result" in content:
        content["result"] = compared_result(content["result"])
    return content


def compared_result(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """What counts of a result."""
    if "duration" not in result:
        return result
    return {**result, "duration": compared_duration(result["duration"])}


def compared_duration(duration: str) -> str:
    """What counts of a duration: what is finer than a hundredth of a second does not."""
    return _FINER("", duration) if "." in duration or "," in duration else duration


def compared_party(party: Mapping[str, Any]) -> Mapping[str, Any]:
    """What counts of an agent or group: its type also when left out; a group's members are a set."""
    typed = {"objectType": "Agent", **party}
    if "member" in party:
        typed["member"] = sorted((compared_party(member) for member in party["member"]), key=_encode)
    return typed


def compared_thing(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    """What counts of an object: of an activity its id."""
    match thing.get("objectType", "Activity"):
        case "Activity":
            return {"id": thing["id"]}
        case "Agent" | "Group":
            return compared_party(thing)
        case "SubStatement":
            return {**_content(thing), "timestamp": timestamp_of(thing)}
        case _:
            return thing


def compared_context(context: Mapping[str, Any]) -> dict[str, Any]:
    """What counts of a context: of its activities their ids."""
    content = dict(context)
    for name in ("instructor", "team"):
        if name in content:
            content[name] = compared_party(content[name])
    if "contextActivities" in content:
        content["contextActivities"] = {
            kind: [each["id"] for each in as_list(activities)]
            for kind, activities in content["contextActivities"].items()
        }
    return content


def as_list(value: Any) -> list[Any]:
    """The value, or the value as the only element of a list."""
    return value if isinstance(value, list) else [value]
