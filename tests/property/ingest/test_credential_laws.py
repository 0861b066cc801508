"""Laws of the credential dialects: whatever comes in, the only error is Rejected; the same bytes give the same ids."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.settle import settle
from services.ingest.dialects.credentials.translating import first_dialect, translated
from services.ingest.dialects.dialect import Arrival
from services.runtime.errors import Rejected

NOW = datetime(2026, 11, 24, tzinfo=UTC)
GOLDEN = Path(__file__).parents[2] / "golden"
WHOLE = [
    json.loads(path.read_bytes())
    for dialect in ("open_badges", "open_badges_2", "clr")
    for path in sorted((GOLDEN / dialect).glob("*.json"))
    if ".expected" not in path.name
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["2025-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "https://x.org/1", "Profile", "a@b.c", "did:x:y", "nan"]
    )
)
NAMES = st.sampled_from(
    ["id", "type", "issuer", "credentialSubject", "achievement", "result", "identifier", "salt", "badge", "hashed"]
)
JSONS: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A good document with one member or item, at any depth, replaced or removed."""
    document = json.loads(json.dumps(draw(st.sampled_from(WHOLE))))
    place: Any = document
    while True:
        name = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[name], dict | list) or not place[name] or draw(st.integers(0, 2)) == 0:
            break
        place = place[name]
    if draw(st.booleans()):
        place[name] = draw(JSONS)
    else:
        del place[name]
    return document


def _translated(payload: bytes) -> Any:
    arrival = Arrival(payload, {}, "issuer", received_at=NOW)
    first_dialect(arrival)
    try:
        found = translated(arrival)
    except Rejected as refusal:
        return refusal.faults
    for fault in found.faults:
        assert fault.pointer == "" or fault.pointer.startswith("/")
    ids = [settle(record, source="issuer", received_at=NOW).record_id for _, record in found.records]
    assert len(set(ids)) == len(ids)
    return found.faults, ids


@settings(max_examples=400)
@given(damaged())
def test_an_almost_good_credential_is_translated_twice_alike_or_refused(document: Any) -> None:
    """Ids are of the bytes, and no two records of one payload share one."""
    payload = json.dumps(document).encode()
    assert _translated(payload) == _translated(payload)


@given(JSONS)
def test_any_json_is_read_or_refused(document: Any) -> None:
    """Whatever the shape."""
    _translated(json.dumps(document).encode())


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"<svg ", b"eyJ9.e30.", b"[", b'"']))
def test_any_bytes_are_read_or_refused(payload: bytes, start: bytes) -> None:
    """Also those that begin like an image or a token."""
    _translated(start + payload)
