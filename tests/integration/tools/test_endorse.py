"""`stepwell issuers endorse`: what the gateway verified, and nothing else, is taken in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.tools.endorse_command import endorse
from services.tools.issuers_command import Registered, list_issuers
from tests.builders.gateway import Gateway, gateway

DOCUMENT = {
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "issuer": "did:web:agency.example",
    "credentialSubject": {"id": "did:web:college.example", "type": ["EndorsementSubject"]},
}
GOOD: dict[str, Any] = {name: {"answer": True} for name in ("form", "proof", "key", "dates", "uncovered")}


@pytest.fixture
def asked() -> Iterator[Gateway]:
    """A gateway that finds everything good."""
    with gateway() as made:
        made.answer = {"answers": GOOD}
        yield made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An endorsement in a file."""
    path = tmp_path / "endorsement.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


def test_a_verified_endorsement_is_listed(
    asked: Gateway, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gateway was shown the very bytes."""
    where = Registered(registry=tmp_path / "registry.json")
    endorse(source, ingest=asked.address, where=where)
    endorse(source, ingest=asked.address, where=where, as_json=True)
    list_issuers(where=where)
    told = capsys.readouterr().out
    assert "did:web:agency.example endorses did:web:college.example.\n" in told
    assert told.count("endorsed  did:web:college.example  by did:web:agency.example\n") == 1
    assert asked.asked[0][2] == source.read_bytes()


@pytest.mark.parametrize(
    "answers, reason",
    [
        (GOOD | {"proof": {"answer": False, "detail": "it was changed"}}, "proof: it was changed"),
        (GOOD | {"key": {"answer": None, "code": "unreachable"}}, "key: unreachable"),
        ({"proof": {"answer": True}}, "key: it was not answered"),
        (GOOD | {"uncovered": {"answer": False, "detail": "x is not signed"}}, "uncovered: x is not signed"),
        (GOOD | {"status": {"answer": False, "detail": "taken back"}}, "status: taken back"),
    ],
)
def test_what_was_not_verified_is_refused(
    answers: dict[str, Any],
    reason: str,
    asked: Gateway,
    source: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the answer that stands in the way; nothing is written."""
    asked.answer = {"answers": answers}
    with pytest.raises(SystemExit):
        endorse(source, ingest=asked.address, where=Registered(registry=tmp_path / "registry.json"))
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "registry.json").exists()


def test_a_credential_of_another_kind_is_refused(
    asked: Gateway, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However good it is."""
    source.write_text('{"type": ["OpenBadgeCredential"]}')
    with pytest.raises(SystemExit):
        endorse(source, ingest=asked.address, where=Registered(registry=source.with_name("r.json")))
    assert "not an endorsement" in capsys.readouterr().err
