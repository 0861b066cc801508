"""The reckoning, on cases small enough to be worked out by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any

import pytest

from deploy.demo.delivery import Delivery, Road
from deploy.demo.reckoning.catalog_files import plain_catalog
from deploy.demo.reckoning.totals import Totals, reckon

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ANN = {"account": {"mbox": "mailto:ann@mail.example"}}
CATALOG = plain_catalog(
    [
        """
achievements:
  - {id: a, type: certification, tags: [net]}
  - {id: b, type: certification, tags: [net]}
  - {id: c, type: course, credits: {value: 3, unit: semester_hour}}
stacks:
  - {id: both, requires: {all: [{award: a}, {award: b}]}}
  - {id: live, requires: {active: true, all: [{award: a}]}}
  - {id: fresh, requires: {award: a, within: P1Y}}
  - {id: split, requires: {all: [{award: {tags: {has: net}}}, {award: a}]}}
  - {id: ordered, requires: {seq: [{award: a}, {award: b}]}}
  - {id: graded, requires: {award: c, min_grade: B-}}
  - {id: narrowed, where: {valid_until: {ne: null}}, requires: {award: a}}
  - {id: forever, status: earned_once, requires: {award: a, active: true}}
  - {id: built-on, requires: {all: [{stack: forever}, {award: b}]}}
  - {id: outer, requires: {all: [{stack: both}, {sum: {of: credits, min: 3, from: {type: course}}}]}}
