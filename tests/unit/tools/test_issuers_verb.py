"""`stepwell issuers`, on a registry file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.tools.issuers_command import Registered, distrust, import_registry, list_issuers, remove, trust
from tests.builders.federation import jwks, key, statement

LIST = {"did:key:z6Mk1": {"name": "The College"}}


@pytest.fixture
def where(tmp_path: Path) -> Registered:
    """A file that is not there yet."""
    return Registered(registry=tmp_path / "registry.json")


def _listed(where: Registered, capsys: pytest.CaptureFixture[str]) -> Any:
    list_issuers(where=where, as_json=True)
    return json.loads(capsys.readouterr().out)


def test_a_list_is_taken_in_and_its_place_can_be_first(
    where: Registered, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is listed is what `--registry FILE` reads."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(json.dumps(LIST))
        import_registry(str(tmp_path / f"{name}.json"), where=where, as_json=True, first=name == "two")
        assert json.loads(capsys.readouterr().out) == {"registries": {name: 1}, "left_out": []}
    assert [one["id"] for one in _listed(where, capsys)["registries"]] == ["two", "one"]
    remove("two", where=where)
    assert capsys.readouterr().out == "two is removed.\n"
    assert [one["id"] for one in _listed(where, capsys)["registries"]] == ["one"]


def test_decisions_are_listed_with_their_reasons(where: Registered, capsys: pytest.CaptureFixture[str]) -> None:
    """For people one a line."""
    trust("did:web:a.example", by="the registrar", where=where)
    distrust("did:web:b.example", reason="the domain was sold", where=where)
    capsys.readouterr()
    list_issuers(where=where)
    told = capsys.readouterr().out
    assert "trusted  did:web:a.example\n" in told
    assert "distrusted  did:web:b.example  the domain was sold\n" in told


def test_a_federation_in_a_file_is_checked_with_the_anchors_keys(
    where: Registered, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without them it is refused as it is no list; with another's it registers nobody, and says so."""
    anchor, now = key("anchor"), datetime.now(UTC)
    ours, theirs, chains = (tmp_path / name for name in ("ours.json", "theirs.json", "chains.json"))
    ours.write_text(json.dumps(jwks(anchor)))
    theirs.write_text(json.dumps(jwks(key("anchor"))))
    chain = [
        statement(anchor, "https://a.example", "did:web:school.example", now),
        statement(anchor, "https://a.example", "https://a.example", now, jwks=jwks(anchor)),
    ]
    chains.write_text(json.dumps(chain))
    import_registry(str(chains), anchor_keys=ours, where=where)
    assert capsys.readouterr().out == "chains: 1 issuers\n"
    import_registry(str(chains), anchor_keys=theirs, where=where)
    assert "left out: chain 0:" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        import_registry(str(chains), where=where)
    assert "not a registry" in capsys.readouterr().err


@pytest.mark.parametrize("source", ["nowhere.json", "http://plain.example/list.json"])
def test_what_cannot_be_read_is_told_in_a_sentence(
    source: str, where: Registered, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there; an address that is not https."""
    with pytest.raises(SystemExit):
        import_registry(source, where=where)
    assert capsys.readouterr().err.startswith(f"stepwell: {source}: ")
