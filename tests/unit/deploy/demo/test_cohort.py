"""The cohort is realistic, and the same for the same seed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from deploy.demo.cohort import Cohort, Size, cohort
from deploy.demo.delivery import Delivery
from deploy.demo.places import SOURCES
from deploy.demo.reckoning.catalog_files import PlainCatalog, plain_catalog
from schemas.records import record_adapter

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SIZE = Size(workers=80, records=2_000)
CATALOG = """
achievements:
  - {id: a, name: A, type: certification, issuer: guild}
  - {id: b, name: B, type: certification, issuer: guild}
  - {id: "https://lms.example/c", name: C, type: course}
  - {id: "https://lms.example/d", name: D, type: course}
  - {id: e, name: E, type: badge}
stacks:
  - {id: pair, version: "1", title: Pair, awards: p, requires: {active: true, all: [{award: a}, {award: b}]}}
  - {id: two, version: "1", title: Two, awards: t, requires: {n_of: {n: 2, of: [{award: "https://lms.example/c"},
     {award: "https://lms.example/d"}, {award: e}]}}}
"""


@pytest.fixture(scope="module")
def catalog() -> PlainCatalog:
    """A catalog with a certified stack and a studied one."""
    return plain_catalog([CATALOG])


@pytest.fixture(scope="module")
def made(catalog: PlainCatalog) -> Cohort:
    """A small cohort."""
    return cohort(7, SIZE, catalog, NOW)


def test_the_same_seed_gives_the_same_bytes(made: Cohort, catalog: PlainCatalog) -> None:
    """A cohort made twice is equal, history and live."""
    again = cohort(7, SIZE, catalog, NOW)
    assert again.history == made.history
    assert _live(again, 50) == _live(made, 50)


def test_another_seed_gives_another_cohort(made: Cohort, catalog: PlainCatalog) -> None:
    """The seed matters."""
    assert cohort(8, SIZE, catalog, NOW).history != made.history


def test_it_has_about_the_size_asked_for(made: Cohort) -> None:
    """History and live together come within a twentieth of the deliveries asked for."""
    assert abs(len(made.history) + made.live_count - SIZE.records) < SIZE.records / 20


def test_every_source_sends_over_its_own_road_only(made: Cohort) -> None:
    """Every source speaks, and each over the road that is its own."""
    assert {(one.source, one.road) for one in made.history} == {(source.name, source.road) for source in SOURCES}


def test_most_of_what_is_sent_natively_is_a_sound_record(made: Cohort) -> None:
    """All native payloads but the malformed few are records by the contract."""
    native = [one for one in made.history if one.road != "xapi"]
    assert 0.97 < sum(_is_record(one.body) for one in native) / len(native) < 1


def test_every_native_kind_of_the_demo_occurs(made: Cohort) -> None:
    """A cohort of a few hundred shows every kind but the registrar's exceptions."""
    kinds = Counter(json.loads(one.body)["kind"] for one in made.history if one.road != "xapi" and _is_record(one.body))
    assert set(kinds) >= {"award", "completion", "revocation", "enrolment", "link", "employment", "erasure"}


def test_no_two_facts_share_an_id(catalog: PlainCatalog) -> None:
    """An id that a source gives names one fact, however often and in whatever offset it is told."""
    moments: dict[str, set[object]] = {}
    for one in cohort(1, Size(200, 4_000), catalog, NOW).history:
        if _is_record(one.body) and (record := record_adapter.validate_json(one.body)).record_id is not None:
            moments.setdefault(str(record.record_id), set()).add((record.kind, record.occurred_at))
    assert {record_id: told for record_id, told in moments.items() if len(told) > 1} == {}


def test_some_payloads_are_sent_twice(made: Cohort) -> None:
    """Clients retry: some deliveries occur twice, byte for byte."""
    assert len(set(made.history)) < len(made.history)


def test_nothing_live_happens_before_its_instant(made: Cohort) -> None:
    """What is live carries the instant it was given, so a clock can drive it."""
    for sent in _live(made, 20):
        assert b"2026-11-24" in sent.body or b"2026-11-23" in sent.body


def _live(made: Cohort, number: int) -> list[Delivery]:
    instants = (NOW + timedelta(seconds=second) for second in range(number))
    return list(islice(made.live(instants), number))


def _is_record(body: bytes) -> bool:
    try:
        record_adapter.validate_json(body)
    except ValueError:
        return False
    return True
