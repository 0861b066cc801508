"""From records on the log to rows in ClickHouse and progress on Kafka, through one worker process."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from schemas.catalog import Catalog
from tests.builders.records import award, employment, revocation
from tests.integration.aggregate.harness import Setting

CATALOG = Catalog.model_validate(
    {
        "achievements": [{"id": "a", "name": "First"}, {"id": "b", "name": "Second"}, {"id": "pair"}],
        "stacks": [
            {
                "id": "both",
                "version": "1",
                "title": "Both",
                "awards": "pair",
                "requires": {"all": [{"award": "a"}, {"award": "b"}]},
            }
        ],
    },
    strict=False,
)
PROGRESS = """
    SELECT employer_id, worker_id, stack_id, complete, progress
    FROM progress FINAL
    ORDER BY employer_id, worker_id
"""
ADVISED_IN_HISTORY = """
    SELECT count() FROM progress_history WHERE as_of IN (SELECT as_of FROM progress FINAL WHERE advice != '')
"""


async def test_a_record_becomes_rows_and_progress(setting: Setting) -> None:
    """What an employer sees of a worker, and what others are told, follow from the records."""
    await setting.apply_catalog(CATALOG)
    setting.start()
    records = [
        employment("e1", worker_id="w1"),
        award("a", worker_id="w1", award_id="1"),
        award("b", worker_id="w1", award_id="2", on=1),
        award("a", worker_id="w2", award_id="3"),
        revocation(award_id="9", worker_id="w2"),
    ]
    await setting.send(records, copies=2)
    await setting.until_counted("SELECT count() FROM progress FINAL", 2)
    assert await setting.query(PROGRESS) == [("", "w2", "both", 0, 0.5), ("e1", "w1", "both", 1, 1.0)]
    assert await setting.count("SELECT count() FROM records FINAL") == len(records)
    assert await setting.count("SELECT count() FROM awards FINAL WHERE employer_id = 'e1'") == 2
    told = {key: json.loads(value)["progress"] for key, value in (await setting.latest(setting.names.progress)).items()}
    assert told == {b"w1\nboth": 1.0, b"w2\nboth": 0.5}


async def test_progress_is_shown_again_with_advice(setting: Setting) -> None:
    """A moment after the record, in the row, in the published view and on the topic; the history does not see it."""
    await setting.apply_catalog(CATALOG)
    setting.start()
    await setting.send([employment("e1", worker_id="w1"), award("a", worker_id="w1")])
    await setting.until_counted("SELECT count() FROM v_advice WHERE achievement_id = 'b'", 1)
    assert await setting.query(
        "SELECT achievement_name, stack_gain, completes, trust_asked, cost FROM v_advice WHERE employer_id = 'e1'"
    ) == [("Second", 0.5, ["both"], 0, "")]
    assert await setting.count("SELECT count() FROM progress_history WHERE employer_id = 'e1'")
    assert not await setting.count(ADVISED_IN_HISTORY)

    async def is_told() -> bool:
        told = await setting.latest(setting.names.progress)
        return [one["achievement"] for one in json.loads(told[b"w1\nboth"])["advice"] or ()] == ["b"]

    await setting.until(is_told)


async def test_what_cannot_be_read_is_kept_with_its_reason(setting: Setting) -> None:
    """A message that is no record is on the rejected topic, byte for byte, and holds nothing up."""
    await setting.apply_catalog(CATALOG)
    setting.start()
    await setting.send_raw(setting.names.records, [(b"w1", b"\xff no record"), (b"w1", b'{"kind": "award"}')])
    await setting.send([award("a", worker_id="w1")])
    await setting.until_counted("SELECT count() FROM records FINAL", 1)
    refused = await setting.messages(setting.names.rejected, partitions=1)
    assert [message.value for message in refused] == [b"\xff no record", b'{"kind": "award"}']
    headers = dict(refused[1].headers)
    assert headers["origin_topic"].decode() == setting.names.records
    assert headers["origin_offset"] == b"1"
    assert headers["stage"] == b"aggregate"
    assert headers["reason"] == b"not_a_record"


async def test_a_catalog_that_comes_late_is_applied_to_who_is_there(setting: Setting) -> None:
    """A stack created after its parts were earned fires for those who have them, with no record arriving."""
    setting.start()
    await setting.send([award("a", worker_id="w1"), award("b", worker_id="w1", award_id="2")])
    await setting.until_counted("SELECT count() FROM awards FINAL", 2)
    assert await setting.count("SELECT count() FROM progress FINAL") == 0
    await setting.apply_catalog(CATALOG)
    await setting.until_counted("SELECT count() FROM progress FINAL", 1)
    assert await setting.query(PROGRESS) == [("", "w1", "both", 1, 1.0)]


EXPIRING = Catalog.model_validate(
    {
        "achievements": [{"id": "a"}, {"id": "licence"}],
        "stacks": [
            {
                "id": "licensed",
                "version": "1",
                "title": "Licensed",
                "awards": "licence",
                "requires": {"award": "a", "active": True},
            }
        ],
    },
    strict=False,
)


async def test_an_award_that_runs_out_takes_its_stack_along(setting: Setting) -> None:
    """Time alone changes what is shown: no record arrives when an award ends."""
    await setting.apply_catalog(EXPIRING)
    await setting.until_ready(setting.start())
    ends_at = datetime.now(UTC) + timedelta(seconds=5)
    await setting.send([award("a", worker_id="w1", valid_until=ends_at)])
    assert await setting.until_counted("SELECT count() FROM progress FINAL WHERE complete", 1) == 1
    assert await setting.until_counted("SELECT count() FROM progress FINAL WHERE NOT complete", 1) == 1
    told = json.loads((await setting.latest(setting.names.progress))[b"w1\nlicensed"])
    assert (told["complete"], told["status"]) == (False, "lapsed")
