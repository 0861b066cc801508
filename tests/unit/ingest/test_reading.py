"""What a message of the inbox means."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.catalog import catalog_from_json
from services.ingest.dialects.meanings import meanings_of
from services.ingest.inbox.reading import Reading, dialect_said_by, read
from services.runtime.errors import Rejected
from services.runtime.rejected import Payload
from tests.builders.statements import statement
from tests.golden.cases import FOLDER, Case, cases
from tests.golden.cases import NOW as GOLDEN_NOW

NOW = datetime(2026, 11, 24, tzinfo=UTC)
MEANINGS = meanings_of(catalog_from_json((FOLDER / "mappings.json").read_bytes()).mappings)
RECORD = {
    "kind": "award",
    "occurred_at": "2025-06-01T00:00:00Z",
    "account": {"mbox": "mailto:ana@example.org"},
    "achievement": {"id": "a+"},
}


def reading(document: Any, **headers: str) -> Reading:
    """What a JSON document means with headers; `_` in their names stands for itself."""
    value = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read(Payload(value, headers=tuple((name, text.encode()) for name, text in headers.items())), NOW)


def test_dialects_are_told_by_shape() -> None:
    """A plugin that sets no header at all is understood."""
    assert reading({**RECORD, "source": "acme"}).dialect == "native"
    assert reading([statement()], ce_source="lms").dialect == "xapi"
    line = json.dumps({**RECORD, "source": "acme"}).encode()
    assert reading(line + b"\n" + line).dialect == "native"


@pytest.mark.parametrize("headers", [{"ce_type": "org.example.xapi.statement"}, {"x-experience-api-version": "2.0.0"}])
def test_headers_go_before_shape(headers: dict[str, str]) -> None:
    """What a header says is believed: a statement without actor is a faulty statement, not an unknown thing."""
    with pytest.raises(Rejected) as refusal:
        reading({"verb": {}}, ce_source="lms", **headers)
    assert refusal.value.first.pointer == "/actor"


def test_what_a_path_had_said_holds_where_nothing_else_tells() -> None:
    """An envelope with one member is still Caliper's when it is sent back; what has another shape is believed."""
    with pytest.raises(Rejected) as refusal:
        reading({"sensor": "https://lms.example.org/1"}, ce_source="lms", stepwell_dialect="caliper")
    assert refusal.value.first.code != "unknown_dialect"
    assert reading(RECORD, ce_source="lms", stepwell_dialect="caliper").dialect == "native"
    with pytest.raises(Rejected) as unknown:
        reading({"sensor": "https://lms.example.org/1"}, ce_source="lms", stepwell_dialect="latin")
    assert unknown.value.first.code == "unknown_dialect"


def test_the_headers_source_goes_before_the_records() -> None:
    """The header is the broker-side name; records may name theirs where there is none."""
    assert list(reading({**RECORD, "source": "inner"}, ce_source="outer").records) == ["outer"]
    assert list(reading([{**RECORD, "source": "a"}, {**RECORD, "source": "b"}]).records) == ["a", "b"]


@pytest.mark.parametrize("document", [RECORD, statement()])
def test_a_payload_without_a_source_is_refused(document: dict[str, Any]) -> None:
    """A fact that nobody states is worth nothing."""
    with pytest.raises(Rejected) as refusal:
        reading(document)
    assert refusal.value.first.code == "missing"


@pytest.mark.parametrize(
    "value,code",
    [
        (b"\xff\x00", "invalid_json"),
        (b"", "invalid_json"),
        (b'{"a": 1}', "unknown_dialect"),
        (b"[]", "unknown_dialect"),
    ],
)
def test_what_speaks_no_dialect_is_refused(value: bytes, code: str) -> None:
    """The two faults are told apart, as their cures differ."""
    with pytest.raises(Rejected) as refusal:
        reading(value, ce_source="acme")
    assert refusal.value.first.code == code


def test_reading_twice_gives_the_same_records() -> None:
    """A batch that is delivered again is the same batch: the broker's time stands in for a missing timestamp."""
    undated = statement(timestamp=None)
    assert reading(undated, ce_source="lms") == reading(undated, ce_source="lms")


def test_a_refusal_names_the_dialect_where_it_can() -> None:
    """For the one who looks through refusals later."""
    assert dialect_said_by(Payload(json.dumps(statement()).encode())) == "xapi"
    assert dialect_said_by(Payload(b"nonsense")) == ""


CASES = [case for case in cases() if case.dialect != "xapi"]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.dialect}/{case.payload.stem}" for case in CASES])
def test_the_inbox_reads_what_http_takes(case: Case) -> None:
    """Every golden payload, with its headers as Kafka carries them; statements go to the record store instead."""
    expected = json.loads(case.expected.read_text())
    arrival = case.arrival()
    headers = {"ce_source": "lms"} | dict(arrival.headers)
    payload = Payload(arrival.payload, headers=tuple((name, text.encode()) for name, text in headers.items()))
    if expected["faults"]:
        with pytest.raises(Rejected) as refusal:
            read(payload, GOLDEN_NOW, MEANINGS)
        assert [fault.pointer for fault in refusal.value.faults] == [fault["pointer"] for fault in expected["faults"]]
        return
    found = [record for records in read(payload, GOLDEN_NOW, MEANINGS).records.values() for _, record in records]
    kinds = [(record.kind, record.occurred_at) for record in found]
    assert kinds == [(each["kind"], datetime.fromisoformat(each["occurred_at"])) for each in expected["records"]]
