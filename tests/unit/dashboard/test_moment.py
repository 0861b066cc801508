"""The moment that an address asks for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.dashboard.errors import Refused
from services.dashboard.moment import moment_at

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_nothing_asked_is_now() -> None:
    """Only that moves on."""
    assert moment_at(" ", NOON).is_now
    assert moment_at("", NOON).at == NOON


@pytest.mark.parametrize(
    "asked, at",
    [
        ("2026-02-28", datetime(2026, 2, 28, 23, 59, 59, 999_999, UTC)),
        ("2026-03-01", NOON),
        ("2026-02-28T13:00:00+02:00", datetime(2026, 2, 28, 11, tzinfo=UTC)),
        ("2026-02-28T13:00:00Z", datetime(2026, 2, 28, 13, tzinfo=UTC)),
    ],
)
def test_a_day_is_its_last_instant_and_an_instant_itself(asked: str, at: datetime) -> None:
    """Today ends now."""
    moment = moment_at(asked, NOON)

    assert (moment.at, moment.is_now) == (at, False)


@pytest.mark.parametrize("asked", ["2026-03-02", "2026-03-01T12:00:01Z", "2026-13-01", "noon", "2026-02-28T13:00:00"])
def test_what_lies_ahead_or_is_no_instant_is_refused(asked: str) -> None:
    """With a reason that names the parameter."""
    with pytest.raises(Refused, match="as_of"):
        moment_at(asked, NOON)
