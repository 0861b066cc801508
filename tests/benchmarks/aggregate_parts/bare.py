"""The floor: a bare aiokafka `getmany` loop that decodes every record with pydantic and does nothing with it.

Arguments: bootstrap, topic, number of records. Prints the CPU seconds and the records that it took.
"""

from __future__ import annotations

import json
import sys
import time

import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.records import record_adapter


async def _run(bootstrap: str, topic: str, records: int) -> None:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", max_partition_fetch_bytes=4 << 20
    )
    await consumer.start()
    cluster = await consumer._client.fetch_all_metadata()  # noqa: SLF001
    consumer.assign([TopicPartition(topic, number) for number in cluster.partitions_for_topic(topic)])
    seen, begun, validate = 0, time.process_time(), record_adapter.validate_json
    while seen < records:
        for fetched in (await consumer.getmany(timeout_ms=1000, max_records=5000)).values():
            for record in fetched:
                validate(record.value)
            seen += len(fetched)
    print(json.dumps({"cpu_seconds": time.process_time() - begun, "records": seen}))
    await consumer.stop()


if __name__ == "__main__":
    uvloop.run(_run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
