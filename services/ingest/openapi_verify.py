"""What the OpenAPI document says of verification, with an example."""

from __future__ import annotations

from typing import Any

from services.ingest.openapi import PROBLEM_CONTENT

_CREDENTIAL: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:6e1c8e7e-2f0e-4a7e-9d6e-0f8d6c1f2a10",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:college.example", "type": ["Profile"], "name": "The College"},
    "validFrom": "2026-02-01T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://college.example/networks",
            "type": ["Achievement"],
            "name": "Networks",
            "description": "Plans and runs a small network.",
            "criteria": {"narrative": "Passed the exam."},
        },
    },
}
_ANSWER = {
    "type": "object",
    "required": ["answer", "code", "detail", "checked_at"],
    "properties": {
        "answer": {"type": ["boolean", "null"], "description": "null where nobody knows"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "checked_at": {"type": "string", "format": "date-time"},
    },
}
_VERIFIED: dict[str, Any] = {
    "type": "object",
    "required": ["digest", "checked_at", "tier", "credential", "answers", "document", "parts"],
    "properties": {
        "digest": {"type": "string"},
        "checked_at": {"type": "string", "format": "date-time"},
        "tier": {"type": "integer", "minimum": 0, "maximum": 4},
        "credential": {"type": "object"},
        "answers": {"type": "object", "additionalProperties": _ANSWER},
        "document": {"type": "string", "description": "the credential's own text, also where it was in a picture"},
        "parts": {"type": "array", "items": {"type": "object"}},
    },
}
VERIFY_POST: dict[str, Any] = {
    "operationId": "post_verify",
    "summary": "Verify a credential",
    "description": "Open Badges 3.0 and 2.0, CLR 2.0, W3C VC 1.1 and 2.0: JSON, a compact JWS, or a PNG or SVG with "
    "one in it. Separate answers and no overall verdict; nothing is stored. No key is needed.",
    "parameters": [
        {
            "name": "Stepwell-Subject",
            "in": "header",
            "required": False,
            "description": "Whom the credential should be about: a DID or an e-mail address (mailto:), "
            "percent-encoded. May be sent several times, for one person's several ids. A header, since addresses "
            "end up in logs.",
            "schema": {"type": "string"},
            "example": "mailto:ann@college.example",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object"}, "examples": {"badge": {"value": _CREDENTIAL}}},
            "text/plain": {"schema": {"type": "string"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "image/svg+xml": {"schema": {"type": "string"}},
        },
    },
    "responses": {
        "200": {"description": "The answers.", "content": {"application/json": {"schema": _VERIFIED}}},
        "400": {"description": "This is no credential.", "content": PROBLEM_CONTENT},
        "413": {"description": "Too large.", "content": PROBLEM_CONTENT},
        "415": {"description": "Another media type.", "content": PROBLEM_CONTENT},
        "429": {"description": "Too often.", "content": PROBLEM_CONTENT},
        "503": {"description": "Too many are being verified.", "content": PROBLEM_CONTENT},
    },
}
_LINK_ENDS = {"link_ends_at": {"type": "string", "format": "date-time"}}
VERIFY_LINK: dict[str, Any] = {
    "operationId": "get_verify_link",
    "summary": "Verify a credential that is kept here, by a link to it",
    "description": "The same answers, now, of a credential that somebody gave a link to; without its own text, and "
    "with the end of the link. No key is needed: who has the link may look.",
    "responses": {
        "200": {
            "description": "The answers.",
            "content": {
                "application/json": {"schema": {**_VERIFIED, "properties": {**_VERIFIED["properties"], **_LINK_ENDS}}}
            },
        },
        "404": {
            "description": "The link is over, was not given here, or its credential is not kept any more.",
            "content": PROBLEM_CONTENT,
        },
        "429": {"description": "Too often.", "content": PROBLEM_CONTENT},
        "503": {"description": "Too many are being verified.", "content": PROBLEM_CONTENT},
    },
}
