"""`stepwell catalog meaning`, from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.offline.meaning_command import meaning

CATALOG = """
issuers: [{id: college, name: The College, did: "did:web:college.example"}]
achievements:
  - {id: a, name: Alpha, type: course, issuer: college, meaning: {participation: online}}
  - {id: b, name: Beta}
stacks: [{id: s, title: Both, requires: {all: [{award: a}, {award: b}]}}]
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Two achievements of one stack."""
    path = tmp_path / "catalog.yaml"
    path.write_text(CATALOG)
    return path


def test_a_program_gets_one_object_a_line(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the whole checklist and the recognition."""
    assert meaning(["a", "b"], catalog=catalog, as_json=True) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["achievement"], second["achievement"]) == ("a", "b")
    assert len(first["checklist"]) == 18
    assert first["recognised"][0]["stack_title"] == "Both"


def test_people_read_it_item_by_item(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each question with its answer or the word that there is none."""
    assert meaning(["a"], catalog=catalog) == 0
    told = capsys.readouterr().out
    assert "[+] Form of participation: online\n" in told
    assert "[ ] Learning outcomes: not stated\n" in told
    assert "counts in Both, /all/0: required\n" in told


def test_several_stand_side_by_side(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One question a line, one achievement a column."""
    assert meaning(["a", "b"], catalog=catalog) == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in heading.split("|")] == ["", "Alpha", "Beta"]
    assert len(lines) == 18


@pytest.mark.parametrize(
    "asked, reason", [(["zeta"], "has no achievement zeta"), (["a", "b", "c", "d", "e"], "at most 4")]
)
def test_what_cannot_be_told_is_refused(
    asked: list[str], reason: str, catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a sentence and exit code 2."""
    assert meaning(asked, catalog=catalog) == 2
    assert reason in capsys.readouterr().err


def test_a_registry_confirms_who_stands_behind_it(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the issuer's DID; a file that is no registry is refused."""
    registry = tmp_path / "dcc.json"
    registry.write_text('{"did:web:college.example": {"name": "College"}}')
    assert meaning(["a"], catalog=catalog, registry=registry) == 0
    assert "[v] Awarding body: The College; confirmed by dcc\n" in capsys.readouterr().out
    registry.write_text("[]")
    assert meaning(["a"], catalog=catalog, registry=registry) == 2
    assert "not a registry" in capsys.readouterr().err
