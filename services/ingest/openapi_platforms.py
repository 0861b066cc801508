"""What the OpenAPI document says of the endpoints that platforms send to, with an example of each."""

from __future__ import annotations

from typing import Any

from services.ingest.openapi import AWARD_EXAMPLE, PROBLEM_CONTENT, SECURITY, STATEMENT_EXAMPLE, problems

CALIPER_CONTEXT = "http://purl.imsglobal.org/ctx/caliper/v1p2"
ENVELOPE_EXAMPLE: dict[str, Any] = {
    "sensor": "https://lms.example.org/sensors/1",
    "sendTime": "2026-02-01T09:31:00.000Z",
    "dataVersion": CALIPER_CONTEXT,
    "data": [
        {
            "@context": CALIPER_CONTEXT,
            "id": "urn:uuid:1f0a3a52-6c0f-4d5c-9a0e-3f6f4f2d8a11",
            "type": "GradeEvent",
            "actor": {"id": "https://lms.example.org/grader", "type": "SoftwareApplication"},
            "action": "Graded",
            "object": {
                "id": "https://lms.example.org/exam/7/attempts/1",
                "type": "Attempt",
                "assignee": {"id": "https://lms.example.org/users/ana", "type": "Person"},
                "assignable": {"id": "https://lms.example.org/exam/7", "type": "Assessment", "name": "Networks exam"},
            },
            "generated": {
                "id": "https://lms.example.org/exam/7/attempts/1/score",
                "type": "Score",
                "scoreGiven": 41,
                "maxScore": 50,
            },
            "eventTime": "2026-02-01T09:30:00.000Z",
        }
    ],
}
_ENVELOPE = {
    "type": "object",
    "required": ["sensor", "sendTime", "dataVersion", "data"],
    "properties": {
        "sensor": {"type": "string"},
        "sendTime": {"type": "string", "format": "date-time"},
        "dataVersion": {"type": "string"},
        "data": {"type": "array", "items": {"type": "object"}},
    },
}
CALIPER_POST: dict[str, Any] = {
    "operationId": "post_caliper",
    "summary": "Send a Caliper envelope",
    "description": "Caliper 1.1 or 1.2, of the Sensor API. Every event and entity is checked; all are taken, or none. "
    "What is no learning record is taken and left at that.",
    "security": SECURITY,
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": _ENVELOPE, "examples": {"grade": {"value": ENVELOPE_EXAMPLE}}}},
    },
    "responses": {
        "200": {"description": "Kafka acknowledged what the events mean. The body is empty."},
        **problems(),
        "422": {"description": "Another version of Caliper (`dataVersion`).", "content": PROBLEM_CONTENT},
    },
}
CALIPER_GET: dict[str, Any] = {
    "operationId": "get_caliper",
    "summary": "Ask which versions of Caliper are understood",
    "description": "The ping of Caliper 1.2.",
    "security": SECURITY,
    "responses": {
        "200": {
            "description": "What is supported.",
            "content": {
                "application/json": {
                    "schema": {"type": "object"},
                    "examples": {
                        "supported": {
                            "value": {"caliperMaximumPayloadSize": 5120, "caliperSupportedVersions": [CALIPER_CONTEXT]}
                        }
                    },
                }
            },
        },
        "401": problems()["401"],
        "429": problems()["429"],
        "503": problems()["503"],
    },
}

