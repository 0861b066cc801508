"""The AsyncAPI 3.1 document: the topics as channels, with who sends and receives what, made from the topic files.

Plain dictionaries: the models of `pydantic-asyncapi` 0.3 cannot say a message's key or `$defs`. They read the result in
a test instead. Source: AsyncAPI 3.1.0; bindings/kafka 0.5.0; CloudEvents 1.0 Kafka Protocol Binding, section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from schemas.topic import Headers, TopicSpec

JSON_SCHEMA_PREFIX = "schemas/"
OURS = frozenset({"ingest", "aggregate"})
"""The services of this document; every other producer or consumer is someone else's system."""

INTERNAL = frozenset({"stepwell-aggregate-holdings-changelog", "stepwell.identities.v1"})
"""Topics that are nobody's contract."""

CLOUD_EVENT: dict[str, dict[str, Any]] = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": {"type": "string", "description": "The record's id, the same however often it is sent."},
    "ce_source": {"type": "string", "description": "Who states it."},
    "ce_type": {"type": "string", "description": "stepwell.record.v1 for a learning record."},
    "ce_time": {"type": "string", "format": "date-time", "description": "When it happened, by its source."},
    "content-type": {"type": "string"},
    "traceparent": {"type": "string", "description": "W3C Trace Context."},
}
REFUSAL: dict[str, dict[str, Any]] = {
    "reason": {"type": "string", "description": "A short code."},
    "detail": {"type": "string", "description": "A sentence for people, without values."},
    "pointer": {"type": "string", "description": "JSON pointer of the fault."},
    "stage": {"type": "string", "description": "ingest.http, ingest.inbox or aggregate."},
    "refused_at": {"type": "string", "format": "date-time"},
    "source": {"type": "string"},
    "dialect": {"type": "string"},
    "attempts": {"type": "string", "description": "How often it has been refused by now."},
    "key": {"type": "string", "description": "The original's key."},
    "origin_topic": {"type": "string"},
    "origin_partition": {"type": "string"},
    "origin_offset": {"type": "string"},
}
HEADERS: dict[Headers, dict[str, Any]] = {
    "cloud_event": {
        "type": "object",
        "description": "CloudEvents 1.0, binary mode: attributes as headers, the value untouched.",
        "required": [name for name in CLOUD_EVENT if name != "traceparent"],
        "properties": CLOUD_EVENT,
    },
    "cloud_event_if_any": {
        "type": "object",
        "description": "CloudEvents 1.0, binary mode; ce_source where the payload names no source.",
        "properties": CLOUD_EVENT,
    },
    "refusal": {
        "type": "object",
        "description": "Why it was refused and where it came from; the original's headers are there as original.NAME.",
        "required": ["reason", "refused_at", "stage", "attempts"],
        "properties": REFUSAL,
    },
}


def asyncapi_document(topics: Iterable[TopicSpec]) -> dict[str, Any]:
    """The document as plain data; file references are relative to `schemas/`."""
    public = [topic for topic in topics if topic.name not in INTERNAL]
    return {
        "asyncapi": "3.1.0",
        "id": "urn:stepwell:topics",
        "info": {
            "title": "Stepwell topics",
            "version": version("stepwell"),
            "description": "What crosses Kafka: learning records in, progress out. Delivery is at least once; "
            "every reader keeps what it has seen by id, as Stepwell does.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in public},
        "operations": {name: operation for topic in public for name, operation in _operations(topic)},
        "components": {"schemas": dict(HEADERS)},
    }


def _channel(topic: TopicSpec) -> dict[str, Any]:
    kafka = {
        "topic": topic.name,
        "partitions": topic.partitions,
        "replicas": topic.replication,
        "topicConfiguration": {name: _typed(name, value) for name, value in topic.config.items()},
        "bindingVersion": "0.5.0",
    }
    return {
        "address": topic.name,
        "description": topic.purpose,
        "messages": _messages(topic),
        "bindings": {"kafka": kafka},
    }


def _messages(topic: TopicSpec) -> dict[str, Any]:
    messages = {"message": _message(topic)}
    if topic.name == "stepwell.records.v1":
        messages["absorb"] = {
            "name": "stepwell.absorb.v1",
            "description": "Internal, told by its ce_type: holdings that a linked id sends to its worker. Skip it.",
            "contentType": "application/msgpack",
            "headers": {"$ref": "#/components/schemas/cloud_event"},
            "payload": {"description": "the aggregate's own encoding"},
        }
    return messages


def _message(topic: TopicSpec) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": topic.name,
        "payload": {"description": topic.value},
        "bindings": {"kafka": {"key": {"type": "string", "description": topic.key}, "bindingVersion": "0.5.0"}},
    }
    if topic.headers in HEADERS:
        message["headers"] = {"$ref": f"#/components/schemas/{topic.headers}"}
    if topic.value.startswith(JSON_SCHEMA_PREFIX):
        message["payload"] = {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./{topic.value.removeprefix(JSON_SCHEMA_PREFIX)}"},
        }
    return message


def _operations(topic: TopicSpec) -> Iterable[tuple[str, dict[str, Any]]]:
    for action, systems in (("send", topic.producers), ("receive", topic.consumers)):
        for system in systems:
            if system in OURS:
                yield (
                    f"{system}.{action}.{topic.name}",
                    {
                        "action": action,
                        "channel": {"$ref": f"#/channels/{topic.name}"},
                        "summary": f"{system} {'writes' if action == 'send' else 'reads'} {topic.name}.",
                    },
                )


def _typed(name: str, value: str) -> Any:
    if name == "cleanup.policy":
        return value.split(",")
    return int(value)
