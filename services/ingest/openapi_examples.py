"""Examples for what the OpenAPI document describes and no route has shown: parameters, answers, problems, documents.

Apart from the routes because most of it is the same wherever it stands: a parameter is known by its name, a problem by
its status, and the record store's resources answer alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from services.ingest.openapi import STATEMENT_EXAMPLE

_AGENT = '{"account": {"homePage": "https://lms.example.org", "name": "ana"}}'
_ID = "6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11"
_COURSE = "https://lms.example.org/course/7"
PARAMETERS: Mapping[str, Any] = {
    "activity": _COURSE,
    "activityId": _COURSE,
    "agent": _AGENT,
    "ascending": False,
    "attachments": False,
    "cursor": "MDAwMDAwMDAwMDAwMDAwMQ",
    "format": "exact",
    "limit": 100,
    "link": "MTc3MjUzMDIwMDpzaGEtMjU2OjlmODZkMDgx.5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
    "name": "canvas",
    "profileId": "preferences",
    "registration": "1f0c8d7e-2b6a-4f0e-9f3e-0c5a7d9b1e42",
    "related_activities": False,
    "related_agents": False,
    "since": "2026-02-01T00:00:00Z",
    "stateId": "bookmark",
    "statementId": _ID,
    "until": "2026-02-02T00:00:00Z",
    "verb": "http://adlnet.gov/expapi/verbs/passed",
    "voidedStatementId": _ID,
    "webhook-id": "msg_2Kc5r8",
    "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    "webhook-timestamp": "1790000000",
    "X-Experience-API-Version": "1.0.3",
}
"""Name of a parameter -> a value that it may have."""
_STORED = {
    **STATEMENT_EXAMPLE,
    "id": _ID,
    "stored": "2026-02-01T09:30:01.250Z",
    "authority": {"objectType": "Agent", "account": {"homePage": "https://stepwell.example", "name": "lms"}},
    "version": "1.0.0",
}
_PAGE = {"statements": [_STORED], "more": "/xAPI/statements/more/MDAwMDAwMDAwMDAwMDAwMQ"}
_DOCUMENT = {"page": 12, "answers": [3, 1]}
_VERIFIED = {
    "digest": "sha-256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "checked_at": "2026-02-01T09:30:00Z",
    "tier": 3,
    "credential": {"name": "Networks", "issuer": "did:web:college.example", "issuer_name": "The College"},
    "answers": {
        "proof": {
            "answer": True,
            "code": "verified",
            "detail": "The signature is the issuer's.",
            "checked_at": "2026-02-01T09:30:00Z",
        }
    },
    "document": "{...}",
    "parts": [],
}
ANSWERS: Mapping[str, Any] = {
    "/xAPI/statements": _PAGE,
    "/xAPI/statements/more/{cursor}": {**_PAGE, "more": ""},
    "/xAPI/agents": {
        "objectType": "Person",
        "account": [{"homePage": "https://lms.example.org", "name": "ana"}],
    },
    "/xAPI/activities": {"objectType": "Activity", **STATEMENT_EXAMPLE["object"]},
    "/xAPI/activities/state": _DOCUMENT,
    "/xAPI/activities/profile": _DOCUMENT,
    "/xAPI/agents/profile": _DOCUMENT,
    "/v1/verify": _VERIFIED,
    "/v1/verify/{link}": {**_VERIFIED, "document": "", "link_ends_at": "2026-03-03T09:30:00Z"},
}
"""Path -> what it answers when all is well; documents also as they are sent."""
_FAULTS: Mapping[str, Mapping[str, str]] = {
    "400": {"pointer": "/achievement", "code": "missing", "detail": "achievement is required; add it"},
    "403": {"pointer": "/kind", "code": "scope", "detail": "this key may not send records of kind award"},
    "422": {
        "pointer": "/dataVersion",
        "code": "unsupported_version",
        "detail": "dataVersion must be http://purl.imsglobal.org/ctx/caliper/v1p2",
    },
}
_DETAILS: Mapping[str, str] = {
    "401": "send a key and its secret by HTTP Basic, or KEY.SECRET as bearer token",
    "404": "there is no such thing",
    "409": "another statement has this id already",
    "412": "the document was changed meanwhile; read it again",
    "413": "the body may have 5242880 octets at most",
    "415": "send application/json",
    "429": "too many requests of this key; go on after a second",
    "503": "Kafka does not answer; send the same again",
}


def exemplify(document: dict[str, Any]) -> None:
    """Give every parameter, body and answer of the document an example, where it has none."""
    for path, operations in document["paths"].items():
        for operation in operations.values():
            parameters = list(_told_once(operation.pop("parameters", ())))
            if parameters:
                operation["parameters"] = parameters
            _show_body(path, operation)
            if not _is_ours(operation["responses"].get("422")):
                operation["responses"].pop("422", None)
            for status, response in operation["responses"].items():
                for media_type, content in response.get("content", {}).items():
                    _show_answer(path, status, media_type, content)


def _told_once(parameters: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parameters with examples; of two descriptions of one, the later, which is ours."""
    told = {(parameter["name"], parameter["in"]): parameter for parameter in parameters}
    for (name, _), parameter in told.items():
        if name in PARAMETERS and not _has_example(parameter):
            parameter["example"] = PARAMETERS[name]
        yield parameter


def _show_body(path: str, operation: Mapping[str, Any]) -> None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None and path in ANSWERS and not _has_example(content):
        content["example"] = ANSWERS[path]


def _show_answer(path: str, status: str, media_type: str, content: dict[str, Any]) -> None:
    if _has_example(content):
        return
    if media_type == "application/problem+json":
        content["example"] = _problem(status)
    elif media_type == "text/plain":
        content["example"] = _DETAILS[status]
    elif path in ANSWERS and media_type in {"application/json", "*/*"}:
        content["example"] = ANSWERS[path]


def _problem(status: str) -> dict[str, Any]:
    told = {"type": "about:blank", "title": HTTPStatus(int(status)).phrase, "status": int(status)}
    fault = _FAULTS.get(status)
    if fault is None:
        return {**told, "detail": _DETAILS[status]}
    return {**told, "detail": fault["detail"], "error_count": 1, "errors": [dict(fault)]}


def _is_ours(response: Mapping[str, Any] | None) -> bool:
    """Whether an answer is a problem document; FastAPI adds one of its own that no route here gives."""
    return response is not None and "application/problem+json" in response.get("content", {})


def _has_example(described: Mapping[str, Any]) -> bool:
    return any(name in part for part in (described, described.get("schema", {})) for name in ("example", "examples"))
