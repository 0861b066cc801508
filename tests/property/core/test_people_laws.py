"""However links and records reach the ids they concern, everybody ends with what `gather` says."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.holdings import EMPTY
from services.core.ids import worker_id_of
from services.core.people import dumps, gather, loads
from tests.builders import strategies
from tests.builders.records import award, erasure, link, stated
from tests.property.core.postal import PostOffice

IDS = [worker_id_of(stated("erasure", account={"mbox": f"mailto:{name}@example.org"}).account) for name in "abc"]
PEOPLE = st.sampled_from([*IDS, "w"])
LINKS = st.builds(
    link,
    st.sampled_from("abc"),
    PEOPLE,
    on=strategies.DAYS,
    source=st.sampled_from(["acme", "hr"]),
    record_id=strategies.RECORD_IDS,
)
AWARDS = st.builds(award, st.sampled_from("xy"), award_id=strategies.IDS, on=strategies.DAYS, worker_id=PEOPLE)
ERASURES = st.builds(erasure, on=st.integers(0, 3), worker_id=PEOPLE)
RECORDS = st.lists(st.one_of(LINKS, LINKS, AWARDS, AWARDS, ERASURES), max_size=9)
RANDOMS = st.randoms(use_true_random=False)


@settings(max_examples=200, deadline=None)
@given(RECORDS, RANDOMS)
def test_every_way_of_arriving_ends_where_gather_says(records: list[Any], random: Random) -> None:
    """Any order, any batches, duplicates and crashes: chains, circles, moves and undone links included."""
    office = PostOffice(records, random)
    office.run()
    said = {worker_id: held for worker_id, held in office.shown().items() if held != EMPTY}
    assert said == gather(records)


@given(RECORDS, RANDOMS)
def test_states_survive_their_bytes(records: list[Any], random: Random) -> None:
    """What the changelog holds is what was stored."""
    office = PostOffice(records, random)
    office.run()
    assert {worker_id: loads(dumps(state)) for worker_id, state in office.states.items()} == office.states


@given(RECORDS, st.sampled_from("abc"), RANDOMS)
def test_a_wrong_link_undone_leaves_no_trace(records: list[Any], name: str, random: Random) -> None:
    """Everything is where it would be without it, once the account is linked to its own id again."""
    unlinked = [record for record in records if record.kind != "link" or record.account.mbox[7:8] != name]
    wrong, undone = link(name, "w", on=7), link(name, IDS["abc".index(name)], on=8)
    office = PostOffice([*unlinked, wrong, undone], random)
    office.run()
    said = {worker_id: held for worker_id, held in office.shown().items() if held != EMPTY}
    assert said == gather(unlinked)
