"""Which events are learning records, and of what. Valid events only.

| event | record |
|---|---|
| course_completed, course_progress with a time of completion | completion of the course |
| submission_created and _updated, quiz_submitted | attempt that nobody judged: a completion without success |
| grade_change, once the grade is posted | the same attempt with its score; `complete` and `pass` are successes |
| enrollment_created of a student | enrolment; in the stack that a mapping makes of the course, if any |

Things are named as Canvas names them in Caliper, `urn:instructure:canvas:course:21070000000000005`, so that both forms
speak of one course and one learner. Ids that are of one shard are made global, by the shard of the root account.

An event has no id of its own. It is told by what it says: the account, its name, whom and what it is about, the request
that caused it and its time. Canvas says a completion again when its time changes; the newest holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schemas.records import Record
from services.ingest.dialects.building import record_made, score_of
from services.ingest.dialects.forms import instant_of, number_of, text_of
from services.ingest.dialects.identities import account_of, record_id

SHARD = 10**13
"""Global ids are the number of a shard times this, and the id in the shard."""
BY_USER = frozenset(("quiz_submitted",))
"""Events that only the metadata say the learner of."""
_SUCCESSES = frozenset(("complete", "pass"))


class _Said(NamedTuple):
    """An event taken apart."""

    name: str
    metadata: Mapping[str, Any]
    body: Mapping[str, Any]
    at: datetime

    def urn(self, kind: str, stated: Any) -> str:
        """The global name of a thing by its id."""
        return _urn(kind, stated, self.metadata.get("root_account_id"))


def record_of(event: Mapping[str, Any], pointer: str, *, source: str, received_at: datetime) -> Record | None:
    """The learning record that a valid event means, or None. Not settled yet, but with an id.

    Raises: Rejected at `pointer` when a text is longer than a record may hold.
    """
    metadata, body = event["metadata"], event["body"]
    meaning = _MEANINGS.get(metadata["event_name"])
    if meaning is None:
        return None
    said = _Said(metadata["event_name"], metadata, body, instant_of(metadata["event_time"]) or received_at)
    members = meaning(said)
    if members is None:
        return None
    told = (str(metadata.get(name, "")) for name in ("root_account_uuid", "event_name", "request_id", "event_time"))
    about = (members["account"], members.get("achievement", {}).get("id"), members.get("attempt_id"))
    members["record_id"] = record_id(source, *told, *map(str, about))
    return record_made({"dialect": "canvas", "occurred_at": said.at, **members}, pointer)


def _course(said: _Said) -> dict[str, Any] | None:
    progress, course = said.body.get("progress"), said.body["course"]
    completed = instant_of(progress.get("completed_at")) if isinstance(progress, dict) else None
    if completed is None and said.name != "course_completed":
        return None
    achievement = {"id": said.urn("course", course["id"]), "type": "course", "name": text_of(course.get("name"))}
    members = _completion(said, said.body["user"]["id"], achievement, "course", success=True)
    return {**members, "occurred_at": completed or said.at}


def _submission(said: _Said) -> dict[str, Any] | None:
    submitted = instant_of(said.body.get("submitted_at"))
    if submitted is None:
        return None
    attempt = said.urn("submission", said.body["submission_id"])
    members = _completion(said, said.body["user_id"], _assignment(said), attempt, success=False)
    return {**members, "occurred_at": submitted}


def _quiz(said: _Said) -> dict[str, Any] | None:
    learner = said.metadata.get("user_id")
    if not isinstance(learner, str | int):
        return None
    achievement = {"id": said.urn("quiz", said.body["quiz_id"]), "type": "assessment"}
    attempt = said.urn("submission", said.body["submission_id"])
    return _completion(said, learner, achievement, attempt, success=False)


def _grade(said: _Said) -> dict[str, Any] | None:
    if said.body.get("muted") is True:
        return None
    score = score_of(number_of(said.body.get("score")), number_of(said.body.get("points_possible")))
    grade = text_of(said.body.get("grade"))
    attempt = said.urn("submission", said.body["submission_id"])
    success = (grade or "").lower() in _SUCCESSES
    members = _completion(said, said.body["user_id"], _assignment(said), attempt, success=success)
    return {**members, "score": score, "grade": None if _is_number(grade) else grade}


def _enrolment(said: _Said) -> dict[str, Any] | None:
    if said.body["type"] != "StudentEnrollment" or said.body["workflow_state"] not in {"active", "invited"}:
        return None
    account = user_account(said.body["user_id"], said.metadata.get("root_account_id"))
    return {"kind": "enrolment", "account": account, "stack_id": said.urn("course", said.body["course_id"])}


def _assignment(said: _Said) -> dict[str, Any]:
    name = text_of(said.body.get("assignment_name"))
    return {"id": said.urn("assignment", said.body["assignment_id"]), "type": "assignment", "name": name}


def _completion(
    said: _Said, learner: Any, achievement: Mapping[str, Any], attempt_id: str, *, success: bool
) -> dict[str, Any]:
    return {
        "kind": "completion",
        "account": user_account(learner, said.metadata.get("root_account_id")),
        "achievement": {name: value for name, value in achievement.items() if value is not None},
        "success": success,
        "attempt_id": attempt_id,
    }


def user_account(stated: Any, root_account_id: Any) -> dict[str, Any]:
    """The account of a user by their id, of one shard or global."""
    return account_of(_urn("user", stated, root_account_id))


def _is_number(grade: str | None) -> bool:
    """Whether a grade says no more than the score: `41`, `82%`."""
    return grade is not None and grade.rstrip("%").replace(".", "", 1).isdigit()


def _urn(kind: str, stated: Any, root_account_id: Any) -> str:
    return f"urn:instructure:canvas:{kind}:{_global(stated, root_account_id)}"


def _global(stated: Any, root_account_id: Any) -> str:
    text, root = str(stated), str(root_account_id)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(SHARD))) or int(text) >= SHARD:
        return text
    shard = int(root) // SHARD if root.isascii() and root.isdigit() and len(root) < 30 else 0  # noqa: PLR2004 - digits
    return str(shard * SHARD + int(text))


_MEANINGS: Mapping[str, Callable[[_Said], dict[str, Any] | None]] = {
    "course_completed": _course,
    "course_progress": _course,
    "submission_created": _submission,
    "submission_updated": _submission,
    "quiz_submitted": _quiz,
    "grade_change": _grade,
    "enrollment_created": _enrolment,
}
