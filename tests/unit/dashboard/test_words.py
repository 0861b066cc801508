"""Numbers, times and states in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.dashboard import words

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("share, text", [(0, "0 %"), (0.5, "50 %"), (0.57, "57 %"), (0.9999, "99 %"), (1, "100 %")])
def test_only_what_is_whole_reads_a_hundred(share: float, text: str) -> None:
    """Shares are rounded down, but not for binary fractions' sake."""
    assert words.percent(share) == text


@pytest.mark.parametrize(
    "seconds, text",
    [
        (-5, "just now"),
        (9, "just now"),
        (48, "40 s ago"),
        (125, "2 min ago"),
        (7300, "2 h ago"),
        (90_000, "1 day ago"),
        (400_000, "4 days ago"),
    ],
)
def test_how_long_ago_is_told_coarsely(seconds: int, text: str) -> None:
    """One unit is enough; clocks that differ a little do not make a negative time."""
    assert words.ago(NOON - timedelta(seconds=seconds), NOON) == text


@pytest.mark.parametrize("hours, text", [(-1, "over"), (5, "less than a day"), (30, "1 day"), (480, "20 days")])
def test_how_much_time_is_left(hours: int, text: str) -> None:
    """Whole days, and a word for less."""
    assert words.time_left(NOON + timedelta(hours=hours), NOON) == text


@pytest.mark.parametrize(
    "items, text", [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_items_are_listed_as_in_a_sentence(items: list[str], text: str) -> None:
    """Commas, and an "and" before the last."""
    assert words.listed(items) == text


def test_counts_agree_with_their_noun() -> None:
    """One worker, two workers, a thousand with a comma."""
    assert [words.counted(count, "worker") for count in (0, 1, 1234)] == ["0 workers", "1 worker", "1,234 workers"]


@pytest.mark.parametrize(
    "value, unit, text",
    [
        (3.0, "semester_hour", "3 semester hours"),
        (1.0, "ects", "1 ECTS credit"),
        (1.5, "hour", "1.5 hours"),
        (2.0, "moons", "2 moons"),
    ],
)
def test_credits_are_told_with_their_unit(value: float, unit: str, text: str) -> None:
    """One and many, and a unit that is not ours as it came."""
    assert words.credits_earned(value, unit) == text


def test_every_tier_has_a_name() -> None:
    """And a tier from the future is called like the highest known."""
    assert [words.trust(tier) for tier in (0, 4, 9)] == ["Self-asserted", "Endorsed", "Endorsed"]
