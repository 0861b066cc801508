"""What the OpenAPI document says of a producer's view of its own arrivals."""

from __future__ import annotations

from typing import Any

from services.ingest.openapi import SECURITY, problems

_ID = {"type": "string", "format": "uuid"}
_MOMENT = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string"}
_ITEM: dict[str, Any] = {
    "type": "object",
    "required": ["arrived_at", "outcome", "dialect"],
    "properties": {
        "arrived_at": _MOMENT,
        "outcome": {
            "enum": ["accepted", "kept", "refused"],
            "description": "It became a learning record; it is kept and is no learning record (a statement in the "
            "record store, or for what `refusal` says is not told of it); it was refused.",
        },
        "dialect": _TEXT,
        "record": {
            "type": "object",
            "required": ["record_id", "kind", "occurred_at"],
            "properties": {
                "record_id": _ID,
                "kind": _TEXT,
                "worker_id": _TEXT,
                "achievement_id": _TEXT,
                "issuer_id": _TEXT,
                "award_id": _TEXT,
                "occurred_at": _MOMENT,
            },
        },
        "statement": {"type": "object", "required": ["statement_id"], "properties": {"statement_id": _ID}},
        "refusal": {
            "type": "object",
            "required": ["refusal_id", "reason", "pointer", "detail"],
            "properties": {
                "refusal_id": _ID,
                "reason": _TEXT,
                "pointer": {**_TEXT, "description": "JSON pointer to what is wrong, in what was sent."},
                "detail": {**_TEXT, "description": "What to mend, in words."},
                "stage": _TEXT,
                "attempts": {"type": "integer", "description": "How often it has been refused by now."},
                "octets": {"type": "integer"},
                "digest": {**_TEXT, "description": "sha-256 of what was sent."},
                "sent_back": {"type": "boolean", "description": "Whether an operator sent it in again."},
            },
        },
    },
}
_EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "arrived_at": "2026-02-01T09:31:02.125000Z",
            "outcome": "refused",
            "dialect": "native",
            "refusal": {
                "refusal_id": "8d7a1c52-6a0f-5f4d-9a53-0f3c1d2e4b5a",
                "reason": "missing",
                "pointer": "/0/achievement",
                "detail": "achievement is required; add it",
                "stage": "ingest.http",
                "attempts": 1,
                "octets": 214,
                "digest": "sha-256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "sent_back": False,
            },
        },
        {
            "arrived_at": "2026-02-01T09:31:00.500000Z",
            "outcome": "accepted",
            "dialect": "native",
            "record": {
                "record_id": "0d9b1c94-4a53-5f6b-9d52-6d0a3f2f1a10",
                "kind": "award",
                "worker_id": "5e4c5434-56cd-5922-bfb9-155039afa877",
                "achievement_id": "comptia.a+",
                "issuer_id": "comptia",
                "award_id": "1",
                "occurred_at": "2025-06-01T00:00:00Z",
            },
        },
    ],
    "next": "MjAyNi0wMi0wMVQwOTozMTowMC41MDAwMDArMDA6MDAgMGQ5YjFjOTQ",
}


def _parameter(name: str, schema: dict[str, Any], description: str, example: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description, "example": example}


ARRIVALS_GET: dict[str, Any] = {
    "operationId": "get_own_records",
    "summary": "List what this source sent, and what became of it",
    "description": "Newest first: records, refused payloads, xAPI statements that are no learning record, and payloads "
    "that state more than their records do (a grade of an attempt that nothing describes). An item is there about a "
    "second after it was sent.",
    "security": SECURITY,
    "parameters": [
        _parameter("cursor", _TEXT, "Where the last page said that the next begins.", _EXAMPLE["next"]),
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "Most items.", 100),
        _parameter("since", _MOMENT, "Only what arrived since.", "2026-02-01T00:00:00Z"),
        _parameter("until", _MOMENT, "Only what arrived before.", "2026-02-02T00:00:00Z"),
        _parameter("outcome", {"enum": ["accepted", "kept", "refused"]}, "Only what came to this.", "refused"),
        _parameter("kind", _TEXT, "Only records of this kind.", "award"),
        _parameter("dialect", _TEXT, "Only what was sent in this dialect.", "native"),
        _parameter("reason", _TEXT, "Only what was refused for this reason.", "missing"),
    ],
    "responses": {
        "200": {
            "description": "A page.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["items", "next"],
                        "properties": {
                            "items": {"type": "array", "items": _ITEM},
                            "next": {"type": ["string", "null"], "description": "The cursor of the next page, if any."},
                        },
                    },
                    "examples": {"page": {"value": _EXAMPLE}},
                }
            },
        },
        **{code: problems()[code] for code in ("400", "401", "429", "503")},
    },
}
