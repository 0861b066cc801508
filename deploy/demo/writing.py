"""Happenings written out as their sources write them: native records, or the xAPI statements of a Moodle-like LMS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid5

from deploy.demo.delivery import Delivery
from deploy.demo.happenings import Happening

VERBS = {
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
    "uncompleted": "http://id.tincanapi.com/verb/uncompleted",
    "viewed": "http://id.tincanapi.com/verb/viewed",
    "achieved": "https://w3id.org/xapi/tla/verbs/achieved",
    "forfeited": "https://w3id.org/xapi/tla/verbs/forfeited",
}
COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"
BADGE = "https://w3id.org/xapi/openbadges/activity-types/badge"
_AWARDS = UUID("2d6f3c84-0f5e-5c8a-9c56-5b8b0f6d7a10")


def delivery(happening: Happening, offset_hours: int | None = None) -> Delivery:
    """The payload in the source's own form, its instants in the source's offset unless another is given."""
    hours = happening.source.offset_hours if offset_hours is None else offset_hours
    written = statement(happening) if happening.source.road == "xapi" else happening.record
    return Delivery(happening.source.name, happening.source.road, _json(written, hours))


def page_view(happening: Happening) -> Delivery:
    """A statement that the person looked at the course: most of what an LMS says, and no learning record."""
    seen = _sentence(replace(happening, verb="viewed"), COURSE)
    return Delivery(happening.source.name, "xapi", _json(seen, happening.source.offset_hours))


def statement(happening: Happening) -> dict[str, Any]:
    """The xAPI 1.0.3 statement for a completion, an award or a revocation. Source: xAPI 1.0.3 Data 2.4."""
    record = happening.record
    if record["kind"] == "completion":
        return _attempt(happening, record)
    return _badge(happening, record)


def _attempt(happening: Happening, record: Mapping[str, Any]) -> dict[str, Any]:
    result = {"completion": happening.verb != "uncompleted"}
    if happening.verb in {"passed", "failed"}:
        result |= {"success": record["success"], "score": record["score"]}
    context = {"registration": record["attempt_id"], "platform": happening.source.title, "language": "en"}
    return _sentence(happening, COURSE) | {"result": result, "context": context}


def _badge(happening: Happening, record: Mapping[str, Any]) -> dict[str, Any]:
    statement_id = str(uuid5(_AWARDS, f"{happening.verb}/{record['award_id']}"))
    context = {"platform": happening.source.title, "language": "en"}
    return {"id": statement_id, **_sentence(happening, BADGE), "context": context}


def _sentence(happening: Happening, kind: str) -> dict[str, Any]:
    record = happening.record
    return {
        "actor": {"objectType": "Agent", **record["account"]},
        "verb": {"id": VERBS[happening.verb], "display": {"en": happening.verb}},
        "object": _activity(record["achievement"], kind),
        "timestamp": record["occurred_at"],
    }


def _activity(achievement: Mapping[str, Any], kind: str) -> dict[str, Any]:
    definition: dict[str, Any] = {"type": kind}
    if "name" in achievement:
        definition["name"] = {"en": achievement["name"]}
    return {"objectType": "Activity", "id": achievement["id"], "definition": definition}


def _json(written: Mapping[str, Any], offset_hours: int) -> bytes:
    zone = timezone(timedelta(hours=offset_hours))

    def plain(value: object) -> str:
        if isinstance(value, datetime):
            return value.astimezone(zone).isoformat().replace("+00:00", "Z")
        raise TypeError(f"cannot write {type(value).__name__}")

    return json.dumps(written, default=plain, separators=(",", ":")).encode()
