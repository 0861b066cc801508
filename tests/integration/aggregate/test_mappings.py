"""From a payload of another system to a stack, by a mapping that comes after it, through one worker process."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from schemas.catalog import Catalog
from services.core.settle import settle
from services.ingest.dialects.caliper import dialect
from services.ingest.dialects.dialect import Arrival
from services.ingest.dialects.meanings import EMPTY_MEANINGS
from services.ingest.openapi_platforms import ENVELOPE_EXAMPLE
from tests.integration.aggregate.harness import Setting

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PROGRESS = "SELECT stack_id, complete FROM progress FINAL WHERE is_deleted = 0"
AWARDS = "SELECT achievement_id FROM awards FINAL WHERE is_deleted = 0"
COUNT_PROGRESS = "SELECT count() FROM progress FINAL WHERE is_deleted = 0"
COUNT_AWARDS = "SELECT count() FROM awards FINAL WHERE is_deleted = 0"


def catalog(*mappings: dict[str, Any]) -> Catalog:
    """A stack that the Caliper example's exam, graded 0.82, may count in."""
    stack = {"id": "technician", "requires": {"award": "networks"}}
    return Catalog.model_validate({"stacks": [stack], "mappings": mappings}, strict=False)


def exam(pass_mark: float) -> dict[str, Any]:
    """What the exam is."""
    return {
        "dialect": "caliper",
        "template": "https://lms.example.org/exam/{n}",
        "achievement": "networks",
        "pass_mark": pass_mark,
    }


async def test_a_mapping_holds_for_what_came_before_it_and_can_be_taken_back(setting: Setting) -> None:
    """Records are as their source stated them; what they mean is the catalog's, and changes with it."""
    arrival = Arrival(json.dumps(ENVELOPE_EXAMPLE).encode(), {}, "lms", received_at=NOW)
    ((_, graded),) = dialect.translate(arrival, EMPTY_MEANINGS).whole()
    await setting.apply_catalog(catalog())
    await setting.until_ready(setting.start())
    await setting.send([settle(graded, source="lms", received_at=NOW)])
    await setting.until_counted("SELECT count() FROM records FINAL", 1)
    assert await setting.query(PROGRESS) == []
    await setting.apply_catalog(catalog(exam(0.8)))
    await setting.until_counted(COUNT_PROGRESS, 1)
    assert await setting.query(PROGRESS) == [("technician", 1)]
    assert await setting.query(AWARDS) == [("networks",)]
    await setting.apply_catalog(catalog(exam(0.9)))
    await setting.until_counted(COUNT_PROGRESS, 0)
    await setting.until_counted(COUNT_AWARDS, 0)
