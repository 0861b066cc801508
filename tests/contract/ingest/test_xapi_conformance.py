"""The statements of ADL's LRS conformance suite: each is accepted or refused as the suite expects (XAPI-00001 ff.)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.ingest.dialects.xapi.rules import fault_of

VERSIONS = ["1.0.3", "2.0.0"]


def _cases(shared_fixtures: Path, version: str) -> list[dict[str, Any]]:
    lines = (shared_fixtures / f"xapi/conformance-{version}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_statement_of_the_suite_is_judged_as_the_suite_judges_it(shared_fixtures: Path, version: str) -> None:
    """950 statements of 1.0.3 and 972 of 2.0, valid and invalid."""
    wrong = [
        (case["suite"], case["test"], case["expect"])
        for case in _cases(shared_fixtures, version)
        if (fault_of(case["statement"], is_version_2=version == "2.0.0") is None) != (case["expect"] == 200)
    ]
    assert wrong == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_refusal_points_into_the_statement(shared_fixtures: Path, version: str) -> None:
    """The pointer leads to a member that is there, or is missing from an object that is there (RFC 6901)."""
    for case in _cases(shared_fixtures, version):
        fault = fault_of(case["statement"], is_version_2=version == "2.0.0")
        if fault is not None:
            parts = [part.replace("~1", "/").replace("~0", "~") for part in fault.pointer.split("/")[1:]]
            place = case["statement"]
            for part in parts[:-1]:
                place = place[int(part)] if isinstance(place, list) else place[part]
            assert fault.code == "missing" or not parts or isinstance(place, list) or parts[-1] in place
