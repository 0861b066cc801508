"""Which ClickHouse a command works on: the two options that every such command has, and the client that they give.

A command takes them as one parameter, `where: Place = HERE`, and tells of them in its help by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from services.runtime.clickhouse import Client


@dataclass(frozen=True, slots=True)
class Where:
    """The running instance's ClickHouse, or the one that is named."""

    clickhouse: str | None = None
    """http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance."""
    database: Annotated[str, Parameter(env_var="STEPWELL_DATABASE")] = "stepwell"
    """The database that holds Stepwell's tables."""

    def connect(self) -> Client:
        """A client. Raises: Unavailable when no address is known or nothing answers there."""
        from services.runtime.clickhouse import connect  # noqa: PLC0415 - who asks for help does not wait for it to load
        from services.runtime.instance import address_of  # noqa: PLC0415 - the same

        return connect(address_of("clickhouse", self.clickhouse), self.database)


Place = Annotated[Where, Parameter(name="*")]
HERE = Where()
