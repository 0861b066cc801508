"""Who a worker is by links, case by case; every case by `gather` and by messages."""

from __future__ import annotations

from random import Random
from typing import Any

from services.core.holdings import EMPTY, facts
from services.core.ids import worker_id_of
from services.core.links import Conflict, heard
from services.core.people import conflicts, gather
from tests.builders.records import award, erasure, link, stated
from tests.property.core.postal import PostOffice


def id_of(name: str) -> str:
    """The worker id of the account of `name`."""
    return worker_id_of(stated("erasure", account={"mbox": f"mailto:{name}@example.org"}).account)


A, B, C = id_of("a"), id_of("b"), id_of("c")


def held(*records: Any) -> dict[str, list[str]]:
    """Worker -> achievements, found both ways."""
    office = PostOffice(records, Random(1))
    office.run()
    said = {worker_id: holdings for worker_id, holdings in office.shown().items() if holdings != EMPTY}
    assert said == gather(records)
    return {worker_id: [one.achievement for one in facts(holdings).awards] for worker_id, holdings in said.items()}


def test_an_account_linked_to_a_worker_counts_there_and_nowhere_else() -> None:
    """What it had before, and what comes after."""
    records = [award("x", worker_id=A, on=0), link("a", "w", on=1), award("y", award_id="2", worker_id=A, on=2)]
    assert held(*records) == {"w": ["x", "y"]}


def test_links_are_followed_to_the_end_of_the_chain() -> None:
    """An account of an account."""
    assert held(award("x", worker_id=A), link("a", B), link("b", "w")) == {"w": ["x"]}


def test_accounts_linked_in_a_circle_are_the_smallest_of_them() -> None:
    """Two sources that each name the other's account: one person, and the same one for everybody."""
    records = [award("x", worker_id=A), award("y", worker_id=B, award_id="2"), link("a", B), link("b", A)]
    assert held(*records) == {min(A, B): ["x", "y"]}


def test_an_account_that_leads_into_a_circle_is_of_the_circle() -> None:
    """It has no smaller id of its own to offer."""
    records = [award("x", worker_id=C), link("c", A), link("a", B), link("b", A)]
    assert held(*records) == {min(A, B): ["x"]}


def test_the_newest_link_decides() -> None:
    """Whatever the order they come in."""
    assert held(award("x", worker_id=A), link("a", "v", on=5), link("a", "w", on=1)) == {"v": ["x"]}


def test_a_wrong_link_is_undone_by_linking_the_account_to_itself() -> None:
    """What was the wrong worker's own stays there, the rest goes home."""
    records = [award("x", worker_id=A), award("y", worker_id="w"), link("a", "w", on=1), link("a", A, on=2)]
    assert held(*records) == {A: ["x"], "w": ["y"]}


def test_erasing_an_account_erases_the_person() -> None:
    """The request names the account that the person is known by."""
    records = [award("x", worker_id="w", on=1), link("a", "w", on=2), erasure(worker_id=A, on=3)]
    assert held(*records) == {"w": []}


def test_a_link_outlives_an_erasure() -> None:
    """Later records of the account are still the person's."""
    records = [link("a", "w", on=2), erasure(worker_id=A, on=3), award("x", worker_id=A, on=4)]
    assert held(*records) == {"w": ["x"]}


def test_sources_that_disagree_about_an_account_are_reported_and_move_nothing() -> None:
    """Neither worker gets what it has, whoever spoke last; until then it was the one's."""
    by_hr, by_lms = link("a", "w", on=1, source="hr"), link("a", "v", on=2, source="lms")
    assert held(award("x", worker_id=A), by_hr) == {"w": ["x"]}
    assert held(award("x", worker_id=A), by_hr, by_lms) == {A: ["x"]}
    assert conflicts([by_lms, by_hr]) == (Conflict(A, tuple(heard({}, [by_hr, by_lms]).values())),)


def test_a_conflict_ends_when_the_sources_agree_or_one_is_undone() -> None:
    """A source replaces its own claim; undoing takes back whatever was said before, by anybody."""
    by_hr, by_lms = link("a", "w", on=1, source="hr"), link("a", "v", on=2, source="lms")
    agreeing = link("a", "w", on=3, source="lms")
    assert held(award("x", worker_id=A), by_hr, by_lms, agreeing) == {"w": ["x"]}
    undone, again = link("a", A, on=3, source="registrar"), link("a", "v", on=4, source="registrar")
    assert held(award("x", worker_id=A), by_hr, by_lms, undone, again) == {"v": ["x"]}
    assert conflicts([by_hr, by_lms, undone, again]) == ()
    claimed_again = link("a", "w", on=5, source="hr")
    assert held(award("x", worker_id=A), by_hr, by_lms, undone, again, claimed_again) == {A: ["x"]}


def test_a_source_that_corrects_itself_is_no_conflict() -> None:
    """Nor is it one when all agree."""
    records = [link("a", "v", on=1, source="hr"), link("a", "w", on=2, source="hr"), link("a", "w", on=3, source="lms")]
    assert conflicts(records) == ()
