"""The gate: which requests speak for which employer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from services.core.seals import Seal
from services.dashboard.errors import Forbidden, NotSignedIn
from services.dashboard.gate import COOKIE, Gate, Operator
from services.dashboard.tenant import Tenant
from services.runtime.keys import Credential, Role, StoredKey, Verifier, digest

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "s" * 32


def stored(key: str, role: Role = "employer", owner: str = "acme") -> StoredKey:
    """A key whose secret is "good"."""
    return StoredKey(Credential(key, role, owner, frozenset({"all"})), digest("good"))


class Table:
    """A table of keys that can change, and a clock that jumps far enough for a change to be seen."""

    def __init__(self, *keys: StoredKey) -> None:
        self.keys: Mapping[str, StoredKey] = {key.credential.key: key for key in keys}
        self.seconds = 0.0

    def clock(self) -> float:
        """Each look is much later than the one before."""
        self.seconds += 100
        return self.seconds


def gate_over(table: Table, *, now: datetime = NOON) -> Gate:
    """A gate on that table."""
    return Gate(Verifier(lambda: table.keys, table.clock), Seal(SECRET), lambda: now, timedelta(hours=1))


def bearer(token: str) -> dict[str, str]:
    """The header of a token."""
    return {"authorization": f"Bearer {token}"}


async def test_a_bearer_token_speaks_for_its_employer() -> None:
    """The tenant is the key's owner."""
    assert await gate_over(Table(stored("emp_1"))).tenant(bearer("emp_1.good"), {}) == Tenant("acme")


@pytest.mark.parametrize("token", ["emp_1.bad", "emp_2.good", "emp_1", "", "emp_1.good.more"])
async def test_a_wrong_token_speaks_for_nobody(token: str) -> None:
    """Wrong secret, unknown key, or no token at all."""
    with pytest.raises(NotSignedIn):
        await gate_over(Table(stored("emp_1"))).tenant(bearer(token), {})


async def test_a_source_s_key_looks_at_nothing() -> None:
    """A key that sends records is no employer's, even where it was let in."""
    with pytest.raises(Forbidden):
        await gate_over(Table(stored("src_1", "source"))).tenant(bearer("src_1.good"), {})


async def test_a_session_stands_for_the_token_that_began_it() -> None:
    """After logging in the cookie alone is enough."""
    gate = gate_over(Table(stored("emp_1")))

    admission = await gate.admit("emp_1.good")

    assert admission.tenant == Tenant("acme")
    assert await gate.tenant({}, {COOKIE: admission.cookie}) == Tenant("acme")
    assert "good" not in admission.cookie


async def test_a_revoked_token_ends_its_sessions() -> None:
    """A session is checked against the keys each time."""
    table = Table(stored("emp_1"))
    gate = gate_over(table)
    admission = await gate.admit("emp_1.good")

    table.keys = {}

    with pytest.raises(NotSignedIn):
        await gate.tenant({}, {COOKIE: admission.cookie})


async def test_a_session_ends_by_itself() -> None:
    """An hour later the same cookie is no session."""
    table = Table(stored("emp_1"))
    admission = await gate_over(table).admit("emp_1.good")

    with pytest.raises(NotSignedIn):
        await gate_over(table, now=NOON + timedelta(hours=1)).tenant({}, {COOKIE: admission.cookie})


async def test_a_header_decides_alone() -> None:
    """With a wrong Authorization header a good cookie does not help."""
    gate = gate_over(Table(stored("emp_1")))
    cookies = {COOKIE: (await gate.admit("emp_1.good")).cookie}

    for header in ("Bearer nonsense", "Basic ZW1wXzE6Z29vZA=="):
        with pytest.raises(NotSignedIn):
            await gate.tenant({"authorization": header}, cookies)


async def test_an_operator_sees_what_is_refused_and_no_workers() -> None:
    """By token and by session; and an employer is no operator."""
    gate = gate_over(Table(stored("ops_1", "operator", "kim"), stored("emp_1")))
    admission = await gate.admit("ops_1.good")
    assert admission.tenant is None
    for headers, cookies in ((bearer("ops_1.good"), {}), ({}, {COOKIE: admission.cookie})):
        assert await gate.operator(headers, cookies) == Operator("kim")
        with pytest.raises(Forbidden):
            await gate.tenant(headers, cookies)
    with pytest.raises(Forbidden):
        await gate.operator(bearer("emp_1.good"), {})
    with pytest.raises(NotSignedIn):
        await gate.operator({}, {})
