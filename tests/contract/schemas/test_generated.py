"""The generated contract files: in step with the models, and readable by someone else's code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from pydantic_asyncapi.v3 import AsyncAPI

import schemas
from schemas.asyncapi import INTERNAL, asyncapi_document
from schemas.generate import documents, drifted, main, write
from schemas.topic import topic_specs

FOLDER = Path(schemas.__file__).parent


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in _references(value)]
    if isinstance(node, list):
        return [found for item in node for found in _references(item)]
    return []


def test_the_committed_files_are_what_the_models_make() -> None:
    """A model cannot change without its published form changing in the same commit."""
    assert drifted(FOLDER) == []


def test_drift_is_found_in_a_changed_and_in_a_missing_file(tmp_path: Path) -> None:
    """The drift check can fail: it names exactly the files that differ."""
    assert write(tmp_path) == list(documents())
    assert drifted(tmp_path) == []
    (tmp_path / "asyncapi.yaml").write_text("asyncapi: 3.1.0\n")
    (tmp_path / "json/record.schema.json").unlink()
    assert sorted(drifted(tmp_path)) == ["asyncapi.yaml", "json/record.schema.json"]


def test_the_check_of_the_command_changes_nothing(capsys: Any) -> None:
    """`--check` is for CI: it exits 0 when all is in step."""
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_the_asyncapi_document_is_read_by_another_library() -> None:
    """The committed document is AsyncAPI 3.1 by pydantic-asyncapi's models, with a channel for each public topic."""
    text = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text("utf-8"))
    for channel in text["channels"].values():
        for message in channel["messages"].values():
            message.pop("bindings", None)  # its models know no Kafka message binding
    document = AsyncAPI.model_validate(text)
    assert document.asyncapi == "3.1.0"
    assert set(document.channels or {}) == {topic.name for topic in topic_specs()} - INTERNAL


def test_every_reference_of_the_asyncapi_document_resolves() -> None:
    """No reader is sent to a file or a part of the document that is not there."""
    document = asyncapi_document(topic_specs())
    for reference in _references(document):
        if reference.startswith("./"):
            assert json.loads((FOLDER / reference).read_text("utf-8"))
        else:
            _resolve(document, reference)


def _resolve(document: dict[str, Any], reference: str) -> Any:
    node: Any = document
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node