"""
    ]
)


def _native(*records: dict[str, Any], road: Road = "records") -> list[Delivery]:
    return [Delivery("guild", road, json.dumps(record).encode()) for record in records]


def _award(achievement: str, at: str = "2026-01-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    return {"kind": "award", "occurred_at": at, **ANN, "achievement": {"id": achievement}} | more


def _completion(achievement: str, at: str = "2026-01-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    return {"kind": "completion", "occurred_at": at, **ANN, "achievement": {"id": achievement}} | more


def _standing(totals: Totals, stack: str) -> str | None:
    return next((status for (_, name, status) in totals.standings if name == stack), None)


def test_a_record_sent_twice_and_in_another_offset_is_one() -> None:
    """Equal facts count once, however often and in whatever offset they are written."""
    deliveries = _native(_award("a"), _award("a"), _award("a", at="2026-01-01T02:00:00+02:00"))
    assert reckon(deliveries, CATALOG, NOW).records == 1


@pytest.mark.parametrize(
    "body, reason",
    [
        (b"{", "not_json"),
        (b"\xff", "not_json"),
        (b"[]", "not_a_record"),
        (b'{"kind": "applause"}', "not_a_record"),
        (b'{"kind": "erasure", "occurred_at": "2026-01-01T00:00:00Z"}', "not_a_record"),
        (b'{"kind": "erasure", "occurred_at": "2026-01-01T00:00:00", "worker_id": "w"}', "not_a_record"),
    ],
)
def test_what_is_no_record_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    """Refusals are told apart by what was wrong, and by road."""
    assert reckon([Delivery("guild", "inbox", body)], CATALOG, NOW).refused == {("inbox", reason): 1}


def test_all_parts_make_a_stack() -> None:
    """`all` is met by every part and by nothing less."""
    assert _standing(reckon(_native(_award("a")), CATALOG, NOW), "both") == "in_progress"
    assert _standing(reckon(_native(_award("a"), _award("b")), CATALOG, NOW), "both") == "complete"


def test_an_award_that_ran_out_counts_only_where_it_need_not_be_active() -> None:
    """`active` is judged at the moment asked about."""
    totals = reckon(_native(_award("a", valid_until="2026-06-01T00:00:00Z"), _award("b")), CATALOG, NOW)
    assert (_standing(totals, "live"), _standing(totals, "both")) == ("lapsed", "complete")


def test_an_award_older_than_the_window_no_longer_counts() -> None:
    """`within` looks back by the calendar."""
    assert _standing(reckon(_native(_award("a", at="2025-11-24T00:00:00Z")), CATALOG, NOW), "fresh") == "complete"
    assert _standing(reckon(_native(_award("a", at="2025-11-23T23:59:59Z")), CATALOG, NOW), "fresh") == "lapsed"


def test_one_award_is_not_used_twice() -> None:
    """An award that two rules would take serves one of them, unless a second award frees it."""
    assert _standing(reckon(_native(_award("a")), CATALOG, NOW), "split") == "in_progress"
    assert _standing(reckon(_native(_award("a"), _award("b")), CATALOG, NOW), "split") == "complete"


def test_nested_stacks_and_credits_from_the_catalog_count() -> None:
    """A stack may be part of another, and the catalog says what a course is worth."""
    assert _standing(reckon(_native(_award("a"), _award("b"), _completion("c")), CATALOG, NOW), "outer") == "complete"


def test_a_sequence_is_met_in_order_only() -> None:
    """`seq` wants each part no earlier than the one before; what came too early counts once it is earned again."""
    early, late, later = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"
    out_of_order = _native(_award("a", late), _award("b", early))
    assert _standing(reckon(_native(_award("a", early), _award("b", late)), CATALOG, NOW), "ordered") == "complete"
    assert _standing(reckon(out_of_order, CATALOG, NOW), "ordered") == "in_progress"
    again = _native(_award("b", later, award_id="again"))
    assert _standing(reckon(out_of_order + again, CATALOG, NOW), "ordered") == "complete"
    assert _standing(reckon(_native(_award("b", late)), CATALOG, NOW), "ordered") == "not_started"


def test_a_grade_must_be_good_enough() -> None:
    """`min_grade` compares letters with plus and minus; what has no grade does not count."""
    grades = {grade: _native(_completion("c", grade=grade)) for grade in ("A", "B-", "C+")}
    met = {grade: _standing(reckon(sent, CATALOG, NOW), "graded") for grade, sent in grades.items()}
    assert met == {"A": "complete", "B-": "complete", "C+": "not_started"}
    assert _standing(reckon(_native(_completion("c")), CATALOG, NOW), "graded") == "not_started"


def test_a_stack_counts_only_what_its_own_selector_picks() -> None:
    """`where` narrows every rule of the stack."""
    assert _standing(reckon(_native(_award("a")), CATALOG, NOW), "narrowed") == "not_started"
    ending = _award("a", valid_until="2029-01-01T00:00:00Z")
    assert _standing(reckon(_native(ending), CATALOG, NOW), "narrowed") == "complete"


def test_what_is_earned_once_stays_and_counts_in_other_stacks() -> None:
    """A stack earned once is complete after its parts ran out, also where another stack is built on it."""
    deliveries = _native(_award("a", valid_until="2026-06-01T00:00:00Z"), _award("b", at="2026-07-01T00:00:00Z"))
    totals = reckon(deliveries, CATALOG, NOW)
    assert (_standing(totals, "forever"), _standing(totals, "built-on")) == ("complete", "complete")


def test_a_revocation_counts_whenever_it_comes() -> None:
    """Taken back before the award arrived or after: the award is revoked, and the stack not complete."""
    taken = {"kind": "revocation", "occurred_at": "2026-02-01T00:00:00Z", **ANN, "issuer_id": "guild", "award_id": "a"}
    before, after = _native(taken, _award("a"), _award("b")), _native(_award("a"), _award("b"), taken)
    assert _standing(reckon(before, CATALOG, NOW), "both") != "complete"
    assert reckon(before, CATALOG, NOW) == reckon(after, CATALOG, NOW)


def test_the_newest_statement_of_an_attempt_wins() -> None:
    """A pass that was corrected to a failure is no completion."""
    passed = _completion("c", attempt_id="1")
    failed = _completion("c", at="2026-03-01T00:00:00Z", attempt_id="1", success=False)
    assert _standing(reckon(_native(failed, passed), CATALOG, NOW), "outer") is None


def test_two_accounts_linked_to_one_worker_are_one() -> None:
    """A link joins what was known under either account, before or after it."""
    other = {"account": {"account": {"homePage": "https://lms.example", "name": "ann"}}}
    link = {"kind": "link", "occurred_at": "2026-01-02T00:00:00Z", "worker_id": "staff:1"}
    deliveries = _native(_award("a"), link | ANN, link | other, _award("b") | other)
    assert _standing(reckon(deliveries, CATALOG, NOW), "both") == "complete"


def test_the_newest_link_of_an_account_wins() -> None:
    """A wrong link is undone by a newer one, even if the wrong one arrives last."""
    wrong = {"kind": "link", "occurred_at": "2026-01-01T00:00:00Z", "worker_id": "staff:1", **ANN}
    right = wrong | {"occurred_at": "2026-01-02T00:00:00Z", "worker_id": "staff:2"}
    of_right = _award("b") | {"worker_id": "staff:2"}
    del of_right["account"]
    assert _standing(reckon(_native(right, _award("a"), of_right, wrong), CATALOG, NOW), "both") == "complete"


def test_an_address_and_its_digest_are_one_person() -> None:
    """XAPI's mbox and mbox_sha1sum name the same account. Source: xAPI 1.0.3 Data 2.4.2.3."""
    digest = {"account": {"mbox_sha1sum": sha1(b"mailto:ann@mail.example", usedforsecurity=False).hexdigest()}}
    assert _standing(reckon(_native(_award("a"), _award("b") | digest), CATALOG, NOW), "both") == "complete"


