"""Where commands look for the parts of a running Stepwell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.runtime.errors import Unavailable
from services.runtime.instance import FILE_NAME, Addresses, address_of, load, remove, save

ADDRESSES = Addresses("http://127.0.0.1:1", "http://127.0.0.1:2", "127.0.0.1:3", "http://127.0.0.1:4")


def test_what_was_saved_is_found(tmp_path: Path) -> None:
    """As long as the process that saved it runs."""
    save(tmp_path / "home", ADDRESSES)

    assert load(tmp_path / "home") == ADDRESSES


def test_an_instance_that_ended_is_not_found(tmp_path: Path) -> None:
    """A file that a killed process left behind leads nobody astray."""
    save(tmp_path, ADDRESSES)
    content = json.loads((tmp_path / FILE_NAME).read_text())
    (tmp_path / FILE_NAME).write_text(json.dumps({**content, "pid": 2**22 + 1}))

    assert load(tmp_path) is None


def test_a_broken_file_is_no_instance(tmp_path: Path) -> None:
    """Nor is one that is not there, or was removed."""
    assert load(tmp_path) is None
    (tmp_path / FILE_NAME).write_text("{")
    assert load(tmp_path) is None
    save(tmp_path, ADDRESSES)
    remove(tmp_path)
    remove(tmp_path)
    assert load(tmp_path) is None


def test_a_flag_beats_the_environment_beats_the_instance(tmp_path: Path) -> None:
    """The nearest word wins."""
    save(tmp_path, ADDRESSES)
    home = {"STEPWELL_HOME": str(tmp_path)}

    assert address_of("kafka", None, home) == ADDRESSES.kafka
    assert address_of("kafka", None, {**home, "STEPWELL_KAFKA": "env:1"}) == "env:1"
    assert address_of("kafka", "flag:1", {**home, "STEPWELL_KAFKA": "env:1"}) == "flag:1"


def test_no_address_is_an_error_with_its_cure(tmp_path: Path) -> None:
    """The message names the flag, the variable and the command."""
    with pytest.raises(Unavailable, match=r"--clickhouse.*STEPWELL_CLICKHOUSE.*stepwell up"):
        address_of("clickhouse", None, {"STEPWELL_HOME": str(tmp_path)})
