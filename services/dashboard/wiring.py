"""What handlers reach for: everything that `bootstrap` built, in one frozen value on the application's state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from services.core.seals import Seal
from services.dashboard.assets import Assets
from services.dashboard.attempts import Attempts
from services.dashboard.backlog import Backlog
from services.dashboard.catalogs import Catalogs
from services.dashboard.errors import Forbidden
from services.dashboard.explore import Explorer
from services.dashboard.gate import Gate
from services.dashboard.hub import Hub
from services.dashboard.look import EMPLOYER_NAMED
from services.dashboard.metrics import Metrics
from services.dashboard.queries import Queries
from services.dashboard.refusals import Refusals
from services.dashboard.render import Renderer
from services.dashboard.settings import Settings
from services.dashboard.tenant import Tenant
from services.dashboard.verifier import Verifier
from services.runtime.issuing.published import PublishedDocument


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts of one dashboard; `links` is None where it makes none.

    `published` and `is_ready` ask ClickHouse, and may take as long as a query.
    """

    settings: Settings
    clock: Callable[[], datetime]
    queries: Queries
    explorer: Explorer
    refusals: Refusals
    backlog: Backlog
    catalogs: Catalogs
    published: Callable[[str], PublishedDocument | None]
    gate: Gate
    attempts: Attempts
    verifications: Attempts
    verifier: Verifier
    links: Seal | None
    hub: Hub
    renderer: Renderer
    assets: Assets
    metrics: Metrics
    is_ready: Callable[[], bool]


def wiring_of(request: Request) -> Wiring:
    """The parts of the application that serves this request."""
    wiring: Wiring = request.app.state.wiring
    return wiring


async def tenant_of(request: Request) -> Tenant:
    """The employer that the request's credential speaks for.

    An address may name an employer, so that a link says whose page it is; it must be the credential's own.

    Raises: as `Gate.tenant`; Forbidden when the address names another.
    """
    tenant = await wiring_of(request).gate.tenant(request.headers, request.cookies)
    if employer_named(request) not in ("", tenant.employer_id):
        raise Forbidden("another_employer", "This link is of another employer than you are logged in for.")
    return tenant


def employer_named(request: Request) -> str:
    """The employer that the address names, "" when it names none."""
    return request.query_params.get(EMPLOYER_NAMED, "")


WiringOf = Annotated[Wiring, Depends(wiring_of)]
TenantOf = Annotated[Tenant, Depends(tenant_of)]
