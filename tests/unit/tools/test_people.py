"""What importing a roster sends, given what is linked already."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from schemas.values import Account
from services.core.links import registers
from services.core.people import gather
from services.core.pseudonyms import hidden
from services.core.roster import read_roster
from services.core.settle import settle
from services.runtime.identity import IdentityKey
from services.tools.people import Plan, own_worker_id, planned, undoing
from tests.builders.records import award

KEY = IdentityKey(b"a secret of the tests")
AT = datetime(2026, 11, 24, tzinfo=UTC)
ROSTER = "worker_id,email,employer_id,from\nw1,ana@example.org,acme,2025-01-01\nw2,ben@example.org,,\n"


def plan_of(text: str, *before: Plan, source: str = "hr", contradict: bool = False) -> Plan:
    """The plan of a roster, where other plans were carried out by "crm"."""
    known = registers(
        settle(hidden(record, KEY.digesting).record, source="crm" if number else "hr", received_at=AT)
        for number, each in enumerate(before)
        for record in each.records
        if record.kind == "link"
    )
    return planned(
        read_roster(text.splitlines(keepends=True)).rows, known, KEY, source=source, at=AT, contradict=contradict
    )


def test_a_roster_that_is_imported_again_sends_no_link_twice() -> None:
    """Employments are stated again: they change nothing."""
    first = plan_of(ROSTER)
    assert [record.kind for record in first.records] == ["link", "employment", "link"]
    again = plan_of(ROSTER, first)
    assert [record.kind for record in again.records] == ["employment"]
    assert (again.unchanged, again.contradictions) == (2, [])


def test_a_source_corrects_its_own_link() -> None:
    """The newer one replaces it."""
    moved = plan_of(ROSTER.replace("w2", "w9"), plan_of(ROSTER))
    assert [record.worker_id for record in moved.records if record.kind == "link"] == ["w9"]


def test_what_contradicts_another_source_is_left_out_unless_it_is_meant() -> None:
    """And reported either way, with who says what."""
    theirs = plan_of(ROSTER.replace("w2", "w9"), source="crm")
    nothing = plan_of("worker_id,email\n")
    for is_meant in (False, True):
        mine = plan_of(ROSTER, nothing, theirs, contradict=is_meant)
        (found,) = mine.contradictions
        assert (found.row.line, found.worker_id, found.claims[0].target) == (3, "w2", "w9")
        assert [record.worker_id for record in mine.records if record.kind == "link"] == ["w1", "w2"][: 1 + is_meant]


def test_what_the_roster_itself_contests_is_sent_for_neither() -> None:
    """Never guessed."""
    plan = plan_of("worker_id,email\nw1,ana@example.org\nw2,Ana@example.org\nw3,ben@example.org\n")
    assert [record.worker_id for record in plan.records] == ["w3"]
    assert len(plan.contested) == 1


def test_unlinking_puts_everything_back_where_it_was() -> None:
    """As if the roster had never come, whatever the order."""
    accounts = [Account(mbox=f"mailto:{name}@example.org") for name in ("ana", "ben")]
    held = [
        award("a", award_id=str(each), worker_id=own_worker_id(account, KEY)) for each, account in enumerate(accounts)
    ]
    sent = [*plan_of(ROSTER).records, *(undoing(account, KEY, AT.replace(hour=1)) for account in accounts)]
    links = [
        settle(hidden(record, KEY.digesting).record, source="hr", received_at=AT)
        for record in sent
        if record.kind == "link"
    ]
    together = [*held, *links]
    Random(1).shuffle(together)
    assert gather(together) == gather(held)
    assert set(gather([*held, *links[:2]])) == {"w1", "w2"}
