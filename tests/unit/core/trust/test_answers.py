"""Tiers follow from what was verified, each resting on the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from services.core.trust import Answers, no, tier_of, unknown, yes

AT = datetime(2026, 6, 1, tzinfo=UTC)
GOOD, BAD, OPEN = yes("x", "", AT), no("x", "", AT), unknown("x", "", AT)
NAMES = tuple(Answers.__dataclass_fields__)
ALL_GOOD = Answers(**dict.fromkeys(NAMES, GOOD))


def test_each_tier_needs_all_that_the_one_below_needs() -> None:
    """A registered issuer is worth nothing without its own key, and that nothing without a signature."""
    assert tier_of(ALL_GOOD) == 4
    for name, tier in (("endorsements", 3), ("status", 2), ("issuer", 2), ("key", 1), ("proof", 0)):
        assert [tier_of(replace(ALL_GOOD, **{name: one})) for one in (BAD, OPEN)] == [tier, tier]


def test_what_is_not_of_its_form_or_not_all_signed_is_not_trusted() -> None:
    """Whatever its signature says; a form that is not known here is no reason by itself."""
    for name in ("form", "uncovered"):
        assert tier_of(replace(ALL_GOOD, **{name: BAD})) == 0
        assert tier_of(replace(ALL_GOOD, **{name: OPEN})) == 4


def test_dates_subject_and_evidence_are_answers_of_their_own() -> None:
    """An expired badge is as authentic as it was."""
    for name in ("dates", "subject", "evidence"):
        assert tier_of(replace(ALL_GOOD, **{name: BAD})) == 4
