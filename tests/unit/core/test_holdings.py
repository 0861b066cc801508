"""What holdings make of the records of one worker, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from services.core.facts import Employed, Enrolled, Excepted, Facts, Held
from services.core.holdings import EMPTY, add, dumps, facts, loads
from tests.builders.records import (
    award,
    completion,
    day,
    employment,
    enrolment,
    erasure,
    exception,
    link,
    revocation,
)

FULL: dict[str, Any] = {
    "achievement": {"id": "a", "name": "A", "type": "course", "level": 100, "tags": ["x"], "skills": ["sql"]},
    "valid_from": day(0),
    "valid_until": day(100),
    "score": {"scaled": 0.7},
    "grade": "B-",
    "credits": {"value": 3, "unit": "ects"},
    "trust": 1,
}


def judged(*records: Any) -> Facts:
    """The facts that these records end in."""
    return facts(add(EMPTY, records))


def only_award(*records: Any) -> Held:
    """The one award that these records end in."""
    (held,) = judged(*records).awards
    return held


def test_an_award_is_held_with_all_that_its_record_says() -> None:
    """Every member that rules can ask of is there."""
    assert only_award(award(**FULL, on=3)) == Held(
        key="acme/1",
        basis="award",
        achievement="a",
        issuer="acme",
        award_id="1",
        earned_at=day(0),
        valid_from=day(0),
        valid_until=day(100),
        name="A",
        type="course",
        level=100,
        tags=("x",),
        skills=("sql",),
        trust=1,
        grade="B-",
        score=0.7,
        credits=3.0,
        unit="ects",
        source="acme",
        dialect="native",
    )


def test_an_award_without_ids_of_its_own_is_the_sources_award_of_the_achievement() -> None:
    """`issuer_id` falls back to the source and `award_id` to the achievement's id."""
    held = only_award(award("a", issuer_id=None, award_id=None, source="lms"))
    assert (held.key, held.issuer, held.award_id) == ("lms/a", "lms", "a")


def test_an_award_without_valid_from_is_earned_when_it_occurred() -> None:
    """`earned_at` is `valid_from`, else `occurred_at`."""
    held = only_award(award(on=4))
    assert (held.earned_at, held.valid_from) == (day(4), None)


def test_a_later_record_that_only_raises_trust_leaves_everything_else() -> None:
    """A statement has a say only in the groups whose members it gives."""
    before, raised = award(**FULL, on=0), award("a", on=9, trust=3)
    changed = {"trust": 3}
    assert _members(only_award(before, raised)) == _members(only_award(before)) | changed


def test_a_newer_statement_replaces_a_result_whole() -> None:
    """A new score beside an old grade would be a result that nobody gave."""
    held = only_award(award(**FULL, on=0), award("a", on=9, score={"scaled": 0.9}))
    assert (held.score, held.grade, held.credits) == (0.9, None, 3.0)


def test_a_renewal_states_the_whole_period() -> None:
    """Who gives `valid_from` and no end, says that there is no end."""
    held = only_award(award(**FULL), award("a", on=50, valid_from=day(50)))
    assert (held.earned_at, held.valid_from, held.valid_until) == (day(50), day(50), None)


def test_an_extension_leaves_the_start() -> None:
    """Who gives only `valid_until` moves the end."""
    held = only_award(award(**FULL), award("a", on=50, valid_until=day(300)))
    assert (held.earned_at, held.valid_until) == (day(0), day(300))


def test_a_renewal_reported_before_the_older_period_still_wins() -> None:
    """Newest is by the period, not by when it was reported."""
    renewal, first = award("a", on=1, valid_from=day(50)), award("a", on=2, valid_from=day(0))
    assert only_award(renewal, first).valid_from == day(50)


def test_within_one_period_what_was_said_later_wins() -> None:
    """A correction keeps the period's dates and must not depend on the luck of its id."""
    first = award("a", on=1, valid_from=day(0), grade="C", record_id="ffffffff-ffff-4fff-bfff-ffffffffffff")
    correction = award("a", on=2, valid_from=day(0), grade="B", record_id="00000000-0000-4000-8000-000000000000")
    assert only_award(correction, first).grade == "B"


def test_an_award_corrected_to_another_achievement_drops_the_wrong_ones_description() -> None:
    """A description is of one achievement."""
    held = only_award(award(**FULL, on=0), award("b", on=1))
    assert (held.achievement, held.name, held.tags, held.grade) == ("b", None, (), "B-")


@pytest.mark.parametrize("order", [1, -1])
def test_a_revocation_counts_from_its_date_and_may_come_first(order: int) -> None:
    """It is a dated fact about the award, not a deletion of it."""
    held = only_award(*[award(on=0), revocation(on=5, reason="fraud")][::order])
    assert (held.revoked_at, held.revoked_reason) == (day(5), "fraud")


def test_of_several_revocations_the_first_counts() -> None:
    """What is revoked on day 5 is not valid on day 6 because somebody says so again on day 8."""
    assert only_award(revocation(on=8), award(on=0), revocation(on=5)).revoked_at == day(5)


def test_an_award_made_anew_after_its_revocation_is_in_force() -> None:
    """A period that begins after the revocation and is stated after it re-instates."""
    assert only_award(award(on=0), revocation(on=5), award(on=7, valid_from=day(6))).revoked_at is None


def test_sending_an_old_award_again_does_not_undo_its_revocation() -> None:
    """Without a new `valid_from` there is no new award."""
    assert only_award(award(on=0), revocation(on=5), award(on=7)).revoked_at == day(5)


