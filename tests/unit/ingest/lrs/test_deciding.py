"""What the log decides: laws over frames, repeated in any way a crash can repeat them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.lrs.completion import completed
from services.ingest.lrs.deciding import Deciding, Document, Past, Stored
from services.ingest.lrs.frames import (
    Claim,
    DocumentChange,
    DocumentKey,
    Envelope,
    Frame,
    Statements,
    envelope,
    pack,
    statements_message,
    unpack,
)
from services.ingest.lrs.same import Stated, stated
from services.ingest.lrs.window import Verdict, Window
from tests.builders.statements import statement

TENANT = "lms"
NOW = 1_760_000_000_000_000
NAMES = UUID("00000000-0000-0000-0000-00000000000a")
KEY = DocumentKey("state", "https://x.example/a", "mbox mailto:a@example.org", "", "bookmark")
AUTHORITY = {"account": {"homePage": "https://x.example", "name": TENANT}}
verbs = st.sampled_from(("passed", "failed"))
requests = st.lists(st.dictionaries(st.integers(0, 3), verbs, min_size=1, max_size=3), min_size=1, max_size=6)


def frame(version: int, said: dict[int, str]) -> Frame:
    """One request that says a verb under each id."""
    statements: list[dict[str, Any]] = []
    claims: list[Claim] = []
    for number, verb in said.items():
        statement_id = uuid5(NAMES, str(number))
        claims.append(Claim(statement_id.bytes, stated(statement(verb=verb))))
        statements.append({**completed(statement(verb=verb), AUTHORITY, "1.0.0"), "id": str(statement_id)})
    return Frame(str(uuid5(NAMES, f"frame {version}")), TENANT, version, Statements(statements), claims)


def kept(rows: list[tuple[Any, ...]]) -> dict[UUID, tuple[Any, ...]]:
    """Rows of the statements table as the table keeps them: one by id."""
    return {row[2]: row for row in rows}


def decided(frames: list[Frame], past: Past | None = None) -> Deciding:
    """Frames decided in one batch."""
    deciding = Deciding(past or Past({}, {}, {}), NOW)
    for each in frames:
        deciding.take(each)
    deciding.finish()
    return deciding


def past_of(rows: list[tuple[Any, ...]]) -> Past:
    """What ClickHouse answers once rows of the ids table are in it."""
    known = {
        (tenant, each): Stored(at, Stated(digest, timestamp), version)
        for tenant, each, at, timestamp, digest, version in rows
    }
    return Past(known, {}, {})


@given(requests, st.data())
def test_batches_and_repetitions_do_not_change_what_is_kept(said: list[dict[int, str]], data: st.DataObject) -> None:
    """Cut anywhere, and done again from anywhere, with any part of the rows written: the same rows in the end."""
    frames = [frame(number + 1, each) for number, each in enumerate(said)]
    whole = decided(frames).rows
    cut = data.draw(st.integers(0, len(frames)))
    first = decided(frames[:cut]).rows
    written = first.ids[: data.draw(st.integers(0, len(first.ids)))]
    again = decided(frames, past_of(written)).rows
    without_stored = [
        {each: (row[5], row[4], row[7]) for each, row in kept(rows.statements).items()} for rows in (whole, again)
    ]
    assert without_stored[0] == without_stored[1]
    assert whole.outcomes == again.outcomes
    assert {row[1]: row[2] for row in written}.items() <= {row[1]: row[2] for row in again.ids}.items()


@given(requests)
def test_gateways_and_the_writer_decide_alike(said: list[dict[int, str]]) -> None:
    """What the window of a gateway takes is what the tables take, request by request."""
    frames = [frame(number + 1, each) for number, each in enumerate(said)]
    window = Window()
    refused = [
        UUID(each.frame_id)
        for each in frames
        if window.add(Envelope(each.frame_id, TENANT, list(each.claims)), 0, each.version, 0.0) is Verdict.CONFLICT
    ]
    assert refused == [frame_id for _, frame_id, is_applied in decided(frames).rows.outcomes if not is_applied]


@given(requests)
def test_stored_rises_in_the_order_of_the_log(said: list[dict[int, str]]) -> None:
    """XAPI-00097: each statement has an instant of its own, later than those before it."""
    rows = decided([frame(number + 1, each) for number, each in enumerate(said)]).rows.statements
    instants = [row[1] for row in rows]
    assert instants == sorted(set(instants))
    assert all(instant > NOW for instant in instants)


def test_the_first_statement_of_an_id_stands_and_a_contradiction_is_refused_as_a_whole() -> None:
    """XAPI-00142: nothing of the second request is kept, not even what is new in it."""
    rows = decided([frame(1, {0: "passed"}), frame(2, {0: "failed", 1: "passed"})]).rows
    assert [row[2] for row in rows.statements] == [uuid5(NAMES, "0")]
    assert [row[2] for row in rows.outcomes] == [0]


@given(st.lists(st.tuples(st.sampled_from(("", "a", "b")), st.sampled_from(("", "a", "b"))), max_size=8))
def test_a_change_applies_only_to_the_document_that_its_sender_saw(changes: list[tuple[str, str]]) -> None:
    """XAPI-00322: each change compares and swaps, and doing the log again changes nothing."""
    frames = [
        Frame(str(uuid5(NAMES, str(number))), TENANT, number + 1, DocumentChange(KEY, expected, etag))
        for number, (expected, etag) in enumerate(changes)
    ]
    current, applied = "", []
    for expected, etag in changes:
        applied.append(int(expected == current))
        current = etag if expected == current else current
    rows = decided(frames).rows
    assert [row[2] for row in rows.outcomes] == applied
    if rows.documents:
        assert rows.documents[-1][8] == current
        newest = Document(current, rows.documents[-1][10])
        assert all(
            row[10] > newest.version for row in decided(frames, Past({}, {(TENANT, KEY): newest}, {})).rows.documents
        )


@given(
    st.lists(
        st.builds(
            Claim,
            st.binary(min_size=16, max_size=16),
            st.builds(Stated, st.binary(min_size=32, max_size=32), st.integers(-(2**63), 2**63 - 1)),
        )
    )
)
def test_claims_survive_their_packing(claims: list[Claim]) -> None:
    """Bytes there and back."""
    assert unpack(pack(claims)) == claims


def test_what_statements_void_is_told_without_the_value_being_read() -> None:
    """Whoever follows the log learns it from the headers; where nothing is voided there is no such header."""
    ids = [UUID(int=1).bytes, UUID(int=2).bytes]
    at = datetime(2026, 11, 24, tzinfo=UTC)
    for voided in (ids, []):
        message = statements_message(
            "t", TENANT, UUID(int=9), b"", [], at=at, traceparent=None, voided=b"".join(voided)
        )
        assert envelope(message.key, message.headers).voided == voided


def test_old_claims_are_forgotten_only_once_the_tables_have_them() -> None:
    """Between window and tables nothing is missed, however late the writer is."""
    window = Window(keep_seconds=1)
    claim = frame(1, {0: "passed"}).claims[0]
    window.add(Envelope("f", TENANT, [claim], [b"voided"]), 0, 7, 0.0)
    window.forget({0: 7}, 100.0)
    assert window.known(TENANT, [claim.statement_id])
    assert window.voided(TENANT) == [b"voided"]
    window.forget({0: 8}, 100.0)
    assert not window.known(TENANT, [claim.statement_id])
    assert window.voided(TENANT) == []
    assert window.size == 0


@given(st.lists(st.tuples(st.sampled_from(("a", "b")), st.sets(st.integers(0, 3)), st.booleans()), max_size=20))
def test_the_window_forgets_whatever_was_repeated_in_it(seen: list[tuple[str, set[int], bool]]) -> None:
    """Requests sent again, in part or whole, at any age: what is known is what came since, and nothing fails."""
    window = Window(keep_seconds=1)
    for offset, (tenant, numbers, is_late) in enumerate(seen):
        claims = [frame(1, {number: "passed"}).claims[0] for number in sorted(numbers)]
        window.add(Envelope(f"f{offset}", tenant, claims), 0, offset, float(offset))
        assert len(window.known(tenant, [each.statement_id for each in claims])) == len(claims)
        if is_late:
            window.forget({0: offset + 1}, float(offset))
    window.forget({0: len(seen)}, len(seen) + 2.0)
    assert window.size == 0
