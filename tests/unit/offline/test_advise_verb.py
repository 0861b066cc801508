"""`stepwell advise`, from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.offline.advise_command import advise

CATALOG = "stacks: [{id: s, requires: {all: [{award: a}, {award: b}]}}]"


def _records(tmp_path: Path) -> str:
    path = tmp_path / "records.json"
    award: dict[str, Any] = {"kind": "award", "occurred_at": "2025-06-01T00:00:00Z", "achievement": {"id": "a"}}
    employment = {
        "kind": "employment",
        "occurred_at": "2025-06-01T00:00:00Z",
        "employer_id": "e",
        "from": "2025-06-01T00:00:00Z",
    }
    records = [award | {"worker_id": "w"}, employment | {"worker_id": "w"}, award | {"worker_id": "v"}]
    path.write_text(json.dumps(records))
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    """A catalog of one stack; two workers half way, one of them with the employer."""
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    return {"catalog": tmp_path / "catalog.yaml", "records": _records(tmp_path)}


def test_a_worker_is_told_what_to_take(files: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """One achievement a line, with its terms; in a sentence for people."""
    assert advise(worker="w", as_json=True, **files) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["achievement"], line["gain"], line["completes"]) == ("b", 0.5, ["s"])
    assert advise(worker="w", **files) == 0
    assert "b: s 50 % -> 100 % (completes)" in capsys.readouterr().out


def test_every_term_is_told_in_the_sentence(
    files: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it meets, where it counts besides, the effort, the cost, the skills, and who stands behind it."""
    (tmp_path / "catalog.yaml").write_text(
        """
        issuers: [{id: board, accreditation: [state]}]
        achievements:
          - {id: a}
          - {id: b, name: Beta, hours: 30, cost: {value: 90, currency: EUR}, skills: [sql], issuer: board}
        stacks:
          - {id: s, requires: {all: [{award: a}, {award: b, trust: 2}]}}
          - {id: t, requires: {stack: s}}
        """
    )
    assert advise(worker="w", stack=["s"], **files) == 0
    assert capsys.readouterr().out == (
        "0.290  Beta: s 50 % -> 100 % (completes); meets 1 more rules; counts in t besides; 30 hours, 3 weeks; "
        "costs 90 EUR; adds sql; by board, accredited; needs trust 2.\n"
    )


def test_an_employer_is_told_what_a_budget_buys(files: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Only its current workers are counted."""
    assert advise(employer="e", budget=1, as_json=True, **files) == 0
    assert json.loads(capsys.readouterr().out) == {
        "employer_id": "e",
        "workers": 1,
        "best": [{"achievement": "b", "finishes_for": ["w"]}],
        "budget": 1,
        "spent": 1,
        "finishes": [{"worker_id": "w", "stack_id": "s", "awards": ["b"]}],
    }


def test_one_of_worker_and_employer_must_be_given(files: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Neither and both are refused."""
    assert advise(**files) == 2
    assert advise(worker="w", employer="e", **files) == 2
    assert capsys.readouterr().err.count("either") == 2
