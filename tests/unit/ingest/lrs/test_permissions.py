"""What each scope allows."""

from __future__ import annotations

import pytest

from services.ingest.lrs.permissions import Action, may, sees_only_own
from services.runtime.keys import ALL, XAPI_SCOPES, Credential

READS: set[Action] = {"statements/read", "state/read", "profile/read"}
EVERYTHING: set[Action] = {*READS, "statements/write", "define", "state/write", "profile/write"}
ALLOWED: dict[str, set[Action]] = {
    "statements/write": {"statements/write"},
    "statements/read": {"statements/read"},
    "statements/read/mine": {"statements/read"},
    "define": {"define"},
    "state": {"state/write", "state/read"},
    "profile": {"profile/write", "profile/read"},
    "all/read": READS,
    "award": set(),
    ALL: EVERYTHING,
}


def key_of(*scopes: str) -> Credential:
    """A key with these scopes."""
    return Credential("src_1", "source", "college", frozenset(scopes))


@pytest.mark.parametrize("scope", ALLOWED)
def test_a_scope_allows_what_xapi_says(scope: str) -> None:
    """Source: xAPI 1.0.3 Communication 4.2."""
    assert {action for action in EVERYTHING if may(key_of(scope), action)} == ALLOWED[scope]


def test_only_mine_alone_hides_what_others_sent() -> None:
    """With a wider scope beside it, it narrows nothing."""
    assert sees_only_own(key_of("statements/read/mine"))
    assert not any(
        sees_only_own(key_of("statements/read/mine", wider)) for wider in ("statements/read", "all/read", ALL)
    )


def test_every_scope_of_xapi_can_be_given_to_a_key() -> None:
    """And none that allows nothing."""
    assert set(XAPI_SCOPES) == ALLOWED.keys() - {"award", ALL}
