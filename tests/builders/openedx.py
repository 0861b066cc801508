"""Messages of Open edX's event bus, made by the package `openedx-events` itself.

Its modules are imported when asked for, as Django must be set up before.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

PREFIX = "org.openedx.learning."
TIME = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
SCHEMA_NUMBER = 7


@cache
def signals() -> dict[str, Any]:
    """The platform's signals by type of event."""
    import_module("django.conf").settings.configure(INSTALLED_APPS=["openedx_events"])
    import_module("django").setup()
    tooling = import_module("openedx_events.tooling")
    tooling.load_all_signals()
    return {signal.event_type: signal for signal in tooling.OpenEdxPublicSignal.all_events()}


def headers(name: str, *, spelling: str = "ce_", number: int = 1, service: str = "lms") -> dict[str, str]:
    """The headers that the event bus sends with an event."""
    attributes = {
        "type": f"{PREFIX}{name}.v1",
        "id": str(UUID(int=0x6E1F0000000040008000000000000000 + number)),
        "source": f"openedx/{service}/web",
        "specversion": "1.0",
        "time": TIME.isoformat(),
        "minorversion": "0",
        "datacontenttype": "application/avro",
    }
    plain = {"content-type": "application/avro", "sourcehost": "pod-1", "sourcelib": "10.5.0"}
    return {**{spelling + attribute: value for attribute, value in attributes.items()}, **plain}


def message(name: str, data: dict[str, Any]) -> bytes:
    """The value of an event's message, in Confluent's wire format."""
    signal = signals()[f"{PREFIX}{name}.v1"]
    datum = import_module("openedx_events.event_bus.avro.serializer").serialize_event_data_to_bytes(data, signal)
    return struct.pack(">bI", 0, SCHEMA_NUMBER) + bytes(datum)


def sample(name: str) -> dict[str, Any]:
    """Data for an event of that name."""
    signals()
    of = import_module("openedx_events.learning.data")
    course_key = import_module("opaque_keys.edx.keys").CourseKey.from_string("course-v1:ExampleX+NET101+2026")
    user = of.UserData(pii=of.UserPersonalData("ana", "ana@example.org", "Ana"), id=42, is_active=True)
    course = of.CourseData(course_key=course_key, display_name="Networks I", start=TIME)
    certificate = of.CertificateData(
        user=user,
        course=course,
        mode="verified",
        grade="0.87",
        download_url="https://lms.example.org/certificates/1",
        name="Ana",
        current_status="downloadable" if "revoked" not in name else "unavailable",
        previous_status="downloadable" if "created" not in name else "unavailable",
    )
    if name.startswith("certificate"):
        return {"certificate": certificate}
    if name.startswith("program"):
        program = of.ProgramData(uuid="5d0f", title="Network Technician", program_type="MicroMasters")
        made = of.ProgramCertificateData(user=user, program=program, uuid="c-1", status="awarded", url="/c/1")
        return {"program_certificate": made}
    if name.startswith("badge"):
        template = of.BadgeTemplateData(uuid="t-1", origin="credly", name="Cabling")
        return {"badge": of.BadgeData(uuid="b-1", user=user, template=template)}
    if name.startswith("course.enrollment"):
        enrolled = of.CourseEnrollmentData(
            user=user, course=course, mode="verified", is_active=True, creation_date=TIME
        )
        return {"enrollment": enrolled}
    if name.startswith("course.persistent"):
        grade = of.PersistentCourseGradeData(
            user_id=42,
            course=course,
            course_edited_timestamp=TIME,
            course_version="3",
            grading_policy_hash="h",
            percent_grade=0.87,
            letter_grade="B",
            passed_timestamp=TIME,
        )
        return {"grade": grade}
    return {"course_passing_status": of.CoursePassingStatusData(is_passing=True, course=course, user=user)}
