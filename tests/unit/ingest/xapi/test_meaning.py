"""Which statements are learning records, and which."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.catalog import Mapping
from schemas.records import Award, Completion, Record, Revocation
from services.core.holdings import EMPTY, add, facts
from services.core.settle import settle
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings, meanings_of
from services.ingest.dialects.xapi.batch import translate
from services.runtime.errors import Rejected
from tests.builders.statements import statement

NOW = datetime(2026, 11, 24, tzinfo=UTC)
REGISTRATION = "6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11"


def records_of(*statements: dict[str, Any], meanings: Meanings = EMPTY_MEANINGS) -> list[Record]:
    """What statements of the source `lms` mean."""
    made = translate(list(statements), source="lms", received_at=NOW, meanings=meanings)
    return [record for _, record in made.records]


def held(*statements: dict[str, Any]) -> list[str]:
    """The achievements that a worker holds who is told of by the statements."""
    settled = [settle(record, source="lms", received_at=NOW) for record in records_of(*statements)]
    return [award.achievement for award in facts(add(EMPTY, settled)).awards if award.revoked_at is None]


def test_a_completed_course_is_a_completion() -> None:
    """The record carries the statement's person, activity, score, time and id."""
    (record,) = records_of(statement(id=REGISTRATION, result={"score": {"scaled": 0.5}}))
    assert isinstance(record, Completion)
    assert (record.achievement.id, record.achievement.type) == ("https://lms.example.org/course/7", "course")
    assert (record.success, str(record.record_id)) == (True, REGISTRATION)
    assert record.score is not None
    assert record.score.scaled == 0.5
    assert record.account is not None
    assert record.account.account is not None
    assert record.account.account.name == "ana"
    assert record.occurred_at == datetime(2026, 2, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "of_type",
    ["video", "question", "cmi.interaction", "http://id.tincanapi.com/activitytype/resource"],
)
def test_a_completed_activity_that_is_no_achievement_is_no_record(of_type: str) -> None:
    """`completed` is said of videos and questions, too: the type decides."""
    assert records_of(statement(verb="completed", of_type=of_type)) == []


@pytest.mark.parametrize("verb, of_type", [("completed", "assessment"), ("completed", "attempt"), ("scored", "exam")])
def test_a_test_come_to_its_end_is_an_attempt_that_succeeded_only_if_somebody_says_so(verb: str, of_type: str) -> None:
    """Kept with its score either way, so that a mapping's pass mark applies whenever it comes."""
    score = {"score": {"raw": 4, "max": 5}}
    unjudged, passed, failed = (
        records_of(statement(verb=verb, of_type=of_type, result={**score, **said}))
        for said in ({}, {"success": True}, {"success": False})
    )
    kept = [record for record in (*unjudged, *failed) if isinstance(record, Completion)]
    assert [(record.success, record.score and record.score.scaled) for record in kept] == [(False, 0.8)] * 2
    assert [record.success for record in passed if isinstance(record, Completion)] == [True]


def test_a_score_takes_no_verdict_back() -> None:
    """In one registration, a bare score that comes after a pass is beside it."""
    enrolled = {"context": {"registration": REGISTRATION}}
    passed = statement(verb="passed", of_type="assessment", **enrolled)
    scored = statement(verb="scored", of_type="assessment", timestamp="2026-02-02T09:30:00Z", **enrolled)
    assert held(passed, scored) == ["https://lms.example.org/course/7"]


@pytest.mark.parametrize(
    "verb, of_type",
    [("completed", "video"), ("scored", "interaction"), ("earned", "question"), ("passed", "interaction")],
)
def test_what_a_mapping_speaks_of_is_a_record_whatever_its_type(verb: str, of_type: str) -> None:
    """A score without a verdict is an attempt that did not succeed, until the mapping's pass mark says otherwise."""
    said = statement(verb=verb, of_type=of_type, result={"score": {"scaled": 0.8}})
    mapping = Mapping(dialect="xapi", id="https://lms.example.org/course/7", achievement="networks-1", pass_mark=0.7)
    assert records_of(said) == []
    assert records_of(said, meanings=meanings_of([mapping.model_copy(update={"source": "another"})])) == []
    (record,) = records_of(said, meanings=meanings_of([mapping]))
    assert isinstance(record, Completion)
    assert record.achievement.id == "https://lms.example.org/course/7"
    assert record.success is (verb in {"completed", "passed"})
    assert record.score is not None


