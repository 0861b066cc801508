"""The compatibility command, against a baseline folder and against a git ref, passing and failing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from schemas.compat import FOLDER, main

OPEN = {"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": False}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one published contract."""
    _write(tmp_path, OPEN)
    assert main(["--publish"], tmp_path) == 0
    return tmp_path


def _write(folder: Path, schema: dict[str, Any]) -> None:
    (folder / "thing.schema.json").write_text(json.dumps(schema))


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, timeout=60)


def test_the_committed_contracts_keep_the_published_ones_readable() -> None:
    """Nothing that was published has been narrowed."""
    assert main([], FOLDER) == 0


def test_a_wider_contract_passes_and_a_narrower_one_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The gate passes an optional member and refuses a required one."""
    _write(folder, OPEN | {"properties": {"id": {"type": "string"}, "name": {"type": "string"}}})
    assert main([], folder) == 0
    _write(folder, OPEN | {"required": ["id"]})
    assert main([], folder) == 1
    assert "thing.schema.json" in capsys.readouterr().out


def test_a_contract_that_is_gone_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Deleting a published schema does not go unseen."""
    (folder / "thing.schema.json").unlink()
    assert main([], folder) == 1
    assert capsys.readouterr().out == "thing.schema.json is gone\n"


def test_publishing_a_narrower_contract_must_be_meant(folder: Path) -> None:
    """`--publish` alone leaves the baseline as it was; with `--breaking` the new one becomes it."""
    _write(folder, OPEN | {"required": ["id"]})
    assert main(["--publish"], folder) == 1
    assert main([], folder) == 1
    assert main(["--publish", "--breaking"], folder) == 0
    assert main([], folder) == 0


def test_a_git_ref_can_be_the_baseline(folder: Path) -> None:
    """Against the commit before, the gate fails for a narrowing that is already committed."""
    _git(folder, "init", "--quiet")
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "--message", "first")
    _write(folder, OPEN | {"required": ["id"]})
    _git(folder, "commit", "--quiet", "--all", "--message", "second")
    assert main(["--against", "HEAD"], folder) == 0
    assert main(["--against", "HEAD~1"], folder) == 1
