"""Employers' own ClickHouse users: one employer each, whatever its id is like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime import sql_users


@dataclass
class Server:
    """A ClickHouse that keeps what it was told."""

    has_role: bool = True
    told: list[str] = field(default_factory=list)

    def query(self, _sql: str, parameters: dict[str, Any]) -> Server:
        """Whether there is the role."""
        assert parameters == {"role": sql_users.ROLE}
        return self

    @property
    def result_rows(self) -> list[tuple[int]]:
        """One count."""
        return [(int(self.has_role),)]

    def command(self, sql: str) -> None:
        """Keep it."""
        self.told.append(sql)


def test_an_employer_gets_a_user_that_is_fixed_to_it() -> None:
    """With the limits' profile and the role; the password is told once and kept as a digest."""
    server = Server()

    made = sql_users.add(server, "acme", lambda: "secret")

    assert made == sql_users.SqlUser("employer acme", "secret")
    assert "SETTINGS SQL_employer_id = 'acme' CONST, PROFILE 'stepwell_tenant'" in server.told[0]
    assert server.told[2:] == [
        "GRANT stepwell_employer TO `employer acme`",
        "SET DEFAULT ROLE stepwell_employer TO `employer acme`",
    ]
    assert "secret'" not in "".join(server.told)


def test_where_there_are_no_such_users_none_is_made() -> None:
    """The embedded ClickHouse."""
    server = Server(has_role=False)

    assert sql_users.add(server, "acme") is None
    sql_users.drop(server, "acme")
    assert server.told == []


@pytest.mark.parametrize("employer_id", ["", sql_users.EVERYBODY])
def test_nobody_becomes_everybody(employer_id: str) -> None:
    """The value that the services have is no employer's."""
    with pytest.raises(ValueError, match="one employer"):
        sql_users.statements(employer_id, "x")


@given(st.text(min_size=1).filter(lambda text: text != sql_users.EVERYBODY))
def test_an_id_never_ends_its_quotes(employer_id: str) -> None:
    """Quotes and backslashes are escaped in the name and in the setting."""
    create, *_ = sql_users.statements(employer_id, "x")
    setting = create.split("SQL_employer_id = ", 1)[1].removesuffix(" CONST, PROFILE 'stepwell_tenant'")
    inner = setting[1:-1].replace("\\\\", "").replace("\\'", "")

    assert setting[0] == setting[-1] == "'"
    assert "'" not in inner
    assert "\\" not in inner
