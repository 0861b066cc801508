"""Epochs of a log: how rows keep their order when a topic is made anew and its offsets begin again at nought.

A row's version is (epoch << 40) | (offset + 1). Whoever creates the records topic starts its next epoch before the
first record goes in, so whatever the new log says is newer than all that the old one said. An embedded broker forgets
its log at each stop, so each start is an epoch; on Kafka there is one, until the topic is recreated.

Invariant: epochs of a topic only rise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.runtime.clickhouse import Client

OFFSET_BITS = 40
NEWEST = "SELECT max(epoch) FROM log_epochs WHERE topic = {topic:String}"


def row_version(epoch: int, offset: int) -> int:
    """The version of rows that follow from a message at this offset, in this life of the log; never 0."""
    return epoch << OFFSET_BITS | offset + 1


def current_epoch(client: Client, topic: str) -> int:
    """The epoch that the topic's log is in, or 0 before the first. `client` is on Stepwell's database."""
    return int(client.query(NEWEST, parameters={"topic": topic}).result_rows[0][0])


def start_epoch(client: Client, topic: str) -> int:
    """Start the topic's next epoch and return it; to be called once for each time that the topic is created."""
    epoch = current_epoch(client, topic) + 1
    client.insert("log_epochs", [[topic, epoch]], column_names=["topic", "epoch"])
    return epoch
