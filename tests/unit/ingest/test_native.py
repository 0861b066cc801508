"""Native records as they come, and how their faults are told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.ingest.native import records_in
from services.runtime.errors import Fault, Rejected

AWARD: dict[str, Any] = {
    "kind": "award",
    "occurred_at": "2025-06-01T00:00:00Z",
    "account": {"mbox": "mailto:ana@example.org"},
    "achievement": {"id": "a+"},
}
ONE = json.dumps(AWARD).encode()


def faults_in(payload: bytes, *, is_lines: bool = False) -> list[Fault]:
    """The faults for which a payload is refused."""
    with pytest.raises(Rejected) as refusal:
        records_in(payload, is_lines=is_lines)
    return list(refusal.value.faults)


@pytest.mark.parametrize(
    "payload", [ONE, b"[" + ONE + b"," + ONE + b"]", ONE + b"\n" + ONE, b"\n" + ONE + b"\n\n" + ONE]
)
def test_one_record_an_array_and_lines_are_told_apart(payload: bytes) -> None:
    """A producer need not say which it sends."""
    assert len(records_in(payload)) == payload.count(b'"kind"')


def test_an_empty_array_is_no_fault() -> None:
    """A producer whose batch ran empty is not told off."""
    assert records_in(b"[]") == []


def test_all_faults_of_all_records_are_told_at_once() -> None:
    """Nobody has to send a payload ten times to learn of ten faults."""
    bad = {**AWARD, "occurred_at": "yesterday", "score": {"scaled": 2}}
    found = faults_in(json.dumps([AWARD, bad, {"kind": "badge"}]).encode())
    assert [(fault.index, fault.pointer) for fault in found] == [
        (1, "/occurred_at"),
        (1, "/score/scaled"),
        (2, "/kind"),
    ]


@pytest.mark.parametrize(
    "change,pointer,code,detail",
    [
        ({"achievement": {}}, "/achievement/id", "missing", "achievement.id is required; add it"),
        ({"foo": 1}, "/foo", "unknown_member", "foo is no member of this kind of record; remove it"),
        (
            {"valid_from": "2025-06-01T00:00:00"},
            "/valid_from",
            "wrong_value",
            "valid_from must say its offset from UTC, such as 2025-06-01T00:00:00Z",
        ),
        ({"award_id": 5}, "/award_id", "wrong_value", "award_id must be text"),
        ({"account": None}, "", "rule", "give worker_id or account, so that the record has a person"),
        ({"results": [{"name": "x"}, {}]}, "/results/1/name", "missing", "results.1.name is required; add it"),
    ],
)
def test_a_fault_says_where_and_what_to_do(change: dict[str, Any], pointer: str, code: str, detail: str) -> None:
    """Pointer to find it, code to branch on, a sentence to read."""
    assert faults_in(json.dumps([{**AWARD, **change}]).encode()) == [Fault(code, pointer, detail, 0)]


def test_an_unknown_kind_is_told_the_kinds_there_are() -> None:
    """The cure is in the answer."""
    (fault,) = faults_in(b'{"kind": "badge"}')
    assert fault.pointer == "/kind"
    assert "award, completion, revocation" in fault.detail


def test_a_faulty_line_is_named_by_its_number() -> None:
    """Lines count from 0, empty ones left out."""
    (fault,) = faults_in(ONE + b"\n\n{broken\n", is_lines=True)
    assert (fault.index, fault.code) == (1, "invalid_json")


@pytest.mark.parametrize("payload", [b"", b"  \n ", b"{", b"nonsense", b"\xff\xfe", b"[1,2", b"null", b"5", b'"x"'])
def test_what_is_no_record_is_refused(payload: bytes) -> None:
    """Bytes that are no JSON, and JSON that is no record."""
    assert faults_in(payload)


def test_no_value_of_a_payload_is_repeated_in_a_detail() -> None:
    """Details travel to logs and screens; values may be personal."""
    found = faults_in(json.dumps([{**AWARD, "account": {"mbox": "ana-secret@example.org"}, "grade": 77123}]).encode())
    assert not any("secret" in fault.detail or "77123" in fault.detail for fault in found)
