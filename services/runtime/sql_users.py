"""Employers that query ClickHouse themselves: a user each, read-only, within limits, with its own rows alone.

The user holds the role `stepwell_employer`, which deploy/clickhouse/access.sql makes together with the limits, the row
policies and the definer views; what makes it this employer's is the setting `SQL_employer_id`, fixed for the user, that
the row policies ask for. A ClickHouse without that role (the embedded one has no users to make) gets no such user.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final

from clickhouse_connect.driver.exceptions import DatabaseError

ROLE: Final = "stepwell_employer"
PROFILE: Final = "stepwell_tenant"
SETTING: Final = "SQL_employer_id"
EVERYBODY: Final = "*"
"""What the setting is for whoever sees all: the services, never an employer."""
ACCESS_DENIED: Final = 497
_HAS_ROLE: Final = "SELECT count() FROM system.roles WHERE name = {role:String}"


@dataclass(frozen=True, slots=True)
class SqlUser:
    """A new user; the password is nowhere else."""

    name: str
    password: str


def user_name(employer_id: str) -> str:
    """The name of an employer's user."""
    return f"employer {employer_id}"


def is_supported(client: Any) -> bool:
    """Whether this ClickHouse has the role that employers' users hold, and lets us see it."""
    try:
        return bool(client.query(_HAS_ROLE, parameters={"role": ROLE}).result_rows[0][0])
    except DatabaseError as error:
        if error.code == ACCESS_DENIED:
            return False
        raise


def statements(employer_id: str, password: str) -> tuple[str, ...]:
    """What makes the user, or gives the one there is a new password.

    Raises: ValueError for an id that would be everybody.
    """
    if employer_id in {"", EVERYBODY}:
        raise ValueError("an employer's user sees one employer")
    user, digest = _name(user_name(employer_id)), sha256(password.encode()).hexdigest()
    fixed = f"SETTINGS {SETTING} = {_text(employer_id)} CONST, PROFILE {_text(PROFILE)}"
    return (
        f"CREATE USER IF NOT EXISTS {user} IDENTIFIED WITH sha256_hash BY '{digest}' {fixed}",
        f"ALTER USER {user} IDENTIFIED WITH sha256_hash BY '{digest}' {fixed}",
        f"GRANT {ROLE} TO {user}",
        f"SET DEFAULT ROLE {ROLE} TO {user}",
    )


def add(client: Any, employer_id: str, secret: Callable[[], str] = token_urlsafe) -> SqlUser | None:
    """Make the employer's user, or give it a new password; None where ClickHouse has no such users."""
    if not is_supported(client):
        return None
    password = secret()
    for statement in statements(employer_id, password):
        client.command(statement)
    return SqlUser(user_name(employer_id), password)


def drop(client: Any, employer_id: str) -> None:
    """Take the employer's user away, if there is one."""
    if is_supported(client):
        client.command(f"DROP USER IF EXISTS {_name(user_name(employer_id))}")


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _name(value: str) -> str:
    return "`" + value.replace("\\", "\\\\").replace("`", "\\`") + "`"
