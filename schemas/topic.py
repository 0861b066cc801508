"""The topics of Stepwell, as `schemas/topics/*.yaml` describe them: what each is for, who uses it, how it is kept.

One file a topic, so that a reader, the broker's set-up and the AsyncAPI document all take it from the same place.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import Field

from schemas.values import Closed, Label

Compatibility = Literal["backward", "none"]
"""backward: a new reader reads what an old writer wrote. none: internal, or bytes that are not ours."""

Headers = Literal["cloud_event", "cloud_event_if_any", "refusal", "none"]
"""cloud_event: CloudEvents 1.0, binary mode. refusal: why it was refused and where it came from."""


class TopicSpec(Closed):
    """One topic file."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")]
    purpose: Label
    key: Label
    value: Label
    """Path of a JSON Schema in this repository where there is one, else a sentence."""
    headers: Headers
    producers: Annotated[tuple[Label, ...], Field(min_length=1)]
    consumers: Annotated[tuple[Label, ...], Field(min_length=1)]
    partitions: Annotated[int, Field(ge=1)]
    replication: Annotated[int, Field(ge=1)]
    """Copies in production; a broker of one node keeps one."""
    compatibility: Compatibility
    config: dict[str, str] = Field(default_factory=dict)
    """Kafka's topic settings by Kafka's names; values are text, as Kafka takes them."""


def topic_specs() -> tuple[TopicSpec, ...]:
    """Every topic of `schemas/topics`, by name.

    Raises: pydantic.ValidationError for a file that is not a topic.
    """
    entries = files("schemas").joinpath("topics").iterdir()
    texts = [entry.read_text("utf-8") for entry in entries if entry.name.endswith(".yaml")]
    specs = [TopicSpec.model_validate(yaml.safe_load(text), strict=False) for text in texts]
    return tuple(sorted(specs, key=lambda spec: spec.name))
