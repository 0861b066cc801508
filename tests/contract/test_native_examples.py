"""The gateway reads the published examples as the contracts say, and points at the same faults."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import schemas
from services.ingest.native import records_in
from services.runtime.errors import Rejected

EXAMPLES = Path(schemas.__file__).parent / "examples/record"


def _name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("valid/*.json")), ids=_name)
def test_a_valid_example_is_taken(path: Path) -> None:
    """What an integrator copies from the examples works as it is."""
    (record,) = records_in(path.read_bytes())
    assert record.kind == json.loads(path.read_bytes())["kind"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("invalid/*.json")), ids=_name)
def test_an_invalid_example_is_refused_at_the_pointer_it_names(path: Path) -> None:
    """The answer leads an integrator to the member that is to be mended."""
    example = json.loads(path.read_bytes())
    with pytest.raises(Rejected) as refusal:
        records_in(json.dumps(example["value"]).encode())
    assert {fault.pointer for fault in refusal.value.faults} == {example["pointer"]}
