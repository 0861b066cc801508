"""Announcing a batch before its first insert, and asking which were announced.

ClickHouse drops a repeated insert by its deduplication token, but only if it is the same batch. A restarted worker
would cut the log elsewhere; so each batch is written down first, and whoever reads on from the last commit forms the
same batches again, with the same tokens. (In trials without this, summing rollups came out 5-8 % too high after kills.)
Kafka's own place for it, the commit's metadata, is not kept by every broker.
"""

from __future__ import annotations

import asyncio

from services.aggregate.place import Place
from services.runtime.batching.forming import Cut
from services.runtime.clickhouse import Client, unavailable

TABLE = "batch_intents"
COLUMNS = ("topic", "partition", "epoch", "first_offset", "last_offset")
TYPES = ("LowCardinality(String)", "UInt32", "UInt32", "UInt64", "UInt64")
ANNOUNCED = """
    SELECT first_offset, last_offset
    FROM batch_intents FINAL
    WHERE topic = {topic:String} AND partition = {partition:UInt32} AND epoch = {epoch:UInt32}
      AND first_offset >= {first:UInt64}
    ORDER BY first_offset
"""


class Intents:
    """The announcements of one life of the records topic."""

    def __init__(self, client: Client, epoch: int) -> None:
        self._client = client
        self._epoch = epoch

    async def announce(self, place: Place) -> None:
        """Write the batch down; done when it is safe.

        Raises: Unavailable.
        """
        row = [place.topic, place.partition, place.epoch, place.first, place.last]
        await asyncio.to_thread(self._insert, row)

    async def announced(self, topic: str, partition: int, first: int) -> list[Cut]:
        """The batches announced that start at offset `first` or later, in order.

        Raises: Unavailable.
        """
        where = {"topic": topic, "partition": partition, "epoch": self._epoch, "first": first}
        return [
            Cut(first_offset, last_offset) for first_offset, last_offset in await asyncio.to_thread(self._query, where)
        ]

    def _insert(self, row: list[object]) -> None:
        with unavailable():
            self._client.insert(TABLE, [row], column_names=COLUMNS, column_type_names=TYPES)

    def _query(self, where: dict[str, object]) -> list[tuple[int, int]]:
        with unavailable():
            return [
                (int(first), int(last)) for first, last in self._client.query(ANNOUNCED, parameters=where).result_rows
            ]
