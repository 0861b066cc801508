"""The offline verbs, as scripts use them: files in, lines and exit codes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.offline.catalog_command import check, show
from services.offline.evaluate_command import evaluate, explain

MEMBERS = [
    "worker_id",
    "stack_id",
    "stack_version",
    "complete",
    "progress",
    "status",
    "missing",
    "next_steps",
    "awards_to_finish",
    "finish_with",
    "allocation",
    "proof",
    "next_change_at",
    "exceptions",
]
CATALOG = """
stacks:
  - id: both
    version: 2026
    requires: {active: true, all: [{award: a}, {award: b}]}
  - id: one
    requires: {award: a}
"""


def _award(achievement: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": "award",
        "occurred_at": "2025-06-01T00:00:00Z",
        "worker_id": "w",
        "achievement": {"id": achievement},
        "issuer_id": "acme",
        "award_id": achievement,
        **more,
    }


AWARDS = [_award("a", valid_until="2028-06-01T00:00:00Z"), _award("b", worker_id="v")]


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog of two stacks."""
    path = tmp_path / "catalog.yaml"
    path.write_text(CATALOG)
    return path


@pytest.fixture
def records(tmp_path: Path) -> str:
    """Two workers with an award each."""
    path = tmp_path / "records.ndjson"
    path.write_text("\n".join(map(json.dumps, AWARDS)) + "\n")
    return str(path)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_line_per_worker_and_stack_with_exactly_these_members(
    catalog: Path, records: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By worker, then by stack, and the same however often it is asked."""
    assert evaluate(catalog=catalog, records=records, as_of="2026-01-01", as_json=True) == 0
    lines = _lines(capsys)
    assert [(line["worker_id"], line["stack_id"]) for line in lines] == [
        ("v", "both"),
        ("v", "one"),
        ("w", "both"),
        ("w", "one"),
    ]
    assert all(list(line) == MEMBERS for line in lines)
    assert lines[2] == {
        "worker_id": "w",
        "stack_id": "both",
        "stack_version": "2026",
        "complete": False,
        "progress": 0.5,
        "status": "in_progress",
        "missing": [
            {
                "path": "/all/1",
                "rule": "award",
                "name": None,
                "need": 1.0,
                "have": 0.0,
                "gap": 1.0,
                "options": ["b"],
                "reason": "b is not held.",
            }
        ],
        "next_steps": ["b"],
        "awards_to_finish": 1,
        "finish_with": ["b"],
        "allocation": {"acme/a": "/all/0"},
        "proof": "exact",
        "next_change_at": "2028-06-01T00:00:00Z",
        "exceptions": [],
    }


def test_a_stack_and_a_worker_may_be_picked(catalog: Path, records: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing else is printed; a worker of whom nothing is known has not started."""
    assert evaluate(catalog=catalog, records=records, stack=["one"], worker=["w", "nobody"], as_json=True) == 0
    assert [(line["worker_id"], line["status"]) for line in _lines(capsys)] == [
        ("nobody", "not_started"),
        ("w", "complete"),
    ]


def test_records_may_be_an_array_or_one_object(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However they are laid out, they are the same records."""
    outputs = []
    for number, text in enumerate([json.dumps(AWARDS), json.dumps(AWARDS, indent=1), "\ufeff" + json.dumps(AWARDS)]):
        path = tmp_path / f"{number}.json"
        path.write_text(text)
        assert evaluate(catalog=catalog, records=str(path), as_of="2026-01-01", as_json=True) == 0
        outputs.append(capsys.readouterr().out)
    assert len(set(outputs)) == 1
    single = tmp_path / "single.json"
    single.write_text(json.dumps(AWARDS[0], indent=2))
    assert evaluate(catalog=catalog, records=str(single), stack=["one"], as_json=True) == 0


def test_accounts_that_are_linked_are_one_worker(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An award of a linked account counts for the worker it is linked to, who alone is printed."""
    account = {"mbox": "mailto:a@example.org"}
    linked = {key: value for key, value in _award("b").items() if key != "worker_id"} | {"account": account}
    link = {"kind": "link", "occurred_at": "2025-07-01T00:00:00Z", "account": account, "worker_id": "w"}
    path = tmp_path / "linked.ndjson"
    path.write_text("\n".join(map(json.dumps, [linked, AWARDS[0], link])))
    assert evaluate(catalog=catalog, records=str(path), as_of="2026-01-01", stack=["both"], as_json=True) == 0
    assert [(line["worker_id"], line["complete"]) for line in _lines(capsys)] == [("w", True)]


def test_faulty_records_are_all_named_and_refused(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line and field of each; nothing is evaluated unless one asks to go on with the good ones."""
    path = tmp_path / "faulty.ndjson"
    path.write_text(
        "\n".join([json.dumps(AWARDS[0]), "{", json.dumps(_award("a", grade=3)), json.dumps({"kind": "x"})])
    )
    assert evaluate(catalog=catalog, records=str(path), as_json=True) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.split(": ")[1:3] for line in captured.err.splitlines()] == [
        ["line 2", "/"],
        ["line 3", "/grade"],
        ["line 4", "/"],
    ]
    assert evaluate(catalog=catalog, records=str(path), stack=["one"], as_json=True, lenient=True) == 1
    assert [line["complete"] for line in _lines(capsys)] == [True]


@pytest.mark.parametrize("catalog_text", ["stacks: [", "stacks: [{id: s, requires: {stack: t}}]"])
def test_a_faulty_catalog_is_refused(
    catalog_text: str, tmp_path: Path, records: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its faults on stderr."""
    path = tmp_path / "faulty.yaml"
    path.write_text(catalog_text)
    assert evaluate(catalog=path, records=records) == 2
    assert capsys.readouterr().err.startswith("faulty.yaml: /")


def test_what_is_not_there_is_said(catalog: Path, records: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown stack, a bad instant, no such file."""
    assert evaluate(catalog=catalog, records=records, stack=["nowhere"]) == 2
    assert evaluate(catalog=catalog, records=records, as_of="yesterday") == 2
    assert evaluate(catalog=catalog, records="nowhere.ndjson") == 2
    assert evaluate(catalog=Path("nowhere"), records=records) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_an_assumed_achievement_shows_what_it_would_bring(
    catalog: Path, records: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As though every worker had earned it now."""
    options: dict[str, Any] = {"as_of": "2026-01-01", "stack": ["both"], "worker": ["w"], "as_json": True}
    assert evaluate(catalog=catalog, records=records, assume=["b"], **options) == 0
    assert [line["complete"] for line in _lines(capsys)] == [True]


def test_another_catalog_shows_who_gains_and_who_loses(
    catalog: Path, records: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only what changes, from the other catalog to the one asked about."""
    other = tmp_path / "other.yaml"
    other.write_text("stacks: [{id: both, version: 2026, requires: {award: a}}, {id: one, requires: {award: b}}]")
    assert evaluate(catalog=other, records=records, against=str(catalog), as_of="2026-01-01", as_json=True) == 0
    assert [(line["worker_id"], line["stack_id"], line["change"]) for line in _lines(capsys)] == [
        ("v", "both", "loses"),
        ("v", "one", "gains"),
        ("w", "both", "gains"),
        ("w", "one", "loses"),
    ]
    assert evaluate(catalog=other, records=records, against=str(catalog), as_of="2026-01-01") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 gain, 2 lose, 0 differ otherwise."


def test_a_mapping_is_a_change_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each catalog reads the records by its own mappings."""
    record = {
        "kind": "award",
        "occurred_at": "2025-06-01T00:00:00Z",
        "worker_id": "w",
        "achievement": {"id": "urn:x:7"},
    }
    (tmp_path / "records.ndjson").write_text(json.dumps({**record, "source": "lms"}))
    stack = "stacks: [{id: one, requires: {award: a}}]\n"
    (tmp_path / "plain.yaml").write_text(stack)
    (tmp_path / "mapped.yaml").write_text(stack + "mappings: [{id: 'urn:x:7', achievement: a}]\n")
    given = {"records": str(tmp_path / "records.ndjson"), "as_of": "2026-01-01", "as_json": True}
    for now, was, change in (("mapped", "plain", "gains"), ("plain", "mapped", "loses")):
        told = {"catalog": tmp_path / f"{now}.yaml", "against": str(tmp_path / f"{was}.yaml")}
        assert evaluate(**told, **given) == 0  # type: ignore[arg-type]
        assert [line["change"] for line in _lines(capsys)] == [change]


def test_an_explanation_says_what_counts_and_what_does_not(
    catalog: Path, records: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rule by rule, in sentences or as a tree."""
    options: dict[str, Any] = {"as_of": "2029-01-01", "stack": ["both"], "worker": ["w"]}
    assert explain(catalog=catalog, records=records, **options) == 0
    assert capsys.readouterr().out.splitlines() == [
        "w: both (2026): not started, 0 %.",
        "  [ ] 0 of 2 rules met.",
        "    [ ] a is not held: expired 2028-06-01.",
        "        acme/a does not count: expired 2028-06-01.",
        "    [ ] b is not held.",
    ]
    assert explain(catalog=catalog, records=records, as_json=True, **options) == 0
    tree = _lines(capsys)[0]["explanation"]
    assert [child["refused"] for child in tree["children"]] == [
        [{"key": "acme/a", "achievement": "a", "reason": "expired 2028-06-01"}],
        [],
    ]


def test_tables_are_for_people(catalog: Path, records: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A head, and a row for each line."""
    assert evaluate(catalog=catalog, records=records, as_of="2026-01-01") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["WORKER", "STACK", "STATUS", "PROGRESS", "MISSING"]
    assert lines[3] == "w       both (2026)  in_progress  50 %      b is not held."


def test_checking_a_catalog_prints_every_fault_and_exits_with_one(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file or a folder; in lines or as JSON."""
    assert check(catalog) == 0
    assert capsys.readouterr().out == "No faults: 0 achievements, 2 stacks.\n"
    (tmp_path / "more.json").write_text('{"stacks": [{"id": "t", "requires": {"stack": "nowhere"}}, {"id": "u"}]}')
    assert check(tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "more.json: /stacks/0/requires/stack: unknown stack nowhere",
        "more.json: /stacks/1/requires: this field is needed",
    ]
    assert check(tmp_path / "more.json", as_json=True) == 1
    assert _lines(capsys)[0]["faults"] == [
        {"file": "more.json", "path": "/stacks/0/requires/stack", "reason": "unknown stack nowhere"},
        {"file": "more.json", "path": "/stacks/1/requires", "reason": "this field is needed"},
    ]


def test_showing_a_catalog_lists_its_stacks(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every version, with what it awards."""
    assert show(catalog) == 0
    assert capsys.readouterr().out == "both (2026)  \none (1)  \n"


def test_the_shipped_catalogs_have_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    """The folder of examples loads as one catalog."""
    assert check(Path(__file__).parents[3] / "catalogs") == 0
