"""What one batch leads to, case by case. Orders, cuts and crashes are in tests/property/aggregate."""

from __future__ import annotations

from typing import Any

from services.aggregate.changes import Changes
from services.aggregate.rows import COLUMNS, micros
from services.aggregate.step import ABSORB_TYPE, Message, reevaluate, step
from services.core import branches
from services.core.ids import worker_id_of
from services.core.people import WorkerState
from services.core.settle import routing_key
from services.core.stacks.compile import CompiledCatalog
from services.runtime.epochs import row_version
from tests.builders.catalogs import awards, catalog
from tests.builders.records import (
    award,
    completion,
    day,
    employment,
    enrolment,
    erasure,
    exception,
    link,
    stated,
)

DUO = catalog({"duo": awards("a", "b")}, [{"id": "a", "name": "Alpha", "type": "course"}, "b", "c"])
NOW = day(10)
A = worker_id_of(stated("erasure", account={"mbox": "mailto:a@example.org"}).account)
EMPLOYMENTS = (
    employment("now", start=0),
    employment("also", start=10),
    employment("before", start=0, end=10),
    employment("later", start=11),
)
States = dict[str, WorkerState]


def messages(*whats: Any, version: int = 1) -> list[Message]:
    """Records, or (worker, absorb) pairs, as they are on the log from this version on."""
    sent = []
    for place, what in enumerate(whats):
        worker_id, content = what if isinstance(what, tuple) else (routing_key(what), what)
        sent.append(Message(worker_id, content, version + place, b"as sent"))
    return sent


def run(*whats: Any, states: States | None = None, by: CompiledCatalog = DUO, version: int = 1) -> Changes:
    """One batch on top of these states."""
    return step(states or {}, messages(*whats, version=version), by, NOW)


def seen(changes: Changes, table: str, *names: str) -> list[tuple[Any, ...]]:
    """The named columns of a table's rows, in order."""
    places = [COLUMNS[table].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in getattr(changes, table)]


