"""Which events are learning records, and of what.

| event | record |
|---|---|
| course passing status, of a course or a CCX | attempt at the course that succeeded, or does not any more |
| grade summary | the same attempt, with its score and letter |
| certificate created, changed to `downloadable` | award of the course by the source |
| certificate revoked, changed from `downloadable` | revocation of that award |
| program certificate, badge: awarded, revoked | award of the program or the badge template, and its revocation |
| enrolment created | enrolment; in the stack that a mapping makes of the course, if any |

A learner is the account `id` of the platform, which is the one thing that all events say. The platform is what
`ce_source` calls the instance: `openedx/college.lms/web` and `openedx/college.credentials/web` are one, `college`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schemas.records import Record
from services.ingest.dialects.building import record_made, score_of
from services.ingest.dialects.forms import instant_of, number_of, text_of
from services.ingest.dialects.identities import record_id
from services.ingest.dialects.openedx.events import EVENTS
from services.ingest.dialects.openedx.reading import Event

VALID = "downloadable"
"""The status in which a certificate is one."""
_FAILING = frozenset(("", "f", "fail", "none"))
_COURSE_ATTEMPT = "course"


class _Said(NamedTuple):
    """An event's data, and what every record of it has."""

    data: Mapping[str, Any]
    source: str
    home_page: str
    at: datetime
    common: Mapping[str, Any]

    def of_user(self, user_id: int) -> dict[str, Any]:
        """The members of a record about a learner."""
        home = {"homePage": self.home_page, "name": str(user_id)}
        return {**self.common, "account": {"account": home}}


def record_of(event: Event, *, source: str, received_at: datetime) -> Record | None:
    """The learning record that an event means, or None. Not settled yet.

    Raises: Rejected when a text is longer than a record may hold.
    """
    if event.data is None:
        return None
    at = instant_of(event.time) or received_at
    common: dict[str, Any] = {"dialect": "openedx", "occurred_at": at}
    if event.event_id:
        common["record_id"] = record_id(source, event.event_id)
    said = _Said(event.data, source, home_page(event.source or source), at, common)
    members = _MEANINGS[EVENTS[event.type][1]](said, event.type)
    return None if members is None else record_made(members, f"/{EVENTS[event.type][0]}")


def _passing(said: _Said, _type: str) -> Mapping[str, Any]:
    return {
        **said.of_user(said.data["user"]["id"]),
        "kind": "completion",
        "achievement": _course(said.data["course"]),
        "success": said.data["is_passing"],
        "attempt_id": _COURSE_ATTEMPT,
    }


def _grade(said: _Said, _type: str) -> Mapping[str, Any]:
    letter = said.data["letter_grade"]
    return {
        **said.of_user(said.data["user_id"]),
        "kind": "completion",
        "achievement": _course(said.data["course"]),
        "success": letter.lower() not in _FAILING,
        "attempt_id": _COURSE_ATTEMPT,
        "score": score_of(number_of(said.data["percent_grade"]), 1.0),
        "grade": text_of(letter),
    }


def _certificate(said: _Said, event_type: str) -> Mapping[str, Any] | None:
    course, now, before = said.data["course"], said.data["current_status"], said.data["previous_status"]
    whose = said.of_user(said.data["user"]["id"])
    award_id = f"certificate:{course['course_key']}"
    if now != VALID or event_type.endswith("revoked.v1"):
        return _revoked(whose, said, award_id, now) if before == VALID or event_type.endswith("revoked.v1") else None
    is_new = event_type.endswith("created.v1") or before != VALID
    return {
        **_awarded(whose, said, award_id, _course(course)),
        "valid_from": said.at if is_new else None,
        **_result(said.data["grade"]),
        "evidence": text_of(said.data["download_url"], 2048),
    }


def _program(said: _Said, event_type: str) -> Mapping[str, Any]:
    whose, program = said.of_user(said.data["user"]["id"]), said.data["program"]
    if event_type.endswith("revoked.v1"):
        return _revoked(whose, said, said.data["uuid"], said.data["status"])
    tags = [program["program_type"][:500]] if program["program_type"] else []
    achievement = {"id": program["uuid"], "name": text_of(program["title"]), "type": "program", "tags": tags}
    return {**_awarded(whose, said, said.data["uuid"], achievement), "valid_from": said.at}


def _badge(said: _Said, event_type: str) -> Mapping[str, Any]:
    whose, template = said.of_user(said.data["user"]["id"]), said.data["template"]
    if event_type.endswith("revoked.v1"):
        return _revoked(whose, said, said.data["uuid"], "revoked")
    achievement = {"id": template["uuid"], "name": text_of(template.get("name")), "type": "badge"}
    return {**_awarded(whose, said, said.data["uuid"], achievement), "valid_from": said.at}


def _enrolment(said: _Said, _type: str) -> Mapping[str, Any] | None:
    if not said.data["is_active"]:
        return None
    whose = said.of_user(said.data["user"]["id"])
    return {**whose, "kind": "enrolment", "stack_id": said.data["course"]["course_key"]}


def _awarded(whose: Mapping[str, Any], said: _Said, award_id: str, achievement: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in achievement.items() if value is not None}
    return {**whose, "kind": "award", "achievement": given, "issuer_id": said.source, "award_id": award_id}


def _revoked(whose: Mapping[str, Any], said: _Said, award_id: str, why: str) -> dict[str, Any]:
    reason = text_of(why)
    return {**whose, "kind": "revocation", "issuer_id": said.source, "award_id": award_id, "reason": reason}


def _course(course: Mapping[str, Any]) -> dict[str, Any]:
    found = {"id": course.get("course_key") or course.get("ccx_course_key"), "type": "course"}
    name = text_of(course["display_name"])
    return {**found, "name": name} if name else found


def _result(grade: str) -> dict[str, Any]:
    """A certificate's grade, which is a share in words (`0.87`), or a word."""
    try:
        share = float(grade)
    except ValueError:
        return {"grade": text_of(grade)}
    return {"score": {"scaled": share}} if 0 <= share <= 1 else {"grade": text_of(grade)}


def home_page(source: str) -> str:
    """The platform that a service belongs to."""
    service = source.removeprefix("openedx/").partition("/")[0]
    instance = service.rpartition(".")[0]
    return f"urn:openedx:{instance}" if instance else "urn:openedx"


_MEANINGS: Mapping[str, Callable[[_Said, str], Mapping[str, Any] | None]] = {
    "CoursePassingStatusData": _passing,
    "CcxCoursePassingStatusData": _passing,
    "PersistentCourseGradeData": _grade,
    "CertificateData": _certificate,
    "ProgramCertificateData": _program,
    "BadgeData": _badge,
    "CourseEnrollmentData": _enrolment,
}
