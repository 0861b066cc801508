"""The tenant: the employer on whose behalf a query runs.

Apart from everything that reads a request, so that a reviewer can see in one place where one is made. Invariant: a
`Tenant` is made from a verified credential (`credentials`) and from nothing a caller may choose.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tenant:
    """One employer. Its id is never empty: the rows of workers with no employer belong to nobody."""

    employer_id: str

    def __post_init__(self) -> None:
        if not self.employer_id:
            raise ValueError("a tenant has an employer id")
