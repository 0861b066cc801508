"""What the OpenAPI document says of the routes: bodies are read raw for speed, so FastAPI cannot derive it.

Schemas come from the contracts' models, examples are real payloads, and every code that a route can answer is listed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from schemas.records import record_adapter

_REF = "#/components/schemas/{model}"
AWARD_EXAMPLE: dict[str, Any] = {
    "kind": "award",
    "occurred_at": "2025-06-01T00:00:00Z",
    "account": {"mbox": "mailto:ana@example.org"},
    "achievement": {"id": "comptia.a+", "name": "CompTIA A+", "type": "certification"},
    "issuer_id": "comptia",
    "award_id": "1",
    "valid_from": "2025-06-01T00:00:00Z",
    "valid_until": "2028-06-01T00:00:00Z",
}
COMPLETION_EXAMPLE: dict[str, Any] = {
    "kind": "completion",
    "occurred_at": "2026-02-01T09:30:00Z",
    "account": {"account": {"homePage": "https://lms.example.org", "name": "ana"}},
    "achievement": {"id": "https://lms.example.org/course/7", "name": "Networks I", "type": "course"},
    "success": True,
    "score": {"scaled": 0.82},
}
STATEMENT_EXAMPLE: dict[str, Any] = {
    "actor": {"objectType": "Agent", "account": {"homePage": "https://lms.example.org", "name": "ana"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en": "passed"}},
    "object": {
        "id": "https://lms.example.org/course/7",
        "definition": {"type": "http://adlnet.gov/expapi/activities/course", "name": {"en": "Networks I"}},
    },
    "result": {"success": True, "score": {"scaled": 0.82}},
    "timestamp": "2026-02-01T09:30:00Z",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "error_count": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "index": {"type": "integer", "description": "Place of the faulty item in what was sent."},
                    "pointer": {"type": "string", "description": "JSON pointer into that item."},
                    "code": {"type": "string"},
                    "detail": {"type": "string", "description": "What to mend, in words."},
                },
            },
        },
    },
}
_PROBLEMS = {
    "400": "Faulty data: nothing was taken, and the payload is kept among the refused.",
    "401": "No API key, or none that is good.",
    "403": "The key may not send a kind of record.",
    "413": "The body is too large.",
    "415": "The body has another media type.",
    "429": "Too many requests of this key; Retry-After says when to go on.",
    "503": "Kafka or the keys do not answer. Nothing was acknowledged: send the same again after Retry-After.",
}


PROBLEM_CONTENT: dict[str, Any] = {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}}
"""Copied wherever it stands in a document, as each status has an example of its own."""


def problems() -> dict[str, Any]:
    """The responses that say what is wrong, by code."""
    return {code: {"description": text, "content": PROBLEM_CONTENT} for code, text in _PROBLEMS.items()}


def _json(schema: dict[str, Any], **examples: Any) -> dict[str, Any]:
    return {"schema": schema, "examples": {name: {"value": value} for name, value in examples.items()}}


_RECORD = {"$ref": _REF.format(model="Record")}
_STATEMENT = {"type": "object", "required": ["actor", "verb", "object"]}
SECURITY: list[dict[str, list[str]]] = [{"basic": []}, {"bearer": []}]
VERSION_PARAMETER = {
    "name": "X-Experience-API-Version",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": r"^(1|2)\.0(\.\d+)?$"},
    "example": "1.0.3",
}
RECORDS_POST: dict[str, Any] = {
    "operationId": "post_records",
    "summary": "Send learning records",
    "description": "One record, an array, or one a line. All are taken, or none. The same content sent again gets the "
    "same ids and changes nothing.",
    "security": SECURITY,
    "requestBody": {
        "required": True,
        "content": {
            "application/json": _json(
                {"oneOf": [_RECORD, {"type": "array", "items": _RECORD}]},
                award=AWARD_EXAMPLE,
                batch=[AWARD_EXAMPLE, COMPLETION_EXAMPLE],
            ),
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    },
    "responses": {
        "200": {
            "description": "Kafka acknowledged all records.",
            "content": {
                "application/json": _json(
                    {
                        "type": "object",
                        "required": ["record_ids"],
                        "properties": {"record_ids": {"type": "array", "items": {"type": "string", "format": "uuid"}}},
                    },
                    taken={"record_ids": ["0d9b1c94-4a53-5f6b-9d52-6d0a3f2f1a10"]},
                )
            },
        },
        **problems(),
    },
}
STATEMENTS_POST: dict[str, Any] = {
    "operationId": "post_statements",
    "summary": "Send xAPI statements",
    "description": "One statement or an array, of xAPI 1.0.3 or 2.0. Answers their ids in the order of the request.",
    "security": SECURITY,
    "parameters": [VERSION_PARAMETER],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": _json(
                {"oneOf": [_STATEMENT, {"type": "array", "items": _STATEMENT}]}, passed=STATEMENT_EXAMPLE
            )
        },
    },
    "responses": {
        "200": {
            "description": "Kafka acknowledged what the statements mean.",
            "content": {
                "application/json": _json(
                    {"type": "array", "items": {"type": "string", "format": "uuid"}},
                    taken=["6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11"],
                )
            },
        },
        **problems(),
    },
}
STATEMENTS_PUT: dict[str, Any] = {
    **STATEMENTS_POST,
    "operationId": "put_statement",
    "summary": "Send one xAPI statement under its id",
    "description": "The statement's id is the parameter's.",
    "parameters": [
        VERSION_PARAMETER,
        {"name": "statementId", "in": "query", "required": True, "schema": {"type": "string", "format": "uuid"}},
    ],
    "requestBody": {"required": True, "content": {"application/json": _json(_STATEMENT, passed=STATEMENT_EXAMPLE)}},
    "responses": {"204": {"description": "Kafka acknowledged what the statement means."}, **problems()},
}
ABOUT_GET: dict[str, Any] = {
    "operationId": "about",
    "summary": "Versions of xAPI that are spoken here",
    "responses": {
        "200": {
            "description": "The versions.",
            "content": {"application/json": _json({"type": "object"}, versions={"version": ["1.0.3", "2.0.0"]})},
        }
    },
}


def describe(app: FastAPI, finish: Callable[[dict[str, Any]], None]) -> None:
    """Give the app its OpenAPI document, made when it is first asked for; `finish` adds what routes do not say."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
            finish(app.openapi_schema)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to replace the document


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schema = record_adapter.json_schema(ref_template=_REF)
    models = schema.pop("$defs", {})
    components = made.setdefault("components", {})
    components["schemas"] = {**models, "Record": schema, "Problem": PROBLEM}
    components["securitySchemes"] = {
        "basic": {"type": "http", "scheme": "basic", "description": "Key as user, secret as password."},
        "bearer": {"type": "http", "scheme": "bearer", "description": "Key and secret, joined by a full stop."},
    }
    return made
