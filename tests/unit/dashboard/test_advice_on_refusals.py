"""Advice on refusals: every code has some."""

from __future__ import annotations

import re
from pathlib import Path

import services.ingest
from services.dashboard.advice_on_refusals import ADVICE, ANY, advice_on


def test_every_piece_of_advice_is_on_a_code_that_ingest_or_the_aggregate_refuses_for() -> None:
    """Advice on a code that is gone would mislead nobody, and help nobody."""
    folder = Path(services.ingest.__file__).parents[1]
    said = "".join(path.read_text() for name in ("ingest", "aggregate") for path in (folder / name).rglob("*.py"))
    used = set(re.findall(r'"([a-z_]+)"', said))
    assert set(ADVICE) <= used


def test_every_code_that_a_dialect_refuses_for_has_advice_of_its_own() -> None:
    """Or is about the form of a value; what fits any is for codes that nobody foresaw."""
    folder = Path(services.ingest.__file__).parent / "dialects"
    said = "".join(path.read_text() for path in folder.rglob("*.py"))
    codes = set(re.findall(r'(?:because|Fault|Wrong)\(\s*"([a-z_]+)"', said))
    assert {"missing", "identifier", "too_deep"} <= codes
    assert {code for code in codes if advice_on(code) == ANY} == set()


def test_a_code_without_advice_of_its_own_gets_what_fits_any() -> None:
    """Those that name a form are the sender's."""
    assert advice_on("never_heard_of") == ANY
    assert "another form" in advice_on("not_an_iri")
    assert "another form" in advice_on("wrong_type")
    assert advice_on("missing") == ADVICE["missing"]
