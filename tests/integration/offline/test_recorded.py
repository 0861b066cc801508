"""The offline verbs against what a Stepwell has recorded, on a real ClickHouse engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.catalog import catalog_json
from services.offline.evaluate_command import evaluate
from services.runtime.clickhouse import connect
from services.runtime.where import Where
from tests.builders.records import account, award, employment, settled
from tests.builders.stacks import catalog, stack

COLUMNS = ("record_id", "worker_id", "kind", "occurred_at", "received_at", "body", "version")


def _store(client: Any, records: list[Any]) -> None:
    rows = [
        [
            str(one.record_id),
            one.worker_id,
            one.kind,
            one.occurred_at,
            one.received_at,
            one.model_dump_json(by_alias=True, exclude_none=True),
            1,
        ]
        for one in records
    ]
    client.insert("records", rows, column_names=COLUMNS)


def test_stacks_are_judged_by_what_was_recorded(database: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """With no files at all: the catalogs in force, the records of the worker and of the accounts linked to it."""
    client = connect(*database)
    compiled = catalog(stack({"all": [{"award": "a"}, {"award": "b"}]}))
    document = catalog_json(compiled.document).decode()
    client.insert("catalogs", [["c", document, 1]], column_names=("catalog_id", "document", "version"))
    linked = settled("award", achievement="b", award_id="2", issuer_id="acme", account=account("a"))
    link = settled("link", account=account("a"), worker_id="w")
    _store(client, [award("a"), linked, link, employment(), award("a", worker_id="v")])
    capsys.readouterr()

    assert evaluate(worker=["w"], as_json=True, where=Where(*database)) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["worker_id"], line["stack_id"], line["complete"]) for line in lines] == [("w", "s", True)]


def test_another_catalog_is_held_against_those_in_force(
    database: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is recorded judged by a new catalog, and who gains and who loses by it."""
    client = connect(*database)
    document = catalog_json(catalog(stack({"all": [{"award": "a"}, {"award": "b"}]})).document).decode()
    client.insert("catalogs", [["c", document, 1]], column_names=("catalog_id", "document", "version"))
    _store(client, [award("a"), award("b", worker_id="v")])
    path = tmp_path / "new.yaml"
    path.write_text("stacks: [{id: s, requires: {award: a}}]")
    capsys.readouterr()

    assert evaluate(catalog=path, where=Where(*database)) == 0

    told = capsys.readouterr().out.split("Against the catalogs in force:\n")[1].splitlines()
    assert [line.split()[:3] for line in told[1:3]] == [["v", "s", "loses"], ["w", "s", "gains"]]
    assert told[-1] == "1 gain, 1 lose, 0 differ otherwise."
