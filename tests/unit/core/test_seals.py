"""Seals: what was sealed opens until it ends, and nothing else opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.core.seals import Seal, Sealed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "s" * 32
SESSION = Sealed("emp_1", NOON + timedelta(hours=1))


def test_a_sealed_session_opens_until_it_ends() -> None:
    """It comes back as it was, and is over from its end on."""
    text = Seal(SECRET).close(SESSION)

    assert Seal(SECRET).open(text, NOON) == SESSION
    assert Seal(SECRET).open(text, SESSION.ends_at) is None


def test_another_secret_opens_nothing() -> None:
    """A cookie of another installation is no session here."""
    assert Seal("t" * 32).open(Seal(SECRET).close(SESSION), NOON) is None


@pytest.mark.parametrize("text", ["", ".", "a", "a.b", "MTA6ZW1wXzE=.", "\u00e9.\u00e9"])
def test_what_was_never_sealed_opens_nothing(text: str) -> None:
    """Text of any other form is no session, and no error."""
    assert Seal(SECRET).open(text, NOON) is None


def test_a_changed_letter_breaks_the_seal() -> None:
    """Every letter of the cookie counts."""
    text = Seal(SECRET).close(SESSION)

    changed = [text[:place] + ("x" if letter != "x" else "y") + text[place + 1 :] for place, letter in enumerate(text)]

    assert [Seal(SECRET).open(other, NOON) for other in changed] == [None] * len(text)


def test_a_short_secret_is_refused() -> None:
    """Thirty-two characters are the least that a secret has."""
    with pytest.raises(ValueError, match="32"):
        Seal("short")