def _shown(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows but those that take back what nobody was shown, which only a worker that is known has."""
    return [row for row in rows if not (row[0] == "" and row[-1])]


def test_a_record_is_kept_as_it_was_on_the_log() -> None:
    """One row a record, its body the bytes that came."""
    record = award("a", on=1)
    (row,) = run(record).records
    assert row == (
        record.record_id,
        "w",
        "award",
        "a",
        "acme",
        "1",
        micros(day(1)),
        micros(day(1)),
        "acme",
        "native",
        b"as sent",
        1,
    )


def test_a_worker_without_employer_is_shown_under_no_employer() -> None:
    """So that who is employed later is shown at once, and nobody else sees it meanwhile."""
    changes = run(award("a", on=1))
    assert seen(changes, "awards", "employer_id", "achievement_id", "is_deleted") == [("", "a", 0)]
    assert seen(changes, "progress", "employer_id", "stack_id", "progress", "is_deleted") == [("", "duo", 0.5, 0)]


def test_a_worker_is_shown_to_every_current_employer_and_to_no_other() -> None:
    """Employers before, after and at the instant itself."""
    changes = run(award("a", on=1), *EMPLOYMENTS)
    assert seen(changes, "awards", "employer_id", "is_deleted") == [
        ("also", 0),
        ("now", 0),
        ("before", 1),
        ("later", 1),
    ]


def test_a_worker_known_before_it_was_employed_is_no_longer_among_those_with_no_employer() -> None:
    """Known to this log, or to one before it, of which no state may be left."""
    award_a = award("a", on=1)
    shown = [("also", 0), ("now", 0), ("", 1), ("before", 1), ("later", 1)]
    known = run(*EMPLOYMENTS, states=run(award_a).states, version=2)
    again = run(award_a, *EMPLOYMENTS, version=row_version(2, 0))
    assert seen(known, "awards", "employer_id", "is_deleted") == shown
    assert seen(again, "awards", "employer_id", "is_deleted") == shown


def test_what_the_catalog_says_of_an_achievement_goes_before_what_records_say() -> None:
    """Names that every source spells in its own way are the registrar's."""
    changes = run(award({"id": "a", "name": "alpha (old)", "level": 2}))
    assert seen(changes, "awards", "achievement_name", "type", "level") == [("Alpha", "course", "2")]


def test_a_stack_is_judged_once_a_batch_however_many_records_touch_it() -> None:
    """One row, of the last message's version."""
    changes = run(award("a"), award("b", award_id="2"), completion("a"))
    assert seen(changes, "progress", "stack_id", "complete", "version") == [("duo", 1, 3)]
    assert [progress.complete for progress in changes.progress_messages] == [True]


def test_only_stacks_that_the_news_touch_are_judged() -> None:
    """The others stay as they are."""
    both = catalog({"one": awards("a"), "two": awards("b")}, "ab")
    first = run(award("a"), by=both)
    changes = run(award("b", award_id="2"), states=first.states, by=both, version=2)
    assert seen(changes, "progress", "stack_id") == [("two",)]
    assert changes.states["w"].stacks == ("one", "two")


def test_the_same_batch_again_gives_the_same_rows_and_no_state() -> None:
    """Nothing is lost to a crash before the offsets were committed, and nothing is stored for it."""
    batch = [award("a", on=1), employment("e"), enrolment("duo"), exception("duo", rule="r")]
    first = run(*batch)
    again = run(*batch, states=first.states)
    assert again.records == first.records
    assert _shown(again.awards) == _shown(first.awards)
    assert _shown(again.progress) == _shown(first.progress)
    assert again.states == {}


def test_an_award_corrected_to_another_achievement_takes_its_stack_back() -> None:
    """Nothing that the worker has concerns that stack any more."""
    first = run(award("a", on=1))
    changes = run(award("c", on=2), states=first.states, version=2)
    assert seen(changes, "progress", "stack_id", "is_deleted") == [("duo", 1)]
    assert changes.progress_gone == [("w", "duo")]
    assert changes.states["w"].stacks == ()


def test_an_attempt_that_turns_out_failed_is_taken_back() -> None:
    """Its row is deleted."""
    first = run(completion("a", attempt_id="1", on=1))
    changes = run(completion("a", attempt_id="1", on=2, success=False), states=first.states, version=2)
    assert seen(changes, "awards", "award_id", "is_deleted") == [("completion:a:1", 1)]


def test_setting_out_on_a_stack_shows_it_at_zero() -> None:
    """An enrolment concerns its stack; one that the catalog does not know waits for it."""
    changes = run(enrolment("duo"), enrolment("unknown"))
    assert seen(changes, "progress", "stack_id", "status", "progress") == [("duo", "not_started", 0.0)]


def test_an_employment_that_ends_by_the_clock_ends_what_the_employer_sees() -> None:
    """The worker wakes when it ends, and is then shown to nobody."""
    first = run(award("a", on=1), employment("e", start=0, end=20))
    assert first.timers == {"w": day(20)}
    changes = reevaluate(first.states, DUO, day(20), 9)
    assert set(seen(changes, "awards", "employer_id", "is_deleted", "version")) == {("", 0, 9), ("e", 1, 9)}
    assert set(seen(changes, "progress", "employer_id", "is_deleted")) == {("", 0), ("e", 1)}
    assert changes.timers == {"w": None}


def test_an_award_that_expires_by_the_clock_changes_progress() -> None:
    """The worker wakes on the day; awards need not be written again for that."""
    first = run(award("a", on=1, valid_until=day(15)))
    assert first.states["w"].wake_at == day(15)
    changes = reevaluate(first.states, DUO, day(15), 9, awards=False)
    assert seen(changes, "progress", "progress", "version") == [(0.0, 9)]
    assert changes.awards == []


def test_a_new_stack_fires_for_what_was_earned_before() -> None:
    """And a stack that is gone from the catalog is gone from the tables."""
    first = run(award("a", on=1))
    changes = reevaluate(first.states, catalog({"solo": awards("a")}, "a"), NOW, 9)
    assert seen(changes, "progress", "stack_id", "complete", "is_deleted") == [("solo", 1, 0), ("duo", 0, 1)]


def test_an_erasure_takes_everything_back() -> None:
    """Awards, progress and employments, for all who saw them."""
    first = run(award("a", on=1), employment("e"))
    changes = run(erasure(on=5), states=first.states, version=3)
    assert ("e", "1", 1) in seen(changes, "awards", "employer_id", "award_id", "is_deleted")
    assert ("e", "duo", 1) in seen(changes, "progress", "employer_id", "stack_id", "is_deleted")
    assert seen(changes, "employments", "employer_id", "is_deleted") == [("e", 1)]
    assert {row[-1] for row in (*changes.awards, *changes.progress)} == {1}


def test_a_linked_id_sends_what_it_has_and_is_shown_no_more() -> None:
    """Its rows are deleted; the target's log gets its holdings."""
    first = run(award("a", on=1, worker_id=A), employment("e", worker_id=A))
    changes = run(link("a", "w", on=2), states=first.states, version=3)
    (outgoing,) = changes.outgoing
    assert outgoing.key == b"w"
    assert ("ce_type", ABSORB_TYPE.encode()) in outgoing.headers
    assert {row[-1] for row in (*changes.awards, *changes.progress, *changes.employments)} == {1}
    assert changes.progress_gone == [(A, "duo")]


def test_the_target_shows_what_was_sent_to_it() -> None:
    """Together with its own."""
    sent = run(award("a", on=1, worker_id=A), link("a", "w", on=2)).outgoing[0]
    own = run(award("b", award_id="2"))
    changes = run(("w", branches.loads(sent.value)), states=own.states, version=2)
    assert changes.records == []
    assert seen(changes, "progress", "worker_id", "stack_id", "complete") == [("w", "duo", 1)]


def test_later_records_of_a_linked_id_are_kept_and_sent_on() -> None:
    """Only the news; nothing is shown of the id itself."""
    first = run(link("a", "w", on=2))
    changes = run(award("a", on=3, worker_id=A), states=first.states, version=2)
    assert len(changes.records) == 1
    assert (changes.awards, changes.progress) == ([], [])
    (outgoing,) = changes.outgoing
    assert list(branches.loads(outgoing.value).own.awards) == ["acme\n1"]


def test_the_same_news_are_sent_under_the_same_event_id() -> None:
    """Whoever listens can drop the repetition."""
    batch = [award("a", on=1, worker_id=A), link("a", "w", on=2)]
    first = run(*batch)
    again = run(*batch, states=first.states)
    assert [dict(sent.headers)["ce_id"] for sent in again.outgoing] == [
        dict(s.headers)["ce_id"] for s in first.outgoing
    ]
