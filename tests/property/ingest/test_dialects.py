"""Laws of every dialect: whatever comes in, the only error is Rejected, and the same payload gives the same ids."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.settle import settle
from services.ingest.dialects.xapi.batch import statements_in, translate
from services.ingest.inbox.reading import Reading, read
from services.ingest.native import records_in
from services.runtime.errors import Rejected
from services.runtime.rejected import Payload
from tests.builders.statements import VERBS, statement
from tests.builders.strategies import records

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["award", "mailto:a@example.org", "https://x.org/1", "2026-02-01T00:00:00Z", "PT1H", "Agent", "Group", "en"]
    )
)
NAMES = st.text(max_size=6) | st.sampled_from(
    ["kind", "actor", "verb", "object", "id", "account", "achievement", "occurred_at", "mbox", "result", "score"]
)
JSONS: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)


@st.composite
def damaged(draw: st.DrawFn, whole: dict[str, Any]) -> dict[str, Any]:
    """A good document with one member, at any depth, replaced, removed or added."""
    document = json.loads(json.dumps(whole))
    place = document
    while True:
        name = draw(st.sampled_from(sorted(place)))
        if not isinstance(place[name], dict) or not place[name] or draw(st.booleans()):
            break
        place = place[name]
    match draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            place[name] = draw(JSONS)
        case "remove":
            del place[name]
        case _:
            place[draw(NAMES)] = draw(JSONS)
    return dict(document)


STATEMENT = statement(
    actor={"mbox": "mailto:a@example.org", "name": "A"},
    result={
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "extensions": {"https://x.org": 1},
    },
    context={"registration": "6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11", "contextActivities": {"parent": [{"id": "x:y"}]}},
)
STATEMENTS = st.sampled_from(["completed", "passed", "failed", "achieved", "forfeited", "earned", "satisfied"]).map(
    lambda verb: {**STATEMENT, "verb": {"id": VERBS + verb}}
)


def _reading(value: bytes) -> Reading | None:
    try:
        return read(Payload(value, headers=(("ce_source", b"acme"),)), NOW)
    except Rejected:
        return None


def _ids(reading: Reading | None) -> list[Any]:
    found = reading.records.items() if reading else ()
    return [
        settle(record, source=source, received_at=NOW).record_id for source, records in found for _, record in records
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_rejected(value: bytes) -> None:
    """No payload brings the inbox down."""
    _reading(value)


@settings(max_examples=300)
@given(JSONS)
def test_any_json_is_read_or_rejected_alike_each_time(document: Any) -> None:
    """Whatever the shape, by every way in."""
    value = json.dumps(document).encode()
    assert _ids(_reading(value)) == _ids(_reading(value))
    for is_lines in (False, True):
        with suppress(Rejected):
            records_in(value, is_lines=is_lines)
    with suppress(Rejected):
        translate(statements_in(value, is_version_2=True), source="lms", received_at=NOW)


@settings(max_examples=300)
@given(STATEMENTS.flatmap(damaged))
def test_an_almost_good_statement_is_translated_twice_alike_or_rejected(document: dict[str, Any]) -> None:
    """Ids are of the content and of nothing else."""
    value = json.dumps(document).encode()
    assert _ids(_reading(value)) == _ids(_reading(value))


@given(records())
def test_a_record_comes_through_every_form_with_the_same_id(record: Any) -> None:
    """Alone, in an array, and on a line of its own it is the same fact."""
    text = record.model_dump_json(by_alias=True, exclude_none=True, exclude={"received_at"}).encode()
    forms = [records_in(text), records_in(b"[" + text + b"]"), records_in(text + b"\n", is_lines=True)]
    ids = {settle(found, source="acme", received_at=NOW).record_id for (found,) in forms}
    assert len(ids) == 1
