"""What the OpenAPI document says of the endpoints that platforms send to, with an example of each."""

from __future__ import annotations

from typing import Any

from services.ingest.openapi import PROBLEM_CONTENT, SECURITY, problems

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
