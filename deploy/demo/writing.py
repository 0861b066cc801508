"""Happenings written out as their sources write them: native records, or the xAPI statements of a Moodle-like LMS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid5

from deploy.demo.delivery import Delivery
from deploy.demo.happenings import Happening

VERBS = {
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
    "achieved": "http://activitystrea.ms/achieve",
    "forfeited": "http://id.tincanapi.com/verb/forfeited",
}
COURSE = "http://adlnet.gov/expapi/activities/course"
BADGE = "http://activitystrea.ms/schema/1.0/badge"
_AWARDS = UUID("2d6f3c84-0f5e-5c8a-9c56-5b8b0f6d7a10")


def delivery(happening: Happening, offset_hours: int | None = None) -> Delivery:
    """The payload in the source's own form, its instants in the source's offset unless another is given."""
    hours = happening.source.offset_hours if offset_hours is None else offset_hours
    written = statement(happening) if happening.source.road == "xapi" else happening.record
    return Delivery(happening.source.name, happening.source.road, _json(written, hours))


def statement(happening: Happening) -> dict[str, Any]:
    """The xAPI 1.0.3 statement for a completion, an award or a revocation. Source: xAPI 1.0.3 Data 2.4."""
    record = happening.record
    if record["kind"] == "completion":
        return _attempt(happening, record)
    return _badge(happening, record)


def _attempt(happening: Happening, record: Mapping[str, Any]) -> dict[str, Any]:
    verb = "passed" if record["success"] else "failed"
    return {
        "actor": {"objectType": "Agent", **record["account"]},
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": _activity(record["achievement"], COURSE),
        "result": {"success": record["success"], "completion": True, "score": record["score"]},
        "context": {"registration": record["attempt_id"], "platform": happening.source.title, "language": "en"},
        "timestamp": record["occurred_at"],
    }


def _badge(happening: Happening, record: Mapping[str, Any]) -> dict[str, Any]:
    verb = "achieved" if record["kind"] == "award" else "forfeited"
    return {
        "id": str(uuid5(_AWARDS, f"{verb}/{record['award_id']}")),
        "actor": {"objectType": "Agent", **record["account"]},
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": _activity(record["achievement"], BADGE),
        "context": {"platform": happening.source.title, "language": "en"},
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