_TRIAL = {
    "type": "object",
    "required": ["valid", "dialect", "records", "error_count", "errors", "unattributed"],
    "properties": {
        "valid": {"type": "boolean", "description": "Whether all of it would be taken."},
        "dialect": {"type": ["string", "null"], "description": "The dialect that it speaks, null when none was found."},
        "records": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Record"},
            "description": "The learning records that it would become; none is not an error.",
        },
        "error_count": {"type": "integer"},
        "errors": {"type": "array", "items": {"type": "object"}, "description": "As in Problem."},
        "unattributed": {
            "type": "array",
            "items": {"type": "object"},
            "description": "What it states of learning and not whose, or of what: kept, and no record. As errors.",
        },
    },
}
VALIDATE_POST: dict[str, Any] = {
    "operationId": "post_validate",
    "summary": "Try a payload of any dialect",
    "description": "Says what the payload would become, and what is wrong with it. Nothing is stored, and nothing is "
    "kept among the refused. Send it with the media type and headers that it has elsewhere.",
    "security": SECURITY,
    "parameters": [
        {
            "name": "dialect",
            "in": "query",
            "schema": {"type": "string"},
            "description": "The dialect to read it in; by default its headers and shape tell.",
            "example": "caliper",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {},
                "examples": {
                    "record": {"value": AWARD_EXAMPLE},
                    "statement": {"value": STATEMENT_EXAMPLE},
                    "envelope": {"value": ENVELOPE_EXAMPLE},
                },
            },
            "*/*": {"schema": {"type": "string", "format": "binary"}},
        },
    },
    "responses": {
        "200": {
            "description": "What it would become.",
            "content": {
                "application/json": {
                    "schema": _TRIAL,
                    "examples": {
                        "nothing": {
                            "value": {
                                "valid": True,
                                "dialect": "caliper",
                                "records": [],
                                "error_count": 0,
                                "errors": [],
                                "unattributed": [],
                            }
                        }
                    },
                }
            },
        },
        **{code: answer for code, answer in problems().items() if code not in {"403", "415"}},
    },
}

CANVAS_EXAMPLE: dict[str, Any] = {
    "metadata": {
        "event_name": "course_completed",
        "event_time": "2026-02-01T09:30:00.000Z",
        "root_account_id": "21070000000000001",
        "root_account_uuid": "rA7xTqL2example",
        "request_id": "0d5c8f0a-77aa-4f1e-9a52-1d2c3b4a5968",
        "user_id": "21070000000000042",
    },
    "body": {
        "progress": {
            "requirement_count": 3,
            "requirement_completed_count": 3,
            "completed_at": "2026-02-01T09:29:58Z",
        },
        "user": {"id": "42"},
        "course": {"id": "5", "name": "Networks I"},
    },
}
CLAIM_EXAMPLE: dict[str, Any] = {
    "id": "9a8b7c6d-aaaa-4bbb-8ccc-000000000001",
    "organization_id": "0a1b2c3d-aaaa-4bbb-8ccc-000000000003",
    "event_type": "badge.created",
    "occurred_at": "2026-02-01T09:05:00.000Z",
}
HOOK_POST: dict[str, Any] = {
    "operationId": "post_hook",
    "summary": "Deliver a webhook",
    "description": "For senders that are declared in `STEPWELL_HOOKS`: signed JWT bodies (Canvas Live Events), "
    "Standard Webhooks signatures (`webhook-id`, `webhook-timestamp`, `webhook-signature`), and bodies that only name "
    "an event, which is then fetched (Credly). No API key is asked for.",
    "security": [],
    "parameters": [
        {
            "name": "name",
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "description": "The hook's declared name.",
            "example": "canvas",
        },
        *(
            {"name": f"webhook-{name}", "in": "header", "required": False, "schema": {"type": "string"}}
            for name in ("id", "timestamp", "signature")
        ),
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "examples": {
                    "claim_check": {"value": CLAIM_EXAMPLE},
                    "standard": {
                        "value": {"type": "award.created", "timestamp": "2026-02-01T09:30:00Z", "data": AWARD_EXAMPLE}
                    },
                },
            },
            "application/jwt": {
                "schema": {"type": "string"},
                "examples": {
                    "signed": {"summary": "A JWS whose payload is an event", "value": "eyJhbGciOiJSUzI1NiJ9..."}
                },
            },
        },
    },
    "responses": {
        "200": {"description": "Kafka acknowledged what the event means, or it means nothing. The body is empty."},
        "400": problems()["400"],
        "401": {"description": "The body is not its sender's: nothing is kept.", "content": PROBLEM_CONTENT},
        "403": problems()["403"],
        "404": {"description": "No hook of that name is declared.", "content": PROBLEM_CONTENT},
        "413": problems()["413"],
        "429": problems()["429"],
        "503": problems()["503"],
    },
}
