"""The events that mean something here, and the form of their data: one table for Avro and for JSON.

Apart from the reader because these are Open edX's contracts, pinned: the event bus sends Avro without its schema, and a
registry that would have it cannot be asked by a pure function. tests/contract/ingest/test_openedx_events.py holds the
table against the package `openedx-events`. A field of another order or type is another form, so this is all there is.

A type is a name of Avro, or of a record here; with `?` it may be null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREFIX = "org.openedx."
_LEARNING = "org.openedx.learning."
RECORDS: Mapping[str, Mapping[str, str]] = {
    "UserPersonalData": {"username": "string", "email": "string", "name": "string"},
    "UserData": {"id": "long", "is_active": "boolean", "pii": "UserPersonalData"},
    "CourseData": {"course_key": "string", "display_name": "string", "start": "string?", "end": "string?"},
    "CcxCourseData": {
        "ccx_course_key": "string",
        "master_course_key": "string",
        "display_name": "string",
        "coach_email": "string",
        "start": "string?",
        "end": "string?",
        "max_students_allowed": "long?",
    },
    "CoursePassingStatusData": {"is_passing": "boolean", "course": "CourseData", "user": "UserData"},
    "CcxCoursePassingStatusData": {"is_passing": "boolean", "user": "UserData", "course": "CcxCourseData"},
    "CertificateData": {
        "user": "UserData",
        "course": "CourseData",
        "mode": "string",
        "grade": "string",
        "download_url": "string",
        "name": "string",
        "current_status": "string",
        "previous_status": "string",
    },
    "ProgramData": {"uuid": "string", "title": "string", "program_type": "string"},
    "ProgramCertificateData": {
        "user": "UserData",
        "program": "ProgramData",
        "uuid": "string",
        "status": "string",
        "url": "string",
        "certificate_available_date": "string?",
    },
    "BadgeTemplateData": {
        "uuid": "string",
        "origin": "string",
        "name": "string?",
        "description": "string?",
        "image_url": "string?",
    },
    "BadgeData": {"uuid": "string", "user": "UserData", "template": "BadgeTemplateData"},
    "CourseEnrollmentData": {
        "user": "UserData",
        "course": "CourseData",
        "mode": "string",
        "is_active": "boolean",
        "creation_date": "string",
        "created_by": "UserData?",
    },
    "PersistentCourseGradeData": {
        "user_id": "long",
        "course": "CourseData",
        "course_edited_timestamp": "string",
        "course_version": "string",
        "grading_policy_hash": "string",
        "percent_grade": "double",
        "letter_grade": "string",
        "passed_timestamp": "string",
    },
}
NULL_IN_JSON = frozenset(("passed_timestamp",))
"""Members that are null where a JSON message has nothing to say, though Avro knows no null for them."""
EVENTS: Mapping[str, tuple[str, str]] = {
    f"{_LEARNING}course.passing.status.updated.v1": ("course_passing_status", "CoursePassingStatusData"),
    f"{_LEARNING}ccx.course.passing.status.updated.v1": ("course_passing_status", "CcxCoursePassingStatusData"),
    f"{_LEARNING}certificate.created.v1": ("certificate", "CertificateData"),
    f"{_LEARNING}certificate.changed.v1": ("certificate", "CertificateData"),
    f"{_LEARNING}certificate.revoked.v1": ("certificate", "CertificateData"),
    f"{_LEARNING}program.certificate.awarded.v1": ("program_certificate", "ProgramCertificateData"),
    f"{_LEARNING}program.certificate.revoked.v1": ("program_certificate", "ProgramCertificateData"),
    f"{_LEARNING}badge.awarded.v1": ("badge", "BadgeData"),
    f"{_LEARNING}badge.revoked.v1": ("badge", "BadgeData"),
    f"{_LEARNING}course.enrollment.created.v1": ("enrollment", "CourseEnrollmentData"),
    f"{_LEARNING}course.persistent_grade_summary.changed.v1": ("grade", "PersistentCourseGradeData"),
}
"""Type of event -> the one member of its data, and that member's record."""


def avro_schema(event_type: str) -> dict[str, Any]:
    """The Avro schema of an event's data."""
    member, record = EVENTS[event_type]
    field = {"name": member, "type": _type(record, set())}
    return {"type": "record", "name": "CloudEvent", "namespace": event_type, "fields": [field]}


def _type(name: str, told: set[str]) -> Any:
    if name.endswith("?"):
        return ["null", _type(name[:-1], told)]
    if name not in RECORDS or name in told:
        return name
    told.add(name)
    fields = [{"name": member, "type": _type(kind, told)} for member, kind in RECORDS[name].items()]
    return {"type": "record", "name": name, "fields": fields}
