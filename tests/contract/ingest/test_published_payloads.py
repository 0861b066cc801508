"""The payloads that standards' bodies publish: each is read or refused as its MANIFEST says."""

from __future__ import annotations

from pathlib import Path

from tests.conformance.dialects import rows


def test_every_published_payload_comes_out_as_expected(shared_fixtures: Path) -> None:
    """Caliper's, cmi5's to their moveOn states, xAPI's, Open Badges' and CLR's."""
    found = {row.group: row.wrong for row in rows(shared_fixtures)}
    assert len(found) == 8
    assert {group: wrong for group, wrong in found.items() if wrong} == {}
