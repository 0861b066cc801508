"""What producers see of their own arrivals, and operators of refusals, once the tables have them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.ingest.openapi_platforms import ENVELOPE_EXAMPLE
from services.runtime.rejected import purge, redriven_mark
from tests.builders.statements import statement
from tests.integration.ingest.harness import XAPI as XAPI_HEADERS
from tests.integration.ingest.staging import Stage

PATH = "/v1/sources/me/records"


async def _items(stage: Stage, **parameters: str) -> list[dict[str, Any]]:
    answer = await stage.gateway.get(PATH, params=parameters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def nobodys_grade() -> dict[str, Any]:
    """A good envelope with a grade of an attempt that nothing describes."""
    (event,) = ENVELOPE_EXAMPLE["data"]
    return {**ENVELOPE_EXAMPLE, "data": [{**event, "object": "https://lms.example.org/attempts/of-somebody"}]}


async def test_a_producer_sees_what_it_sent_and_what_became_of_it(stage: Stage) -> None:
    """Records, refusals with place and cure, statements that are no record, a grade of nobody's with why; by pages."""
    good = {"kind": "award", "occurred_at": "2025-06-01T00:00:00Z", "worker_id": "w", "achievement": {"id": "a"}}
    await stage.send(good)
    refused = await stage.gateway.post("/v1/records", json=[good, {**good, "achievement": {}}])
    assert refused.status_code == 400
    video = statement(of_type="https://w3id.org/xapi/video/activity-type/video")
    await stage.gateway.post("/xAPI/statements", json=video, headers=XAPI_HEADERS)
    assert (await stage.gateway.post("/caliper", json=nobodys_grade())).status_code == 200
    (record,) = await stage.until(stage.records)
    stage.put_in_table(record)
    await stage.until(lambda: stage.count("SELECT count() FROM refusals") == 2)
    await stage.until(lambda: stage.count("SELECT count() FROM xapi_statements") == 1)

    items = await _items(stage)
    assert sorted(item["outcome"] for item in items) == ["accepted", "kept", "kept", "refused"]
    by_outcome = {item["outcome"]: item for item in items}
    assert by_outcome["accepted"]["record"]["record_id"] == record["record_id"]
    why = by_outcome["refused"]["refusal"]
    assert (why["reason"], why["pointer"], why["stage"]) == ("missing", "/1/achievement/id", "ingest.http")
    (grade,) = (item["refusal"] for item in await _items(stage, outcome="kept", dialect="caliper"))
    assert (grade["reason"], grade["pointer"], grade["stage"]) == ("unattributed", "/data/0/object", "kept.http")
    moments = [datetime.fromisoformat(item["arrived_at"]) for item in items]
    assert moments == sorted(moments, reverse=True)

    first = (await stage.gateway.get(PATH, params={"limit": "3"})).json()
    second = (await stage.gateway.get(PATH, params={"limit": "3", "cursor": first["next"]})).json()
    assert [*first["items"], *second["items"]] == items
    assert second["next"] is None
    assert [item["outcome"] for item in await _items(stage, outcome="refused", reason="missing")] == ["refused"]
    assert await _items(stage, kind="completion") == []
    assert await _items(stage, until="2020-01-01") == []
    others = await stage.gateway.get(PATH, auth=("src_awards", "s3cret"))
    assert others.json() == {"items": [], "next": None}


async def test_a_refusal_in_the_table_follows_its_topic(stage: Stage) -> None:
    """Sent back, it says so; purged, it is gone."""
    for _ in range(2):
        await stage.gateway.post("/v1/records", content=b"{", headers={"Content-Type": "application/json"})
    rows = await stage.until(lambda: len(found := _refusals(stage)) == 2 and found)
    topic = stage.topic("stepwell.rejected.v1")
    await stage.publish(redriven_mark([rows[0]["place"]], topic))
    await stage.until(lambda: [row["is_redriven"] for row in _refusals(stage)] == [1, 0])
    await stage.publish(purge(rows[1]["refusal_id"], topic))
    left = await stage.until(lambda: len(found := _refusals(stage)) == 1 and found)
    assert left[0]["refusal_id"] == rows[0]["refusal_id"]


def _refusals(stage: Stage) -> list[dict[str, Any]]:
    query = "SELECT place, refusal_id, is_redriven FROM refusals FINAL ORDER BY place"
    return list(stage.clickhouse.query(query).named_results())
