"""Every golden pair of every dialect."""

from __future__ import annotations

import json

import pytest

from services.ingest.dialects.registry import BY_NAME
from tests.golden.cases import Case, cases, made_of

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[f"{case.dialect}/{case.payload.stem}" for case in CASES])
def test_a_payload_becomes_what_is_expected(case: Case) -> None:
    """The records with their ids, and the faults with their places."""
    assert made_of(case) == json.loads(case.expected.read_text())


def test_every_dialect_has_its_pairs() -> None:
    """A dialect without any would be one that nobody has looked at."""
    assert {case.dialect for case in CASES} == set(BY_NAME)
