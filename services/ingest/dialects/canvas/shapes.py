"""The form of the events that mean something here: which members of metadata and body each must have.

A member is required unless it ends in `?`; ids come as text or as numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.ingest.dialects.forms import Form, form_of, json_type
from services.runtime.errors import Fault

_ID = "id"
METADATA = {"event_name": "text", "event_time": "instant"}
BODIES: Mapping[str, Mapping[str, str]] = {
    "course_completed": {"user/id": _ID, "course/id": _ID, "course/name?": "text", "progress/completed_at?": "instant"},
    "course_progress": {"user/id": _ID, "course/id": _ID, "course/name?": "text", "progress/completed_at?": "instant"},
    "grade_change": {
        "submission_id": _ID,
        "assignment_id": _ID,
        "user_id": _ID,
        "assignment_name?": "text",
        "score?": "number",
        "points_possible?": "number",
        "grade?": "text",
    },
    "submission_created": {"submission_id": _ID, "assignment_id": _ID, "user_id": _ID, "submitted_at?": "instant"},
    "submission_updated": {"submission_id": _ID, "assignment_id": _ID, "user_id": _ID, "submitted_at?": "instant"},
    "quiz_submitted": {"submission_id": _ID, "quiz_id": _ID},
    "enrollment_created": {"course_id": _ID, "user_id": _ID, "type": "text", "workflow_state": "text"},
}
"""Name of event -> what its body has, by path."""
_FORMS = {"text": Form.TEXT, "number": Form.NUMBER, "instant": Form.INSTANT}


def faults_in(event: Any, pointer: str) -> Iterator[Fault]:
    """Everything that is wrong with an event."""
    for name in ("metadata", "body"):
        part = event.get(name) if isinstance(event, dict) else None
        if not isinstance(part, dict):
            yield Fault("wrong_type", f"{pointer}/{name}", f"{name} must be an object, not {json_type(part)}")
            return
    yield from _members(event["metadata"], METADATA, f"{pointer}/metadata")
    name = event["metadata"].get("event_name")
    yield from _members(event["body"], BODIES.get(name, {}) if isinstance(name, str) else {}, f"{pointer}/body")


def _members(part: Mapping[str, Any], described: Mapping[str, str], pointer: str) -> Iterator[Fault]:
    for path, kind in described.items():
        name, place = path.removesuffix("?"), f"{pointer}/{path.removesuffix('?')}"
        value: Any = part
        for step in name.split("/"):
            value = value.get(step) if isinstance(value, dict) else None
        told = name.replace("/", ".")
        if value is None:
            if not path.endswith("?"):
                yield Fault("missing", place, f"{told} is required")
        elif kind == _ID:
            if isinstance(value, bool) or not isinstance(value, str | int) or not str(value):
                yield Fault("wrong_type", place, f"{told} must be an id, not {json_type(value)}")
        elif (wrong := form_of(value, _FORMS[kind])) is not None:
            yield Fault(wrong.code, place, f"{told} {wrong.detail}")
