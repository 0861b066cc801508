"""A look: who looks, of which moment, and through which queries; what every ask is given.

It keeps what it ran, so that a page can show the SQL behind its figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.dashboard.catalogs import Known
from services.dashboard.moment import Moment
from services.dashboard.queries import Parameter, Queries, Ran, Row
from services.dashboard.tenant import Tenant

AS_OF = "as_of"
EMPLOYER_NAMED = "employer"
"""The parameter of an address that says whose page it is."""
PAST = "_at"
"""Ends the name of a query that asks of the past what the one without it asks of now."""


@dataclass(frozen=True, slots=True)
class Look:
    """One employer's look. `known` gives the catalogs in force, read only by who needs them."""

    tenant: Tenant
    moment: Moment
    queries: Queries
    known: Callable[[], Known]
    employer_named: str = ""
    """The tenant's id where the address names it, else ""."""
    ran: list[Ran] = field(default_factory=list, compare=False)

    @property
    def address(self) -> dict[str, str]:
        """What links of the page keep of its address: whose it is and of when, each as far as it was said."""
        said = {EMPLOYER_NAMED: self.employer_named, AS_OF: self.moment.asked}
        return {name: value for name, value in said.items() if value}

    @property
    def exact(self) -> dict[str, str]:
        """What an address says that is of this employer and this very instant."""
        return {EMPLOYER_NAMED: self.tenant.employer_id, AS_OF: self.moment.at.isoformat()}

    def rows(self, name: str, **parameters: Parameter) -> list[Row]:
        """The rows of a named query, which is told the moment if it asks. Raises: Unavailable."""
        if AS_OF in self.queries.parameters(name):
            parameters[AS_OF] = self.moment.at
        return self.queries.rows(name, self.tenant, self.ran.append, **parameters)

    def row(self, name: str, **parameters: Parameter) -> Row | None:
        """The first of them, or None."""
        found = self.rows(name, **parameters)
        return found[0] if found else None

    def progress(self, name: str, **parameters: Parameter) -> list[Row]:
        """The rows of a query on progress: of what is published now, or, for a past moment, of its history."""
        return self.rows(name if self.moment.is_now else name + PAST, **parameters)
