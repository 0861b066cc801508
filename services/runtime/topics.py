"""The topics of Stepwell, as `schemas/topics/*.yaml` describe them. Names here, settings there, no client."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

INBOX = "stepwell.inbox.v1"
RECORDS = "stepwell.records.v1"
REJECTED = "stepwell.rejected.v1"
CATALOG = "stepwell.catalog.v1"
PROGRESS = "stepwell.progress.v1"


class TopicSpec(BaseModel):
    """One topic file: what the topic is for, who uses it, and how the broker must keep it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    purpose: str
    key: str
    value: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    partitions: int = Field(ge=1)
    replication: int = Field(ge=1)
    compatibility: str
    config: dict[str, str] = Field(default_factory=dict)


def topic_specs() -> tuple[TopicSpec, ...]:
    """Every topic of `schemas/topics`, by name."""
    folder = files("schemas").joinpath("topics")
    documents: list[dict[str, Any]] = [
        yaml.safe_load(entry.read_text()) for entry in folder.iterdir() if entry.name.endswith(".yaml")
    ]
    return tuple(sorted((TopicSpec.model_validate(document) for document in documents), key=lambda spec: spec.name))
