"""The catalog's tables as files: the list of achievements, and the checklists of those that are looked at.

A checklist has a row for each achievement and question, so that any number of them is one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from services.dashboard import meanings
from services.dashboard.catalog_pages import Ids, WantedOf
from services.dashboard.csv_cells import Cell
from services.dashboard.export_tables import Form
from services.dashboard.files import file_of
from services.dashboard.frame import LookOf
from services.dashboard.wiring import WiringOf

CATALOG: Final[Mapping[str, str]] = {
    "achievement_id": "Achievement",
    "name": "Name",
    "issuer": "Issuer",
    "type": "Type",
    "level": "Level",
    "field": "Field",
    "skills": "Skills",
    "stated": "Questions answered",
    "verified": "Confirmed",
    "questions": "Questions",
    "counts_in": "Counts in stacks",
    "holders": "Your holders",
}
CHECKLIST: Final = ("Achievement", "Name", "Question", "State", "Answer", "Note", "Stated by", "Confirmed by")


def router() -> APIRouter:
    """One route a table."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/catalog.{form}", catalog, response_class=Response)
    routes.add_api_route("/compare.{form}", checklists, response_class=Response)
    return routes


def catalog(form: Form, look: LookOf, wiring: WiringOf, wanted: WantedOf) -> Response:
    """Every achievement that is wanted."""
    listed = meanings.catalog_list(look, wanted, 1, wiring.settings.export_rows)
    rows = [[getattr(one, column) for column in CATALOG] for one in listed.achievements]
    return file_of("catalog", form, tuple(CATALOG.values()), rows)


def checklists(form: Form, look: LookOf, achievements: Ids = []) -> Response:  # noqa: B006 - never changed
    """The checklists of up to four achievements. Raises: NotFound; Refused."""
    described = meanings.comparison(look, achievements).achievements
    return file_of("checklist", form, CHECKLIST, [row for one in described for row in _rows(one)])


def _rows(one: meanings.Described) -> list[list[Cell]]:
    return [
        [
            one.meaning.achievement,
            one.meaning.name,
            item.title,
            item.state,
            item.value,
            item.note,
            item.stated_by,
            "; ".join(voucher.by for voucher in item.verified_by),
        ]
        for item in one.meaning.checklist
    ]
