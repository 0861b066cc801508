"""Which refused payloads are about a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from schemas.values import Account
from services.core.ids import worker_id_of
from services.ingest.dialects.dialect import Arrival
from services.ingest.dialects.numbered import workers_named
from services.ingest.refused.forgetting import is_about
from services.runtime.errors import Fault
from services.runtime.mentions import of_workers
from services.runtime.rejected import Payload, Refusal
from tests.property.ingest.test_every_dialect import JSONS

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CANVAS = Account.model_validate(
    {"account": {"homePage": "urn:instructure", "name": "urn:instructure:canvas:user:21070000000000042"}}
)
EDX = Account.model_validate({"account": {"homePage": "urn:openedx:college", "name": "42"}})
CREDLY = Account.model_validate({"account": {"homePage": "https://www.credly.com", "name": "u-42"}})
GRADE = {
    "metadata": {"event_name": "grade_change", "event_time": "soon", "root_account_id": "21070000000000001"},
    "body": {"user_id": "42", "submission_id": "7"},
}
PASSING = {"course_passing_status": {"is_passing": "yes", "user": {"id": 42}}}
PASSING_TYPE = {"ce_type": "org.openedx.learning.course.passing.status.updated.v1"}
BADGE = {
    "id": "e1",
    "event_type": "badge.created",
    "occurred_at": "soon",
    "organization": {"id": "o1"},
    "badge": {"user": {"id": "u-42"}},
}


def refused(document: Any, source: str = "openedx/college.lms/web", **headers: str) -> Refusal:
    """The refusal of a payload that came with these headers."""
    said = [(name, value.encode()) for name, value in {"ce_source": source, **headers}.items()]
    return Refusal(Payload.of(json.dumps(document).encode(), None, said), Fault("x", "", "wrong"), "ingest.inbox", NOW)


@pytest.mark.parametrize(
    "refusal, account",
    [
        (refused(GRADE), CANVAS),
        (refused([{"metadata": {"event_name": 1}, "body": {}}, GRADE]), CANVAS),
        (refused({"type": "x", "data": GRADE}), CANVAS),
        (refused({**GRADE, "body": {"user": {"id": 21070000000000042}}}), CANVAS),
        (refused(PASSING, **PASSING_TYPE), EDX),
        (refused({"type": PASSING_TYPE["ce_type"], "specversion": "1.0", "data": PASSING}), EDX),
        (refused(BADGE), CREDLY),
        (refused({"data": BADGE}), CREDLY),
    ],
)
def test_a_person_is_found_by_a_number_alone_and_only_on_that_platform(refusal: Refusal, account: Account) -> None:
    """By the worker id of the account, which links lead to; the same number elsewhere is somebody else."""
    others = {CANVAS, EDX, CREDLY, EDX.model_copy(update={"account": None, "openid": "x:42"})} - {account}
    assert is_about(refusal, of_workers([worker_id_of(account), "w7"]))
    assert not is_about(refusal, of_workers(map(worker_id_of, others)))


def test_a_number_is_of_the_instance_that_sent_it() -> None:
    """Learner 42 of one Open edX is not learner 42 of another."""
    person = of_workers([worker_id_of(EDX)])
    assert not is_about(refused(PASSING, "openedx/academy.lms/web", **PASSING_TYPE), person)
    assert is_about(refused(PASSING, "openedx/college.credentials/web", **PASSING_TYPE), person)


@settings(max_examples=30)
@given(said=JSONS)
def test_whatever_was_sent_can_be_looked_through(said: Any) -> None:
    """Nothing is raised for any JSON in the places that are looked at, or for what is no JSON."""
    sent = (
        {**GRADE, "body": said},
        {**GRADE, "body": {"user_id": said}},
        {"user": said},
        {**BADGE, "user": {"id": said}},
    )
    for payload in (b"\x00\x00\x00\x00\x01\xff", b"{", *(json.dumps(each).encode() for each in sent)):
        for headers in ({}, {"ce_type": PASSING_TYPE["ce_type"]}):
            workers_named(Arrival(payload, headers, "x", received_at=NOW))
