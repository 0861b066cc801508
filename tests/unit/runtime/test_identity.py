"""The key that hides addresses, and what it seals."""

from __future__ import annotations

import pytest

from schemas.values import Account
from services.runtime.errors import Rejected
from services.runtime.identity import IdentityKey, key_of_setting

ANA = Account(mbox="mailto:ana@example.org")
KEY = IdentityKey(b"a secret of the tests")


def test_what_is_sealed_opens_with_the_key_alone() -> None:
    """And only as the account of the worker id that it was sealed for."""
    sealed = KEY.sealed(ANA, "w1")
    assert b"ana" not in sealed
    assert KEY.opened(sealed, "w1") == ANA
    assert KEY.opened(sealed, "w2") is None
    assert IdentityKey(b"another secret of the tests").opened(sealed, "w1") is None
    assert KEY.opened(sealed[:-1], "w1") is None
    assert KEY.opened(b"", "w1") is None


def test_the_same_account_is_sealed_differently_each_time() -> None:
    """Who sees two sealed accounts cannot tell whether they are one."""
    assert KEY.sealed(ANA, "w1") != KEY.sealed(ANA, "w1")


def test_keys_are_told_apart_by_an_id_that_tells_nothing_else() -> None:
    """The id is written beside every sealed account."""
    same, other = key_of_setting("a secret of the tests"), key_of_setting("another secret of the tests")
    assert KEY.key_id == same.key_id != other.key_id
    assert KEY.digesting == same.digesting != other.digesting


def test_a_secret_that_can_be_guessed_is_refused() -> None:
    """Sixteen octets at least."""
    with pytest.raises(Rejected):
        key_of_setting("short")
