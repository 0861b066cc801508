"""What the aggregate can be told, all of it by environment variables `STEPWELL_<FIELD>`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class AggregateSettings(BaseSettings):
    """Settings of one aggregate worker. Workers with the same topic prefix share the work."""

    model_config = SettingsConfigDict(
        env_prefix="STEPWELL_", frozen=True, extra="ignore", use_attribute_docstrings=True
    )

    kafka: str
    """Kafka's bootstrap servers, host:port, comma-separated."""
    clickhouse: str
    """ClickHouse's HTTP interface: http(s)://[user:password@]host:port."""
    database: str = "stepwell"
    """The database that holds Stepwell's tables."""
    home: Path = Path(".stepwell")
    """Folder for what a worker keeps on disk; losing it costs a longer start and nothing else."""
    embedded: bool = False
    """Whether the broker is the embedded one: short group times, no idempotent producer, log ends asked by fetching."""
    store: Literal["memory", "rocksdb"] = "memory"
    """Where workers' holdings are kept between batches; the changelog topic has them in either case."""
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = 0
    """Loopback port of /metrics, /livez and /readyz; 0 serves none of them."""
    log_level: str = "INFO"
    """The least severe log lines to write: DEBUG, INFO, WARNING, ERROR."""
    topic_prefix: str = ""
    """Put before every topic's and the consumer group's name, so that several Stepwells can share one Kafka."""
    batch_max_records: Annotated[int, Field(ge=1)] = 8000
    """The most records processed, and inserted, at once: more means that a backlog judges fewer workers twice."""
    batch_linger_seconds: Annotated[float, Field(ge=0)] = 0.05
    """The least time between the starts of two batches of a partition: more means fewer, larger inserts."""
    session_seconds: Annotated[float, Field(ge=1)] | None = None
    """How long a worker that fell silent keeps its partitions; 10 unless given, 3 on the embedded broker."""
    cached_workers: Annotated[int, Field(ge=0)] = 200_000
    """How many workers' holdings to keep decoded in memory."""
    reevaluations_per_second: Annotated[float, Field(gt=0)] = 2000
    """The most workers a second looked at again because the catalog or the time changed."""
    rejected_ratio_limit: Annotated[float, Field(gt=0, le=1)] = 0.5
    """The share of refused records, among the last of a partition, above which the worker stops."""
    rejected_window_records: Annotated[int, Field(ge=1)] = 1000
    """How many records that share is taken of."""
