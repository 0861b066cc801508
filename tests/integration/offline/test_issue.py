"""`stepwell issue` and `stepwell issuers keys`, over what a Stepwell has recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.offline.issue_command import issue, list_issued, revoke
from services.runtime.issuing import read_published
from services.runtime.where import Where
from services.tools.issuing_keys_command import list_keys, new, rotate
from tests.builders.analytics import Tables
from tests.builders.issuing import CATALOG, DID, NOT_VERIFIED, award_record, verified_elsewhere


@pytest.fixture
def where(database: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Where:
    """A Stepwell where Ann holds both halves of the stack and Bob one, and a home without keys."""
    monkeypatch.setenv("STEPWELL_HOME", str(tmp_path / "home"))
    tables = Tables(*database)
    tables.put("catalogs", {"catalog_id": "default", "document": json.dumps(CATALOG), "version": 1})
    tables.put("records", *(_row("ann", "a", 1), _row("ann", "b", 2), _row("bob", "a", 3)))
    tables.close()
    return Where(*database)


def _row(worker_id: str, achievement: str, day: int) -> dict[str, Any]:
    record = award_record(worker_id, achievement, day)
    return {
        **{name: record[name] for name in ("record_id", "worker_id", "kind", "issuer_id", "award_id", "source")},
        "achievement_id": achievement,
        "occurred_at": record["occurred_at"],
        "received_at": record["received_at"],
        "dialect": "native",
        "body": json.dumps(record),
        "version": day,
    }


def _said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def _published(where: Where) -> Any:
    client = where.connect()

    def document(address: str) -> Any:
        found = read_published(client, address.removeprefix("https://college.example"))
        return None if found is None else json.loads(found.body)

    return document


def test_a_completed_stack_is_issued_and_taken_back(where: Where, capsys: pytest.CaptureFixture[str]) -> None:
    """From making the keys to a revocation that an independent verifier sees."""
    new(DID, name="The College", as_json=True)
    assert _said(capsys)["id"] == DID
    issue(worker="ann", stack="s", as_json=True, where=where)
    told = _said(capsys)
    for credential in (told["credential"], told["jwt"]):
        assert verified_elsewhere(credential, _published(where)) == DID
    issue(worker="ann", stack="s", where=where)
    assert _said(capsys) == told["credential"]
    issue(worker="ann", stack="s", jwt=True, where=where)
    assert capsys.readouterr().out.strip() == told["jwt"]
    list_issued(as_json=True, where=where)
    assert [one["credential_id"] for one in _said(capsys)] == [told["credential_id"]]
    revoke(told["credential_id"], as_json=True, where=where)
    assert _said(capsys)["revoked_at"] is not None
    with pytest.raises(NOT_VERIFIED, match="revo"):
        verified_elsewhere(told["credential"], _published(where))


def test_keys_are_rotated_and_what_was_issued_stays_good(where: Where, capsys: pytest.CaptureFixture[str]) -> None:
    """Until the key that signed it is retired."""
    new(DID, name="The College")
    issue(worker="ann", stack="s", where=where)
    credential = _said_after_table(capsys)
    rotate(where=where)
    assert verified_elsewhere(credential, _published(where)) == DID
    rotate(retire="key-1", as_json=True, where=where)
    assert [key.rpartition("#")[2] for key in _said_after_table(capsys)["assertionMethod"]] == ["key-2", "key-3"]
    with pytest.raises(NOT_VERIFIED):
        verified_elsewhere(credential, _published(where))
    list_keys()
    assert f"{DID} is served at https://college.example/.well-known/did.json" in capsys.readouterr().out


def _said_after_table(capsys: pytest.CaptureFixture[str]) -> Any:
    """The JSON at the end of what was printed."""
    told = capsys.readouterr().out
    return json.loads(told[told.index("{") :])


@pytest.mark.parametrize(
    "worker, stack, reason",
    [("bob", "s", "s is in_progress for bob"), ("ann", "t", "no stack t"), ("nobody", "s", "not_started")],
)
def test_only_what_was_completed_here_is_issued(
    worker: str, stack: str, reason: str, where: Where, capsys: pytest.CaptureFixture[str]
) -> None:
    """With where the worker stands as the reason."""
    new(DID, name="The College")
    with pytest.raises(SystemExit):
        issue(worker=worker, stack=stack, where=where)
    assert reason in capsys.readouterr().err


def test_there_is_one_issuer_and_it_has_keys_first(where: Where, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is issued without; keys are rotated, not made again."""
    with pytest.raises(SystemExit):
        issue(worker="ann", stack="s", where=where)
    assert "issuers keys new" in capsys.readouterr().err
    new(DID, name="The College")
    with pytest.raises(SystemExit):
        new(DID, name="The College")
    assert "rotate them" in capsys.readouterr().err
