"""Checking API keys against a copy of their table."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from services.runtime.errors import Unavailable
from services.runtime.keys import ALL, Credential, StoredKey, Verifier, digest, split_token


class Table:
    """A table of keys that can be changed, and that can be away. Counts how often it was read."""

    def __init__(self) -> None:
        self.keys: dict[str, StoredKey] = {}
        self.is_away = False
        self.reads = 0

    def add(self, key: str, secret: str, *scopes: str) -> None:
        """Put a key in."""
        self.keys[key] = StoredKey(Credential(key, "source", "acme", frozenset(scopes or (ALL,))), digest(secret))

    def __call__(self) -> Mapping[str, StoredKey]:
        """Read it."""
        self.reads += 1
        if self.is_away:
            raise ConnectionError
        return dict(self.keys)


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Tell it."""
        return self.seconds


@pytest.fixture
def table() -> Table:
    """A table with one key."""
    made = Table()
    made.add("src_1", "s3cret")
    return made


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def verifier(table: Table, clock: Clock) -> Verifier:
    """A verifier on both."""
    return Verifier(table, clock)


async def test_a_key_with_its_secret_is_good_and_any_other_is_not(verifier: Verifier) -> None:
    """Both halves count, letter by letter."""
    credential = await verifier.verify("src_1", "s3cret")
    assert credential is not None
    assert credential.owner == "acme"
    assert await verifier.verify("src_1", "S3cret") is None
    assert await verifier.verify("src_1", "") is None
    assert await verifier.verify("src_2", "s3cret") is None


async def test_a_new_key_works_at_the_next_look(verifier: Verifier, table: Table, clock: Clock) -> None:
    """Whoever was just given a key need not wait."""
    await verifier.verify("src_1", "s3cret")
    table.add("src_2", "other")
    clock.seconds += Verifier.LOOKUP_SECONDS
    assert await verifier.verify("src_2", "other") is not None


async def test_a_revoked_key_stops_within_seconds(verifier: Verifier, table: Table, clock: Clock) -> None:
    """Also when nobody used it meanwhile, so that no old copy is believed."""
    await verifier.verify("src_1", "s3cret")
    del table.keys["src_1"]
    clock.seconds += Verifier.MAX_AGE_SECONDS
    assert await verifier.verify("src_1", "s3cret") is None


async def test_guessing_keys_does_not_read_the_table_each_time(verifier: Verifier, table: Table) -> None:
    """A thousand guesses cost ClickHouse one query."""
    for number in range(1000):
        await verifier.verify(f"src_x{number}", "guess")
    assert table.reads == 1


async def test_known_keys_work_while_the_table_is_away(verifier: Verifier, table: Table, clock: Clock) -> None:
    """An outage of ClickHouse stops no source; only keys that are not known cannot be told from wrong ones."""
    await verifier.verify("src_1", "s3cret")
    table.is_away = True
    clock.seconds += 3600
    assert await verifier.verify("src_1", "s3cret") is not None
    clock.seconds += 1
    with pytest.raises(Unavailable):
        await verifier.verify("src_2", "other")


async def test_a_gateway_that_never_read_the_table_says_so(verifier: Verifier, table: Table) -> None:
    """503 and not 401: the key may well be good."""
    table.is_away = True
    with pytest.raises(Unavailable):
        await verifier.verify("src_1", "s3cret")


def test_a_scope_allows_its_kind_and_all_allows_every_one() -> None:
    """Scopes are record kinds."""
    narrow = Credential("k", "source", "acme", frozenset(("award",)))
    assert [narrow.allows("award"), narrow.allows("link")] == [True, False]
    assert Credential("k", "source", "acme", frozenset((ALL,))).allows("link")


def test_a_token_splits_into_key_and_secret() -> None:
    """One text for what takes one text; nonsense gives a key that does not exist."""
    assert split_token("src_1.s3cret-_x") == ("src_1", "s3cret-_x")
    assert split_token("nonsense") == ("nonsense", "")
