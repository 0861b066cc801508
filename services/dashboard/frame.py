"""What every page's frame is given: navigation, whose page it is, of which moment, and the SQL behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request

from services.dashboard import reports
from services.dashboard.look import AS_OF, EMPLOYER_NAMED, Look
from services.dashboard.moment import Moment, moment_at
from services.dashboard.wiring import TenantOf, WiringOf, employer_named


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation. `names` are the kinds of page below it."""

    path: str
    label: str
    names: tuple[str, ...]


NAVIGATION: Final[tuple[tuple[str, tuple[Place, ...]], ...]] = (
    (
        "People",
        (
            Place("/", "Overview", ("overview",)),
            Place("/workers", "Workers", ("workers", "worker")),
            Place("/expiring", "Expiring", ("expiring",)),
        ),
    ),
    (
        "Credentials",
        (
            Place("/stacks", "Stacks", ("stacks", "stack")),
            Place("/catalog", "Catalog", ("catalog",)),
            Place("/verify", "Verify", ("verify",)),
        ),
    ),
    (
        "Decide",
        (
            Place("/advice", "Advice", ("advice",)),
            Place("/skills", "Skills", ("skills",)),
            Place("/equity", "Equity", ("equity",)),
        ),
    ),
    ("Check", (Place("/data", "Data", ("data",)), Place("/explore", "Explore", ("explore",)))),
)
"""Headings, and the places under each."""


def moment_of(wiring: WiringOf, as_of: Annotated[str, Query(max_length=40)] = "") -> Moment:
    """The moment that a request asks for. Raises: Refused."""
    return moment_at(as_of, wiring.clock())


MomentOf = Annotated[Moment, Depends(moment_of)]


def look_of(request: Request, tenant: TenantOf, wiring: WiringOf, moment: MomentOf) -> Look:
    """The look of a request."""
    return Look(tenant, moment, wiring.queries, wiring.catalogs.known, employer_named(request))


LookOf = Annotated[Look, Depends(look_of)]


def frame_of(request: Request, look: Look, live_url: str = "") -> dict[str, Any]:
    """What templates are given besides their report. Only what speaks of now is live."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != AS_OF]
    return {
        "navigation": NAVIGATION,
        "employer": reports.employer_name(look),
        "moment": look.moment,
        "look": look,
        "here": asked_path(request),
        "kept": kept,
        "kept_besides": [(name, value) for name, value in kept if name != EMPLOYER_NAMED],
        "ran": look.ran,
        "live_url": live_url if look.moment.is_now else "",
        "charts": {},
    }


def asked_path(request: Request) -> str:
    """The path as it came, still encoded."""
    path: bytes = request.scope["raw_path"]
    return path.decode("ascii")
