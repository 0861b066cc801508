"""The same totals as the reckoning's, read from a running Stepwell as a user would read them: views, FINAL, a topic."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from deploy.demo.reckoning.totals import Totals
from services.runtime.kafka_admin import log_ends
from services.runtime.rejected import read as read_refusal

REJECTED = "stepwell.rejected.v1"

_RECORDS = "SELECT uniqExactMerge(records) FROM records_daily"  # an erasure takes records out of `records`
_WORKERS = "SELECT employer_id, count() FROM v_workers GROUP BY employer_id"
_AWARDS = "SELECT employer_id, status, count() FROM v_awards GROUP BY employer_id, status"
_STANDINGS = "SELECT employer_id, stack_id, status, count() FROM v_progress GROUP BY employer_id, stack_id, status"
_UNEMPLOYED = """
SELECT employer_id, stack_id, status, count() FROM progress FINAL
WHERE employer_id = '' GROUP BY employer_id, stack_id, status
"""


def found_in_clickhouse(client: Any) -> Totals:
    """What ClickHouse says, refusals left out. `client` is a clickhouse-connect client on Stepwell's database."""
    ((records,),) = client.query(_RECORDS).result_rows
    standings = client.query(_STANDINGS).result_rows + client.query(_UNEMPLOYED).result_rows
    return Totals(
        records=records,
        workers=Counter(dict(client.query(_WORKERS).result_rows)),
        awards=Counter({tuple(row[:2]): row[2] for row in client.query(_AWARDS).result_rows}),
        standings=Counter({tuple(row[:3]): row[3] for row in standings}),
    )


def refused_on_kafka(bootstrap: str) -> Counter[tuple[str, str]]:
    """How many messages the rejected topic holds, by way in (`http`: whole requests; `inbox`: payloads) and code.

    Raises:
        Unavailable: Kafka does not answer.
    """
    place = TopicPartition(REJECTED, 0)
    end = log_ends(bootstrap, [place])[place]
    found: Counter[tuple[str, str]] = Counter()
    with closing(KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")) as consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        while consumer.position(place) < end:
            for message in consumer.poll(timeout_ms=500).get(place, ()):
                refusal = read_refusal(message.value, message.key, message.headers)
                found[refusal.stage.removeprefix("ingest."), refusal.fault.code] += 1
    return found
