"""What the doctor says."""

from __future__ import annotations

from pathlib import Path

from deploy.embedded.doctor import Check, examine


def test_what_is_well_needs_no_cure() -> None:
    """A check has a cure exactly when it failed."""
    for check in examine(Path("not/made/yet")):
        assert bool(check.cure) is not check.ok


def test_here_nothing_required_is_missing() -> None:
    """The machine that runs the tests can run Stepwell."""
    assert [check.name for check in examine(Path()) if check.required and not check.ok] == []


def test_a_missing_thing_is_told_with_its_cure() -> None:
    """On the line below, so that it can be copied."""
    line = Check("java", ok=False, required=False, found="not found", cure="install it").line()

    assert line.splitlines() == ["absent   java               not found", "         cure: install it"]
