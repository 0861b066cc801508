"""What a stack is started with; the defaults are what `stepwell up` does without a flag."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.runtime.instance import DEFAULT_HOME

Service = Literal["gateway", "inbox", "verify", "aggregate", "dashboard"]
ALL_SERVICES: tuple[Service, ...] = ("gateway", "inbox", "verify", "aggregate", "dashboard")


@dataclass(frozen=True, slots=True)
class Options:
    """Where the data is, which servers exist already, how many aggregate workers; port 0 is any free one.

    `kafka` is host:port and `clickhouse` a URL; None embeds them. `kafka_is_tansu` says that the Kafka given is an
    embedded broker that something else started. `topic_prefix` comes before the names of topics and
    groups. `services` names what is started.
    """

    home: Path = DEFAULT_HOME
    kafka: str | None = None
    kafka_is_tansu: bool = False
    clickhouse: str | None = None
    database: str = "stepwell"
    topic_prefix: str = ""
    workers: int = 1
    store: Literal["memory", "rocksdb"] = "memory"
    ingest_port: int = 0
    dashboard_port: int = 0
    kafka_port: int = 0
    clickhouse_port: int = 0
    services: tuple[Service, ...] = ALL_SERVICES
    log_level: str = "INFO"

    @property
    def broker_is_tansu(self) -> bool:
        """Whether the broker is the embedded one, ours or another's, which services must treat with care."""
        return self.kafka is None or self.kafka_is_tansu