def test_an_erased_worker_is_known_only_by_what_came_later() -> None:
    """Everything up to the erasure is gone, also when it is sent again afterwards."""
    erased = {"kind": "erasure", "occurred_at": "2026-02-01T00:00:00Z", **ANN}
    later = _award("b", at="2026-03-01T00:00:00Z")
    totals = reckon(_native(erased, later, _award("a")), CATALOG, NOW)
    assert _standing(totals, "both") == "in_progress"
    assert _standing(totals, "live") is None


def test_workers_count_for_the_employers_they_are_with_now() -> None:
    """Who left, and who has not started, is not shown; nor what they hold."""
    spell = {"kind": "employment", "occurred_at": "2025-01-01T00:00:00Z", "from": "2025-01-01T00:00:00Z", "to": None}
    here = spell | ANN | {"employer_id": "here"}
    left = here | {"employer_id": "left"}
    ended = left | {"occurred_at": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}
    future = here | {"employer_id": "future", "from": "2027-01-01T00:00:00Z"}
    totals = reckon(_native(ended, here, left, future, _award("a")), CATALOG, NOW)
    assert totals.workers == {"here": 1}
    assert totals.awards == {("here", "active"): 1}


def test_an_enrolment_alone_is_not_started() -> None:
    """Who set out on a stack and has nothing for it stands on it all the same."""
    enrolled = {"kind": "enrolment", "occurred_at": "2026-01-01T00:00:00Z", **ANN, "stack_id": "both"}
    assert _standing(reckon(_native(enrolled), CATALOG, NOW), "both") == "not_started"


def test_a_statement_counts_as_the_record_it_amounts_to() -> None:
    """A passed course and an achieved badge, as an LMS states them."""
    actor = {"objectType": "Agent", "mbox": "mailto:ann@mail.example"}
    passed = {
        "actor": actor,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": "c"},
        "timestamp": "2026-01-01T00:00:00Z",
    }
    statements = [passed, passed | {"verb": {"id": "https://w3id.org/xapi/tla/verbs/achieved"}, "object": {"id": "a"}}]
    deliveries = [Delivery("lms", "xapi", json.dumps(one).encode()) for one in statements]
    deliveries += _native(_award("b"))
    assert _standing(reckon(deliveries, CATALOG, NOW), "outer") == "complete"


def test_a_statement_is_refused_for_any_part_that_is_wrong() -> None:
    """Also for a part that the record it amounts to would not hold, such as a badge's score."""
    statement = {
        "actor": {"mbox": "mailto:ann@mail.example"},
        "verb": {"id": "https://w3id.org/xapi/tla/verbs/achieved"},
        "object": {"id": "a"},
        "timestamp": "2026-01-01T00:00:00Z",
        "result": {"score": {"scaled": 87}},
    }
    totals = reckon([Delivery("lms", "xapi", json.dumps(statement).encode())], CATALOG, NOW)
    assert totals.refused == {("http", "not_a_record"): 1}


def test_a_word_that_is_not_reckoned_is_an_error() -> None:
    """The reckoning never guesses: a rule it does not know stops it."""
    strange = plain_catalog(["stacks: [{id: s, requires: {award: a, overlap: {with: x}}}]"])
    with pytest.raises(ValueError, match="does not know"):
        reckon(_native(_award("a")), strange, NOW)
