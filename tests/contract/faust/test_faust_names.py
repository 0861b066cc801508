"""The private names of Faust and aiokafka that the batch transport stands on: an upgrade that moves one fails here."""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.producer.message_accumulator import BatchBuilder
from faust.app.base import App
from faust.tables import Table
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.transport import consumer as base
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Producer
from mode import Service


def test_the_versions_are_those_that_were_read() -> None:
    """The overrides follow these sources line by line: read them again before moving on."""
    assert version("faust-streaming") == "0.15.3"
    assert version("aiokafka").startswith("0.14.")


@pytest.mark.parametrize(
    "owner, name, parameters",
    [
        (Consumer, "getmany", ["self", "timeout"]),
        (Consumer, "ack", ["self", "message"]),
        (Consumer, "_new_offset", ["self", "tp"]),
        (Consumer, "_add_gap", ["self", "tp", "offset_from", "offset_to"]),
        (Consumer, "perform_seek", ["self"]),
        (Consumer, "on_partitions_revoked", ["self", "revoked"]),
        (Consumer, "on_partitions_assigned", ["self", "assigned", "generation_id"]),
        (Consumer, "_new_consumer_thread", ["self"]),
        (Consumer, "_to_message", ["self", "tp", "record"]),
        (AIOKafkaConsumerThread, "getmany", ["self", "active_partitions", "timeout"]),
        (AIOKafkaConsumerThread, "_fetch_records", ["self", "consumer", "active_partitions", "timeout", "max_records"]),
        (AIOKafkaConsumerThread, "_seek_wait", ["self", "consumer", "partitions"]),
        (AIOKafkaConsumerThread, "seek", ["self", "partition", "offset"]),
        (AIOKafkaConsumerThread, "seek_to_committed", ["self"]),
        (AIOKafkaConsumerThread, "_highwaters", ["self", "partitions"]),
        (AIOKafkaConsumerThread, "_ensure_consumer", ["self"]),
        (Producer, "_ensure_producer", ["self"]),
        (Table, "apply_changelog_batch", ["self", "batch"]),
        (Table, "persisted_offset", ["self", "tp"]),
        (Table, "on_rebalance", ["self", "assigned", "revoked", "newly_assigned", "generation_id"]),
        (Table, "on_recovery_completed", ["self", "active_tps", "standby_tps"]),
        (Table, "call_recover_callbacks", ["self"]),
        (AIOKafkaProducer, "send_batch", ["self", "batch", "topic", "partition"]),
        (BatchBuilder, "append", ["self", "timestamp", "key", "value", "headers"]),
    ],
)
def test_an_overridden_method_has_the_shape_it_had(owner: type, name: str, parameters: list[str]) -> None:
    """What we override or call is still there, with the same parameters."""
    assert list(inspect.signature(getattr(owner, name)).parameters) == parameters


@pytest.mark.parametrize(
    "name",
    [
        "_acked",
        "_acked_index",
        "_committed_offset",
        "_unacked_messages",
        "_waiting_for_ack",
        "_active_partitions",
        "can_resume_flow",
        "suspend_flow",
        "flow_active",
    ],
)
def test_the_consumer_keeps_its_books_under_the_names_we_read(name: str) -> None:
    """Commits and flow control are read from these attributes."""
    assert f"self.{name}" in inspect.getsource(base.Consumer)


def _source(member: Any) -> str:
    return inspect.getsource(member)


def test_the_order_of_a_rebalance_is_the_one_we_rely_on() -> None:
    """Recovery seeks to the commits before it lets the flow go on; the app rebalances until after that."""
    completed = _source(Recovery.on_recovery_completed)
    assert completed.index("perform_seek") < completed.index("resume_flow") < completed.index("on_rebalance_end")
    revoked = _source(App._on_partitions_revoked)  # noqa: SLF001
    assert (
        revoked.index("stop_flow)()") < revoked.index("flow_control.clear)()") < revoked.index("_consumer_wait_empty")
    )


def test_recovery_reads_the_table_through_the_names_we_offer() -> None:
    """Where to start, how far, and how entries arrive."""
    source = _source(Recovery)
    assert "table.persisted_offset(tp)" in source
    assert "consumer.highwaters(*tps)" in source
    assert "table.apply_changelog_batch(buf)" in source
    assert "_changelogs" in _source(TableManager.add)


def test_commits_ask_for_new_offsets_of_acked_partitions() -> None:
    """`_new_offset` is asked for every partition that has an entry in `_acked`, and its answer is committed."""
    assert "in self._acked" in _source(base.Consumer._filter_tps_with_pending_acks)  # noqa: SLF001
    assert "self._new_offset(tp)" in _source(base.Consumer._filter_committable_offsets)  # noqa: SLF001


def test_the_other_names_exist() -> None:
    """Registry of schemes, generation of the group, crash event of a service, end offsets of aiokafka."""
    assert isinstance(TRANSPORTS.aliases, dict)
    assert "generation" in _source(GroupCoordinator.__init__)
    assert "self._crashed = " in _source(Service.__init__)
    assert "self._coordinator" in _source(AIOKafkaConsumer)
    assert "return False" in _source(GroupCoordinator._do_heartbeat)  # noqa: SLF001
    assert "self._fetch_max_wait_ms = fetch_max_wait_ms" in _source(AIOKafkaConsumer)
