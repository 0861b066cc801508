"""Laws of every registered dialect: only Rejected is ever raised, and the same arrival gives the same records."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.catalog import Mapping
from services.core.settle import settle
from services.ingest.dialects.detect import dialect_of
from services.ingest.dialects.dialect import Arrival, Dialect
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings, meanings_of
from services.ingest.dialects.registry import BY_NAME, DIALECTS
from services.runtime.errors import Rejected
from tests.golden.cases import cases

NOW = datetime(2026, 11, 24, tzinfo=UTC)
EVERYTHING = meanings_of([Mapping(pattern=".*", achievement="a", pass_mark=0.5)])
SAMPLES = {name: [case.arrival() for case in cases() if case.dialect == name] for name in BY_NAME}
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["2026-02-01T00:00:00Z", "2026-02-01", "https://x.org/1", "mailto:a@example.org", "\ud800", "x" * 3000, 10**400]
    )
)
JSONS: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [path]
    if isinstance(document, dict):
        found += [place for name in document for place in places(document[name], (*path, name))]
    elif isinstance(document, list):
        found += [place for number, one in enumerate(document) for place in places(one, (*path, number))]
    return found


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """A document with something else, or nothing, in one place."""
    document = json.loads(json.dumps(whole))
    path = draw(st.sampled_from(places(document)))
    if not path:
        return draw(JSONS)
    within = document
    for step in path[:-1]:
        within = within[step]
    if draw(st.booleans()):
        del within[path[-1]]
    else:
        within[path[-1]] = draw(JSONS)
    return document


def bytes_of(document: Any) -> bytes:
    """The document as JSON, with whatever text is in it."""
    return json.dumps(document).encode()


def said(dialect: Dialect, arrival: Arrival, meanings: Meanings) -> Any:
    """The settled records and the faults; the faults alone when it is refused as a whole."""
    try:
        translated = dialect.translate(arrival, meanings)
        settled = [settle(record, source="lms", received_at=NOW) for _, record in translated.records]
    except Rejected as refusal:
        return refusal.faults or pytest.fail("a refusal without a fault")
    return settled, translated.faults


def check(dialect: Dialect, payload: bytes, headers: dict[str, str]) -> None:
    """The laws, of one payload."""
    for meanings in (EMPTY_MEANINGS, EVERYTHING):
        arrival, again = (Arrival(payload, headers, "lms", received_at=NOW) for _ in range(2))
        assert dialect.speaks(arrival) in {True, False}
        assert said(dialect, arrival, meanings) == said(dialect, again, meanings)


@pytest.mark.parametrize("dialect", DIALECTS, ids=list(BY_NAME))
@given(payload=st.binary(max_size=100) | JSONS.map(bytes_of))
@settings(max_examples=150, deadline=None)
def test_anything_is_translated_or_rejected(dialect: Dialect, payload: bytes) -> None:
    """Bytes, and JSON of any shape, with the headers of the dialect and without."""
    check(dialect, payload, {})
    check(dialect, payload, dict(SAMPLES[dialect.NAME][0].headers))


@pytest.mark.parametrize("dialect", DIALECTS, ids=list(BY_NAME))
@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_almost_good_is_translated_alike_or_rejected(dialect: Dialect, data: st.DataObject) -> None:
    """A golden payload with one thing wrong in it."""
    sample = data.draw(st.sampled_from(SAMPLES[dialect.NAME]))
    try:
        whole = json.loads(sample.payload)
    except ValueError:
        number = data.draw(st.integers(0, len(sample.payload)))
        check(dialect, sample.payload[:number], dict(sample.headers))
        return
    check(dialect, bytes_of(data.draw(damaged(whole))), dict(sample.headers))


@given(payload=st.binary(max_size=60) | JSONS.map(bytes_of), type_=st.sampled_from(["", "org.openedx.x", "stepwell.x"]))
def test_detection_finds_a_dialect_or_rejects(payload: bytes, type_: str) -> None:
    """Whatever comes to the inbox."""
    with suppress(Rejected):
        assert dialect_of(Arrival(payload, {"ce_type": type_}, "lms", received_at=NOW)) in DIALECTS
