"""Epochs in a real table."""

from __future__ import annotations

from services.runtime.clickhouse import connect
from services.runtime.epochs import current_epoch, start_epoch


def test_epochs_of_a_topic_rise_by_one(database: tuple[str, str]) -> None:
    """None before the first, then one after another, each topic for itself."""
    client = connect(*database)

    before = current_epoch(client, "records")
    started = [start_epoch(client, "records") for _ in range(3)]

    assert (before, started) == (0, [1, 2, 3])
    assert current_epoch(client, "records") == 3
    assert current_epoch(client, "inbox") == 0
