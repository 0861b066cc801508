"""`stepwell catalog meaning` of what is in force: with what became of people, and what registries confirm."""

from __future__ import annotations

import json

import pytest

from services.offline.meaning_command import meaning
from services.runtime.where import Where
from tests.builders.analytics import NOW, Tables

CATALOG = {
    "issuers": [{"id": "college", "name": "The College", "did": "did:web:college.example"}],
    "achievements": [{"id": "a", "issuer": "college"}, {"id": "b"}],
}


@pytest.fixture
def where(database: tuple[str, str]) -> Where:
    """A catalog in force, bare counts of one achievement, and a registry that knows the college."""
    tables = Tables(*database)
    registry = {"id": "dcc", "kind": "static", "issuers": [{"id": "did:web:college.example"}]}
    counts = {"began": 40, "completed": 31, "median_days": 4.5, "holders": 31, "went_on": 12, "revoked": 1}
    tables.put("catalogs", {"catalog_id": "c", "document": json.dumps(CATALOG), "version": 1})
    tables.put(
        "issuer_registries", {"registry_id": "dcc", "position": 0, "document": json.dumps(registry), "version": 1}
    )
    tables.put("achievement_outcomes", {"employer_id": "*", "achievement_id": "a", **counts, "computed_at": NOW})
    tables.close()
    return Where(*database)


def test_a_program_gets_outcomes_beside_the_checklist(where: Where, capsys: pytest.CaptureFixture[str]) -> None:
    """Cells below ten are null, those who failed as well as those whose award was revoked."""
    assert meaning(["a", "b"], as_json=True, where=where) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    told = first["outcomes"]
    assert (told["began"], told["completion_rate"], told["median_days"]) == (40, None, 4.5)
    assert (told["holders"], told["went_on_rate"], told["revocation_rate"]) == (31, 12 / 31, None)
    assert second["outcomes"] is None
    states = {item["key"]: item["state"] for item in first["checklist"]}
    assert states["awarding_body"] == "verified"


def test_people_read_them_after_the_rest(where: Where, capsys: pytest.CaptureFixture[str]) -> None:
    """In a line each."""
    assert meaning(["a"], where=where) == 0
    told = capsys.readouterr().out
    assert "median days: 4.5\n" in told
    assert "completion rate: too few to tell\n" in told
