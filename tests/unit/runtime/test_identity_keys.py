"""Which of several keys is in force, and what the others still open."""

from __future__ import annotations

from schemas.values import Account
from services.runtime.identity import IdentityKey
from services.runtime.identity_keys import StoredKey, in_force, next_key

ANA = Account(mbox="mailto:ana@example.org")
FIRST, SECOND = StoredKey(1, b"a secret of the tests"), StoredKey(2, b"another secret of the tests")


def test_a_key_that_is_only_announced_opens_and_hides_nothing() -> None:
    """What is sealed under it can be read from then on."""
    key = in_force([FIRST, SECOND._replace(is_coming=True)])
    assert key.key_id == IdentityKey(FIRST.secret).key_id
    assert key.opened(IdentityKey(SECOND.secret).sealed(ANA, "w"), "w") == ANA


def test_the_newest_key_hides_and_those_before_it_open() -> None:
    """Until they are taken out."""
    sealed = IdentityKey(FIRST.secret).sealed(ANA, "w")
    key = in_force([FIRST, SECOND])
    assert key.key_id == IdentityKey(SECOND.secret).key_id
    assert key.opened(sealed, "w") == ANA
    assert in_force([SECOND]).opened(sealed, "w") is None


def test_the_next_key_is_announced_and_like_no_other() -> None:
    """Of the generation after the newest."""
    coming, other = next_key([FIRST, SECOND]), next_key([FIRST, SECOND])
    assert (coming.generation, coming.is_coming, len(coming.secret)) == (3, True, 32)
    assert coming.secret != other.secret