def test_a_period_stated_before_the_revocation_does_not_undo_it() -> None:
    """An award issued ahead of its start can be withdrawn before it starts."""
    assert only_award(award(on=0, valid_from=day(10)), revocation(on=5)).revoked_at == day(5)


def test_a_period_that_begins_on_the_day_of_the_revocation_is_revoked() -> None:
    """Both must be strictly after."""
    assert only_award(revocation(on=5), award(on=7, valid_from=day(5))).revoked_at == day(5)


def test_an_award_can_be_revoked_again() -> None:
    """Revoked, re-instated, revoked: revoked from the second date."""
    records = [award(on=0), revocation(on=5), award(on=7, valid_from=day(6)), revocation(on=9)]
    assert only_award(*records).revoked_at == day(9)


def test_a_successful_completion_holds_its_achievement() -> None:
    """Its issuer is the source, its award id names the attempt."""
    held = only_award(completion("a", on=2, attempt_id="7", source="lms", grade="A"))
    assert (held.basis, held.key, held.earned_at, held.grade) == ("completion", "lms/completion:a:7", day(2), "A")


def test_every_completion_without_attempt_id_is_an_attempt_of_its_own() -> None:
    """Two records, two attempts; the same record twice is one."""
    first, second = completion("a", on=1), completion("a", on=2)
    assert {held.earned_at for held in judged(first, second, first).awards} == {day(1), day(2)}


def test_an_attempt_that_turns_out_failed_is_not_held() -> None:
    """The newest statement about one attempt says whether it succeeded."""
    assert judged(completion(attempt_id="1", on=1), completion(attempt_id="1", on=2, success=False)) == Facts()


def test_the_newest_enrolment_on_a_stack_says_its_version() -> None:
    """One enrolment a stack."""
    records = [enrolment("s", stack_version="2026", on=5), enrolment("s", stack_version="2025", on=1)]
    assert judged(*records).enrolments == (Enrolled("s", "2026", day(5)),)


def test_the_newest_statement_about_an_employment_says_when_it_ended() -> None:
    """Identity: employer and first day."""
    records = [
        employment("e", start=0, end=30, on=20),
        employment("e", start=0, on=0),
        employment("e", start=50, on=50),
    ]
    assert judged(*records).employments == (Employed("e", day(0), day(30)), Employed("e", day(50), None))


def test_a_withdrawn_exception_is_gone_even_if_the_decision_comes_later() -> None:
    """The withdrawal is the newer statement of the same decision."""
    assert judged(exception(rule="r", on=5, withdrawn=True), exception(rule="r", on=1)) == Facts()


def test_two_records_with_one_id_and_instant_are_told_apart_by_content() -> None:
    """Which of the two wins is arbitrary, but never who came first."""
    one_id = "00000000-0000-4000-8000-000000000001"
    records = [enrolment("s", stack_version=version, record_id=one_id) for version in ("2025", "2026")]
    assert judged(*records) == judged(*reversed(records))


def test_an_exception_is_held_with_who_and_why() -> None:
    """A registrar's decision is explained in progress."""
    (held,) = judged(exception("s", type="block", rule="r", achievement="a", on=1)).exceptions
    assert held == Excepted("s", "block", "r", "a", None, "registrar", "because", day(1))


@pytest.mark.parametrize("order", [1, -1])
def test_an_erasure_takes_everything_up_to_its_instant(order: int) -> None:
    """Whatever the order: what was said up to the erasure is gone, what is said after it stays."""
    records = [
        award(on=1),
        revocation(on=2, award_id="2"),
        enrolment(on=3),
        employment(on=4),
        exception(on=5),
        completion(on=5),
        erasure(on=5),
        award("b", on=6, award_id="2"),
    ]
    assert judged(*records[::order]) == judged(award("b", on=6, award_id="2"))


def test_an_erasure_stores_nothing_of_what_it_took() -> None:
    """The bytes hold the erasure's instant and no more."""
    assert dumps(add(EMPTY, [award(**FULL, on=1), erasure(on=5)])) == dumps(add(EMPTY, [erasure(on=5)]))


def test_what_an_erasure_leaves_is_what_was_hidden_behind_it() -> None:
    """A statement that a newer period had silenced speaks again when that one is erased."""
    newer_period_said_first = award("a", on=1, valid_from=day(10), grade="A")
    older_period_said_later = award("a", on=4, valid_from=day(2), grade="B")
    held = only_award(newer_period_said_first, older_period_said_later, erasure(on=3))
    assert (held.valid_from, held.grade) == (day(2), "B")


def test_links_are_no_part_of_holdings() -> None:
    """They move holdings."""
    assert add(EMPTY, [link("a", "w")]) == EMPTY


def test_adding_what_is_known_gives_back_the_same_object() -> None:
    """So that nothing is written again for a duplicate."""
    records = [award(**FULL), revocation(), enrolment(), employment(), exception(), erasure(on=-1)]
    held = add(EMPTY, records)
    assert add(held, records) is held


def test_bytes_are_small() -> None:
    """An award with all members takes about as much as its JSON or less."""
    held = add(EMPTY, [award(**FULL)])
    assert len(dumps(held)) < 220
    assert loads(dumps(held)) == held


def _members(held: Held) -> dict[str, Any]:
    return {name: getattr(held, name) for name in held.__struct_fields__}
