"""Hypothesis strategies of records: few ids and few instants, so that records meet, tie and contradict each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tests.builders import records as build

DAYS = st.integers(0, 6)
IDS = st.sampled_from(["1", "2"])
ISSUERS = st.sampled_from([None, "acme", "comptia"])
RECORD_IDS = st.sampled_from([None] * 8 + [f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2)])
SCORES = st.sampled_from([None, {"scaled": 0.5}, {"scaled": 0.9, "raw": 9.0}, {"raw": 3.0}])
CREDITS = st.sampled_from([None, {"value": 3.0, "unit": "ects"}, {"value": 4.0, "unit": "year"}])
ACHIEVEMENTS = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b"])},
    optional={
        "name": st.sampled_from(["A", "B"]),
        "type": st.just("course"),
        "level": st.sampled_from([100, "beginner"]),
        "tags": st.sampled_from([(), ("x",), ("x", "y")]),
        "skills": st.sampled_from([(), ("sql",)]),
    },
)
INSTANTS = st.one_of(st.none(), DAYS.map(build.day))
OUTCOMES = {
    "achievement": ACHIEVEMENTS,
    "valid_until": INSTANTS,
    "score": SCORES,
    "grade": st.sampled_from([None, "A", "B-"]),
    "credits": CREDITS,
    "trust": st.sampled_from([None, 0, 1, 3]),
}


def _of(kind: str, **members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    common = {"on": DAYS, "record_id": RECORD_IDS, "source": st.sampled_from(["acme", "lms"])}
    return st.fixed_dictionaries({**common, **members}).map(lambda fields: build.settled(kind, **fields))


def _employment(fields: dict[str, Any]) -> Any:
    return build.settled("employment", **{**fields, "to": fields["to"] and max(fields["to"], fields["from"])})


AWARDS = _of("award", issuer_id=ISSUERS, award_id=st.sampled_from([None, "1", "2"]), valid_from=INSTANTS, **OUTCOMES)
VERDICTS = st.sampled_from([None, None, "completed", "passed"])
MOVE_ONS = st.sampled_from([None, None, None, "passed", "completed_and_passed", "not_applicable"])
COMPLETIONS = _of(
    "completion",
    success=st.booleans(),
    attempt_id=st.sampled_from([None, "1"]),
    verdict=VERDICTS,
    move_on=MOVE_ONS,
    **OUTCOMES,
)
REVOCATIONS = _of(
    "revocation", issuer_id=st.sampled_from(["acme", "comptia"]), award_id=IDS, reason=st.sampled_from([None, "fraud"])
)
CREDENTIALS = _of(
    "award",
    issuer_id=st.just("acme"),
    award_id=st.just("1"),
    valid_from=INSTANTS,
    dialect=st.sampled_from(["native", "open_badges", "clr"]),
    **OUTCOMES,
)
VERIFIED = [UUID(f"00000000-0000-4000-8000-00000000000{n}") for n in (1, 2)]
"""Ids of records that verifications are about; some records of `RECORD_IDS` have them."""
VERIFICATIONS = st.fixed_dictionaries(
    {
        "of": st.sampled_from([build.award(record_id=str(each)) for each in VERIFIED]),
        "on": DAYS,
        "trust": st.sampled_from([0, 2, 3]),
        "proof": st.sampled_from([True, False, None, (False, "unsigned")]),
        "status": st.sampled_from([True, None, (False, "revoked"), (False, "suspended")]),
        "status_since": INSTANTS,
    }
).map(lambda fields: build.verification(**fields))
ENROLMENTS = _of("enrolment", stack_id=IDS, stack_version=st.sampled_from([None, "2025", "2026"]))
EMPLOYMENTS = st.fixed_dictionaries(
    {
        "on": DAYS,
        "record_id": RECORD_IDS,
        "employer_id": IDS,
        "from": st.sampled_from([0, 3]).map(build.day),
        "to": INSTANTS,
    }
).map(_employment)
EXCEPTIONS = _of(
    "exception",
    stack_id=IDS,
    type=st.sampled_from(["waive", "block", "change_min"]),
    rule=st.sampled_from([None, "core"]),
    achievement=st.sampled_from([None, "a"]),
    min=st.sampled_from([None, 1.0]),
    withdrawn=st.booleans(),
    by=st.just("registrar"),
    why=st.just("because"),
)
ERASURES = _of("erasure")
LINKS = _of("link", account=st.sampled_from(["a", "b", "c"]).map(build.account), worker_id=st.sampled_from(["w", "v"]))


def tied(record: Any) -> Any:
    """The record under one id and instant that all such records share, so that only content tells them apart."""
    return record.model_copy(update={"record_id": UUID(int=1), "occurred_at": build.day(0)})


def records(*, erasures: bool = True, links: bool = True) -> st.SearchStrategy[Any]:
    """Settled records of every kind, all of worker "w" unless they are links."""
    kinds = [AWARDS, COMPLETIONS, REVOCATIONS, VERIFICATIONS, ENROLMENTS, EMPLOYMENTS, EXCEPTIONS]
    return st.one_of(*kinds, *([ERASURES] if erasures else []), *([LINKS] if links else []))
