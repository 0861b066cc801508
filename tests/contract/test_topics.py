"""The topic files: well formed, named as the code names them, and true about their contracts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import schemas
from schemas.topic import TopicSpec, topic_specs
from services.runtime import topics

FOLDER = Path(schemas.__file__).parent
SPECS = topic_specs()


def _name(spec: TopicSpec) -> str:
    return spec.name


def test_each_file_is_named_after_its_topic() -> None:
    """A topic is found by its name."""
    assert {path.stem for path in FOLDER.glob("topics/*.yaml")} == {spec.name for spec in SPECS}


def test_the_code_and_the_files_name_the_same_topics() -> None:
    """No service writes to a topic that nobody sets up."""
    named = {value for name, value in vars(topics).items() if name.isupper() and isinstance(value, str)}
    assert named <= {spec.name for spec in SPECS}
    assert {spec.name for spec in SPECS if spec.name.startswith("stepwell.")} <= named


@pytest.mark.parametrize("spec", SPECS, ids=_name)
def test_a_topic_whose_value_is_a_contract_names_its_schema(spec: TopicSpec) -> None:
    """The path leads to a JSON Schema, and such a topic promises compatibility."""
    if spec.value.startswith("schemas/"):
        assert json.loads((FOLDER.parent / spec.value).read_text("utf-8"))["$schema"]
        assert spec.compatibility == "backward"


@pytest.mark.parametrize("spec", SPECS, ids=_name)
def test_a_topic_says_how_long_it_keeps_what_it_holds(spec: TopicSpec) -> None:
    """Retention is never a broker's default: a log that state is rebuilt from must not shorten by itself."""
    policies = set(spec.config["cleanup.policy"].split(","))
    assert policies <= {"compact", "delete"}
    assert "delete" not in policies or "retention.ms" in spec.config


def test_the_record_log_is_kept_for_ever() -> None:
    """Everything can be computed again from it."""
    records = next(spec for spec in SPECS if spec.name == topics.RECORDS)
    assert records.config["retention.ms"] == "-1"


def test_the_state_has_as_many_partitions_as_the_log_it_is_made_of() -> None:
    """Faust keeps the state of partition n beside partition n."""
    partitions = {spec.name: spec.partitions for spec in SPECS}
    assert partitions["stepwell-aggregate-holdings-changelog"] == partitions[topics.RECORDS]
