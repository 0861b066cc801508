"""Who is introduced, how often, and how it is said on the topic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.values import Account
from services.core.pseudonyms import Stated
from services.ingest.identity.introducing import REMEMBERED, Introducing
from services.ingest.identity.introductions import Forgetting, Introduction, message_of, read
from services.runtime.identity import IdentityKey

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KEY = IdentityKey(b"a secret of the tests")
ANA = Stated("w1", Account(mbox="mailto:ana@example.org"))


def introducing() -> Introducing:
    """One that has introduced nobody yet."""
    return Introducing("identities", lambda: KEY)


@pytest.mark.parametrize(
    "said", [Introduction("w1", "mbox", b"\x00sealed", "k", "lms", NOW), Forgetting("w1", NOW)], ids=str
)
def test_what_is_said_comes_back_from_its_message(said: Introduction | Forgetting) -> None:
    """Bytes and instants too."""
    message = message_of(said, "identities")
    assert message.value is not None
    assert read(message.value) == said


@pytest.mark.parametrize("value", [b"", b"{}", b'{"type":"other"}', b"\xff"])
def test_somebody_elses_message_is_a_value_error(value: bytes) -> None:
    """The keeper leaves it out."""
    with pytest.raises(ValueError, match=r"expected|JSON|valid|truncated|Object"):
        read(value)


def test_an_account_is_introduced_sealed_and_once_in_a_while() -> None:
    """Not with each of its records."""
    them = introducing()
    (message,) = them.messages([ANA, ANA], "lms", NOW)
    assert message.key == b"w1\nmbox"
    assert message.value is not None
    said = read(message.value)
    assert isinstance(said, Introduction)
    assert KEY.opened(said.sealed, "w1") == ANA.account
    assert them.messages([ANA], "lms", NOW + timedelta(minutes=1)) == []
    assert len(them.messages([ANA], "lms", NOW + REMEMBERED)) == 1


def test_an_account_whose_introduction_was_lost_is_introduced_again() -> None:
    """As when Kafka did not acknowledge it, or when the worker was forgotten."""
    them = introducing()
    them.messages([ANA], "lms", NOW)
    them.forget([ANA])
    assert len(them.messages([ANA], "lms", NOW)) == 1
    them.forget_worker("w1")
    assert len(them.messages([ANA], "lms", NOW)) == 1