def unit(verb: str, timestamp: str, move_on: str | None = None) -> dict[str, Any]:
    """A statement that cmi5 defines, about a unit, with what its launch asks for."""
    context: dict[str, Any] = {
        "registration": REGISTRATION,
        "contextActivities": {"category": [{"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}]},
    }
    if move_on is not None:
        context["extensions"] = {"https://w3id.org/xapi/cmi5/context/extensions/moveon": move_on}
    return statement(verb=verb, of_type=None, timestamp=timestamp, context=context)


@pytest.mark.parametrize(
    "of_type",
    [
        "course",
        "module",
        "lesson",
        "http://id.tincanapi.com/activitytype/lms/course",
        "http://id.tincanapi.com/activitytype/legacy-learning-standard",
        "https://w3id.org/xapi/cmi5/activitytype/course",
        "https://w3id.org/xapi/cmi5/activitytype/block",
        None,
    ],
)
def test_a_completed_achievement_counts_whatever_vocabulary_says_so(of_type: str | None) -> None:
    """Vocabularies differ in prefix only; an activity without a type is taken at its word."""
    assert held(statement(of_type=of_type)) == ["https://lms.example.org/course/7"]


def test_a_passed_exam_counts_and_a_completed_one_does_not() -> None:
    """Sitting an exam is no achievement; passing it is."""
    assert held(statement(verb="passed", of_type="assessment")) == ["https://lms.example.org/course/7"]
    assert held(statement(verb="completed", of_type="assessment")) == []


def test_a_course_failed_after_it_was_passed_is_no_longer_held() -> None:
    """Open edX says `failed` when a grade falls below the mark again; the statements come in any order."""
    passed, failed = statement(verb="passed"), statement(verb="failed", timestamp="2026-02-02T00:00:00Z")
    assert held(passed, failed) == held(failed, passed) == []


def test_a_failed_retake_of_an_exam_takes_nothing_away() -> None:
    """Without a registration each attempt at an exam stands for itself."""
    passed = statement(verb="passed", of_type="assessment")
    failed = statement(verb="failed", of_type="assessment", timestamp="2026-02-02T00:00:00Z")
    assert held(passed, failed) == ["https://lms.example.org/course/7"]


def test_uncompleted_takes_completed_back() -> None:
    """Moodle sends `uncompleted` when a teacher takes a completion mark away."""
    taken_back = statement(verb="uncompleted", timestamp="2026-02-02T00:00:00Z")
    assert held(statement(), taken_back) == []


def test_satisfied_is_a_completion_of_the_course() -> None:
    """cmi5 9.3.9: `satisfied` is the LMS's verdict on a course or block."""
    verb = "https://w3id.org/xapi/adl/verbs/satisfied"
    assert held(statement(verb=verb, context={"registration": REGISTRATION})) == ["https://lms.example.org/course/7"]


@pytest.mark.parametrize(
    "move_on,verbs,holds",
    [
        ("Completed", ["passed"], False),
        ("Completed", ["completed"], True),
        ("Passed", ["completed"], False),
        ("Passed", ["completed", "passed"], True),
        ("CompletedAndPassed", ["completed"], False),
        ("CompletedAndPassed", ["passed", "completed"], True),
        ("CompletedAndPassed", ["failed", "completed", "passed"], True),
        ("CompletedOrPassed", ["failed"], False),
        ("CompletedOrPassed", ["failed", "completed"], True),
        ("NotApplicable", [], True),
        ("Passed", ["waived"], True),
        (None, ["passed"], True),
        (None, ["failed"], False),
    ],
)
def test_a_unit_of_cmi5_counts_as_its_launch_asks(move_on: str | None, verbs: list[str], holds: bool) -> None:  # noqa: FBT001
    """cmi5 10.2.4, moveOn: in whatever order the verdicts and the launch come; a launch alone is no attempt at all."""
    said = [unit(verb, f"2026-02-01T10:0{minute}:00Z") for minute, verb in enumerate(verbs)]
    launch = [] if move_on is None else [unit("launched", "2026-02-01T09:00:00Z", move_on)]
    again = [] if move_on is None else [unit("launched", "2026-02-01T11:00:00Z", move_on)]
    wanted = ["https://lms.example.org/course/7"] if holds else []
    assert held(*launch, *said) == held(*reversed(said), *again, *launch) == wanted


def test_what_cmi5_allows_beside_judges_no_unit() -> None:
    """cmi5 9.6.2.1: without the category it is the content's own word; of a thing with a type it says what it says."""
    session = {"extensions": {"https://w3id.org/xapi/cmi5/context/extensions/sessionid": "s-1"}}
    context = {"registration": REGISTRATION, **session}
    assert held(statement(verb="passed", of_type=None, context=context)) == []
    assert held(statement(verb="passed", of_type="module", context=context)) == ["https://lms.example.org/course/7"]


def test_a_launch_is_no_attempt_even_where_any_attempt_counts() -> None:
    """A mapping that takes any attempt still wants one."""
    mapping = Mapping(id="https://lms.example.org/course/7", achievement="drill", any_attempt=True)
    launched, failed = unit("launched", "2026-02-01T09:00:00Z", "Passed"), unit("failed", "2026-02-01T10:00:00Z")

    def counted(*statements: dict[str, Any]) -> list[str]:
        gained = facts(add(EMPTY, records_of(*statements)), meanings_of([mapping]))
        return [award.achievement for award in gained.awards]

    assert counted(launched) == []
    assert counted(launched, failed) == ["drill"]


def test_a_badge_achieved_is_an_award_and_forfeited_revokes_it() -> None:
    """Moodle's plugin says `achieved` and `forfeited` of badges; both must name the same award."""
    badge = {"of_type": "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/badge"}
    achieved = statement(verb="https://w3id.org/xapi/tla/verbs/achieved", **badge)
    forfeited = statement(verb="https://w3id.org/xapi/tla/verbs/forfeited", timestamp="2026-02-02T00:00:00Z", **badge)
    award, revocation = records_of(achieved, forfeited)
    assert isinstance(award, Award)
    assert isinstance(revocation, Revocation)
    assert (award.issuer_id, award.award_id) == (revocation.issuer_id, revocation.award_id)
    assert award.achievement.type == "badge"
    assert held(achieved) == ["https://lms.example.org/course/7"]
    assert held(achieved, forfeited) == []


@pytest.mark.parametrize("letter,holds", [("B+", True), ("Fail", False)])
def test_a_letter_grade_earned_counts_unless_it_is_a_fail(letter: str, holds: bool) -> None:  # noqa: FBT001
    """Open edX's letter-grade route is `earned`, with the letter in an extension."""
    extensions = {"http://www.tincanapi.co.uk/activitytypes/grade_classification": letter}
    earned = statement(verb="http://id.tincanapi.com/verb/earned", result={"extensions": extensions})
    assert bool(held(earned)) is holds
    (record,) = records_of(earned)
    assert isinstance(record, Completion)
    assert record.grade == letter


def test_an_unsuccessful_completion_is_not_held() -> None:
    """`success: false` on `completed` says that it did not succeed; `completion: false`, that it is no completion."""
    assert held(statement(result={"success": False})) == []
    assert records_of(statement(result={"completion": False})) == []


@pytest.mark.parametrize(
    "other",
    [
        statement(verb="attempted"),
        statement(actor={"objectType": "Group", "member": [{"mbox": "mailto:a@example.org"}]}),
        statement(object={"objectType": "Agent", "mbox": "mailto:b@example.org"}),
        statement(object={"objectType": "StatementRef", "id": REGISTRATION}),
    ],
)
def test_other_statements_are_good_and_mean_no_record(other: dict[str, Any]) -> None:
    """They get an id like any other."""
    translation = translate([other], source="lms", received_at=NOW)
    assert (len(translation.ids), translation.records) == (1, [])


def test_a_statement_that_no_record_can_hold_is_refused() -> None:
    """An activity id longer than a record may hold is a fault of the payload, with its index."""
    too_long = statement(object={"id": "https://x.org/" + "a" * 3000})
    with pytest.raises(Rejected) as refusal:
        translate([statement(), too_long], source="lms", received_at=NOW)
    assert (refusal.value.first.code, refusal.value.first.index) == ("unrepresentable", 1)
