"""`/catalog`, `/catalog/{id}` and `/compare`: what achievements stand for, with their JSON beside them.

A router of its own, because these pages are the same for everybody but for a few numbers: they are not live.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from services.core.meaning import Wanted
from services.dashboard import meanings
from services.dashboard.asks import PageNumber, SearchText
from services.dashboard.errors import NotFound
from services.dashboard.frame import LookOf, frame_of
from services.dashboard.look import AS_OF, EMPLOYER_NAMED, Look
from services.dashboard.meanings import AchievementPage, CatalogList, Comparison
from services.dashboard.pages import API
from services.dashboard.wiring import Wiring, WiringOf

Class = Annotated[str, Query(max_length=500)]
Ids = Annotated[list[str], Query(alias="achievement", max_length=50)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands in the navigation, as templates ask `kind` for it."""

    name: str
    path: str


def router() -> APIRouter:
    """Three pages and their three endpoints."""
    routes = APIRouter()
    for path, page, data, answer in (
        ("/catalog", catalog, catalog_data, CatalogList),
        ("/catalog/{achievement_id:path}", achievement, achievement_data, AchievementPage),
        ("/compare", compare, compare_data, Comparison),
    ):
        routes.add_api_route(path, page, response_class=HTMLResponse, include_in_schema=False)
        routes.add_api_route(API + path, data, response_model=answer, summary=f"What {path} shows")
    return routes


def wanted_of(
    text: SearchText = "",
    type_: Annotated[str, Query(alias="type", max_length=500)] = "",
    level: Class = "",
    field: Class = "",
    skill: Class = "",
) -> Wanted:
    """What to look for."""
    return Wanted(type=type_, level=level, field=field, skill=skill, text=text.strip())


WantedOf = Annotated[Wanted, Depends(wanted_of)]


def catalog_data(look: LookOf, wiring: WiringOf, wanted: WantedOf, page: PageNumber = 1) -> CatalogList:
    """A page of the catalog. Raises: NotFound beyond the last page."""
    listed = meanings.catalog_list(look, wanted, page, wiring.settings.page_rows)
    if page > listed.pages:
        raise NotFound("page")
    return listed


def achievement_data(achievement_id: str, look: LookOf) -> AchievementPage:
    """What one achievement means. Raises: NotFound."""
    return meanings.achievement_page(look, achievement_id)


def compare_data(look: LookOf, achievements: Ids = []) -> Comparison:  # noqa: B006 - never changed
    """Up to four side by side. Raises: NotFound; Refused."""
    return meanings.comparison(look, achievements)


def catalog(request: Request, look: LookOf, wiring: WiringOf, wanted: WantedOf, page: PageNumber = 1) -> HTMLResponse:
    """The list as a page."""
    listed = catalog_data(look, wiring, wanted, page)
    besides = {"page", AS_OF, EMPLOYER_NAMED}
    asked = urlencode([pair for pair in request.query_params.multi_items() if pair[0] not in besides])
    return _page(
        request, look, wiring, "catalog.html", Place("catalog", "/catalog"), {"report": listed, "asked": asked}
    )


def achievement(request: Request, achievement_id: str, look: LookOf, wiring: WiringOf) -> HTMLResponse:
    """One achievement as a page."""
    report = achievement_data(achievement_id, look)
    return _page(request, look, wiring, "achievement.html", Place("catalog", "/catalog/"), {"report": report})


def compare(
    request: Request,
    look: LookOf,
    wiring: WiringOf,
    achievements: Ids = [],  # noqa: B006 - never changed
) -> HTMLResponse:
    """Several as a page."""
    report = compare_data(look, achievements)
    return _page(request, look, wiring, "compare.html", Place("catalog", "/compare"), {"report": report})


def _page(
    request: Request, look: Look, wiring: Wiring, template: str, place: Place, context: dict[str, Any]
) -> HTMLResponse:
    return HTMLResponse(wiring.renderer.page(template, frame_of(request, look) | {"kind": place} | context))
