"""A Faust app set up for batches: every setting that matters, in one place, with its reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import faust

from services.runtime.batching import transport
from services.runtime.batching.chatter import chatter
from services.runtime.batching.consumer import BatchConsumer
from services.runtime.batching.forming import Cut, FormingRules

CutSource = Callable[[str, int, int], Awaitable[Sequence[Cut]]]
"""(topic, partition, first offset) -> batches that were announced from there on."""

PRODUCE_BATCH_BYTES = 512 << 10
PRODUCE_REQUEST_BYTES = 8 << 20
FETCH_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Batching:
    """What the transport needs to know. `log_ends_by_fetch`: the broker's ListOffsets cannot be trusted."""

    bootstrap: str
    rules: FormingRules = field(default_factory=FormingRules)
    cuts: CutSource | None = None
    log_ends_by_fetch: bool = False


@dataclass(frozen=True, slots=True)
class GroupTimes:
    """The consumer group's patience. On the embedded broker a join takes half the session timeout: keep that short."""

    session_seconds: float = 10.0
    heartbeat_seconds: float = 3.0
    rebalance_seconds: float = 60.0
    commit_seconds: float = 0.5


EMBEDDED_TIMES = GroupTimes(session_seconds=3.0, heartbeat_seconds=0.5, rebalance_seconds=10.0)


class BatchApp(faust.App):
    """A Faust app whose consumer finds its `Batching` on it."""

    logger = chatter
    batching: Batching

    @property
    def batch_consumer(self) -> BatchConsumer:
        """The consumer, as what it is; to be asked for in the app's own loop, as the first call makes it."""
        return cast("BatchConsumer", self.consumer)

    @property
    def is_reading(self) -> bool:
        """Whether the consumer is started and settled; any thread may ask, a probe's too, as nothing is made here."""
        consumer = self._consumer
        return consumer is not None and consumer.started and not (self.rebalancing or self.in_recovery)


def build_app(group: str, batching: Batching, *, data_folder: Path, times: GroupTimes | None = None) -> BatchApp:
    """An app of the consumer group `group` that reads `batch://`. Nothing is connected before it is started."""
    transport.register()
    times = times or GroupTimes()
    data_folder.mkdir(parents=True, exist_ok=True)
    app = BatchApp(
        group,
        broker=[f"{transport.SCHEME}://{server}" for server in batching.bootstrap.split(",")],
        datadir=str(data_folder),
        store="memory://",
        autodiscover=False,
        broker_session_timeout=times.session_seconds,
        broker_heartbeat_interval=times.heartbeat_seconds,
        broker_rebalance_timeout=times.rebalance_seconds,
        broker_commit_interval=times.commit_seconds,
        **_FLOW,
        **_PRODUCER,
        **_OFF,
    )
    app.batching = batching
    return app


_FLOW: dict[str, Any] = {
    "consumer_auto_offset_reset": "earliest",  # a group's first start reads the whole log
    "broker_max_poll_records": 5000,  # the default starves batches
    "consumer_max_fetch_size": FETCH_BYTES,
    "stream_wait_empty": True,  # a rebalance waits for batches in work, so that they need not be done again
    "stream_recovery_delay": 0.0,  # recovery is quick and repeatable: nothing is gained by waiting for more members
}
_PRODUCER: dict[str, Any] = {
    "producer_acks": -1,  # state that one broker alone has is state that can be lost
    "producer_linger": 0,  # batches are formed before they are sent
    "producer_max_batch_size": PRODUCE_BATCH_BYTES,
    "producer_max_request_size": PRODUCE_REQUEST_BYTES,
}
_OFF: dict[str, Any] = {
    "web_enabled": False,  # Faust's web server binds all interfaces; ours tells what there is to tell
    "topic_disable_leader": True,
    "table_standby_replicas": 0,  # the default of 1 doubles changelog reads and loses races on promotion
}
