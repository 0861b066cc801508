"""What the package `openedx-events` really sends is read, and its schemas are those that we have pinned."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import import_module
from typing import Any

import fastavro.schema
import pytest

from schemas.records import Award, Completion, Enrolment, Record, Revocation
from services.core.holdings import EMPTY, add, facts
from services.core.settle import settle
from services.ingest.dialects.detect import dialect_of
from services.ingest.dialects.dialect import Arrival
from services.ingest.dialects.meanings import EMPTY_MEANINGS
from services.ingest.dialects.openedx import dialect
from services.ingest.dialects.openedx.events import EVENTS, avro_schema
from services.runtime.errors import Rejected
from tests.builders.openedx import PREFIX, TIME, headers, message, sample, signals

NAMES = sorted(event.removeprefix(PREFIX).removesuffix(".v1") for event in EVENTS if "ccx" not in event)
COURSE = "course-v1:ExampleX+NET101+2026"


def records(payload: bytes, told: dict[str, str], source: str = "") -> list[Record]:
    """What a message means."""
    arrival = Arrival(payload, told, source or told.get("ce_source", ""), received_at=TIME)
    assert dialect_of(arrival) is dialect
    return [record for _, record in dialect.translate(arrival, EMPTY_MEANINGS).whole()]


def bus_schema(event_type: str) -> Any:
    """The schema that the event bus registers."""
    serializer = import_module("openedx_events.event_bus.avro.serializer")
    return serializer.AvroSignalSerializer(signals()[event_type]).schema


def shape(schema: Any) -> Any:
    """A schema without names of records, defaults and documentation: what its octets look like."""
    known: dict[str, Any] = {}

    def of(part: Any) -> Any:
        if isinstance(part, list):
            return [of(one) for one in part]
        if isinstance(part, dict):
            if part["type"] != "record":
                return of(part["type"])
            known[part["name"].rpartition(".")[2]] = [(field["name"], of(field["type"])) for field in part["fields"]]
            return known[part["name"].rpartition(".")[2]]
        return known.get(str(part).rpartition(".")[2], part)

    return of(schema)


@pytest.mark.parametrize("event_type", EVENTS)
def test_our_schema_is_the_bus_schema(event_type: str) -> None:
    """Field by field, in order: Avro's octets do not say what they are."""
    ours = fastavro.schema.parse_schema(avro_schema(event_type))
    assert shape(ours) == shape(bus_schema(event_type))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spelling", ["ce_", "ce-"])
def test_every_event_is_read_from_avro(name: str, spelling: str) -> None:
    """With either spelling of the headers, it is one record, of learner 42, with the event's id and time."""
    told = headers(name, spelling=spelling)
    (record,) = records(message(name, sample(name)), told, "openedx/lms/web")
    assert record.account is not None
    assert record.account.account is not None
    assert record.account.account.model_dump() == {"homePage": "urn:openedx", "name": "42"}
    assert (str(record.record_id), record.occurred_at) == (told[f"{spelling}id"], TIME)
    assert isinstance(record, Award | Completion | Enrolment | Revocation)


def test_a_grade_that_never_passed_has_no_time_of_passing_in_json() -> None:
    """Null is nothing to say; a member that is left out is a fault, as in every event."""
    name = "course.persistent_grade_summary.changed"
    grade = {
        "user_id": 42,
        "course": {"course_key": COURSE, "display_name": "Networks", "start": None, "end": None},
        "course_edited_timestamp": "2026-01-01T00:00:00+00:00",
        "course_version": "1",
        "grading_policy_hash": "h",
        "percent_grade": 0.2,
        "letter_grade": "",
        "passed_timestamp": None,
    }
    told = headers(name) | {"content-type": "application/json"}
    (record,) = records(json.dumps({"grade": grade}).encode(), told)
    assert isinstance(record, Completion)
    assert (record.success, record.grade) == (False, None)
    del grade["passed_timestamp"]
    with pytest.raises(Rejected) as refusal:
        records(json.dumps({"grade": grade}).encode(), told)
    assert refusal.value.first.pointer == "/grade/passed_timestamp"


def held(*names: str, at: list[datetime] | None = None) -> list[str]:
    """The achievements held after these events, in this order."""
    found: list[Any] = []
    for number, name in enumerate(names):
        told = headers(name, number=number + 1) | {"ce_time": TIME.replace(hour=10 + number).isoformat()}
        found += [
            settle(record, source="openedx/lms/web", received_at=TIME)
            for record in records(message(name, sample(name)), told)
        ]
    return [award.achievement for award in facts(add(EMPTY, found)).awards if award.revoked_at is None]


def test_a_certificate_is_held_until_it_is_revoked_and_again_when_it_is_made_anew() -> None:
    """Changes of what is on it change nothing."""
    assert held("certificate.created", "certificate.changed") == [COURSE]
    assert held("certificate.created", "certificate.revoked") == []
    assert held("certificate.created", "certificate.revoked", "certificate.created") == [COURSE]


@pytest.mark.parametrize("of, achievement", [("program.certificate", "5d0f"), ("badge", "t-1")])
def test_programs_and_badges_are_held_until_they_are_revoked(of: str, achievement: str) -> None:
    """By the id of the program and of the template."""
    assert held(f"{of}.awarded") == [achievement]
    assert held(f"{of}.awarded", f"{of}.revoked") == []


def test_a_grade_and_a_passing_status_are_of_one_attempt() -> None:
    """So a learner who does not pass any more has not passed, whatever the grade was before."""
    name = "course.passing.status.updated"
    (passing,) = records(message(name, sample(name)), headers(name))
    (graded,) = records(
        message("course.persistent_grade_summary.changed", sample("course.persistent")),
        headers("course.persistent_grade_summary.changed"),
    )
    assert isinstance(passing, Completion)
    assert isinstance(graded, Completion)
    assert (passing.attempt_id, passing.achievement.id) == (graded.attempt_id, graded.achievement.id)
    assert graded.score is not None
    assert (graded.score.scaled, graded.grade, graded.success) == (0.87, "B", True)


def test_services_of_one_platform_speak_of_one_account() -> None:
    """`EVENTS_SERVICE_NAME` says which platform, before the full stop."""
    homes = set()
    for service in ("college.lms", "college.credentials"):
        (record,) = records(message("badge.awarded", sample("badge")), headers("badge.awarded", service=service))
        assert record.account is not None
        assert record.account.account is not None
        homes.add(record.account.account.homePage)
    assert homes == {"urn:openedx:college"}
