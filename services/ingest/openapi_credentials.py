"""What the OpenAPI document says of `/credentials`, with an example of each dialect."""

from __future__ import annotations

from typing import Any

from services.ingest.openapi import SECURITY, problems

_CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
_ISSUER = {"id": "https://issuer.example.org/", "type": ["Profile"], "name": "Example Institute"}
OPEN_BADGE_EXAMPLE: dict[str, Any] = {
    "@context": _CONTEXTS,
    "id": "https://issuer.example.org/credentials/1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": _ISSUER,
    "validFrom": "2026-02-01T00:00:00Z",
    "validUntil": "2029-02-01T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$4e7ab4c2a5f6d80c4c6b1a3f0f2d1f0f9f7b5d8f6f5a4e3d2c1b0a9f8e7d6c5b",
                "identityType": "emailAddress",
                "salt": "8c1f",
            }
        ],
        "achievement": {
            "id": "https://issuer.example.org/achievements/networks-1",
            "type": ["Achievement"],
            "name": "Networks I",
            "achievementType": "Course",
            "description": "Plans and repairs small networks.",
            "criteria": {"narrative": "A practical exam of two hours."},
        },
    },
}
ASSERTION_EXAMPLE: dict[str, Any] = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": "https://issuer.example.org/assertions/1",
    "recipient": {"type": "email", "hashed": False, "identity": "ana@example.org"},
    "badge": "https://issuer.example.org/badges/first-aid",
    "verification": {"type": "hosted"},
    "issuedOn": "2026-02-01T00:00:00Z",
}
TRANSCRIPT_EXAMPLE: dict[str, Any] = {
    "@context": [_CONTEXTS[0], "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", _CONTEXTS[1]],
    "id": "https://issuer.example.org/transcripts/1",
    "type": ["VerifiableCredential", "ClrCredential"],
    "issuer": _ISSUER,
    "validFrom": "2026-02-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:ana",
        "type": ["ClrSubject"],
        "verifiableCredential": [OPEN_BADGE_EXAMPLE],
    },
}
_DOCUMENT = {"type": "object", "required": ["@context", "type"]}
_JSON = {
    "schema": {"oneOf": [_DOCUMENT, {"type": "array", "items": {"oneOf": [_DOCUMENT, {"type": "string"}]}}]},
    "examples": {
        "open_badge": {"value": OPEN_BADGE_EXAMPLE},
        "transcript": {"value": TRANSCRIPT_EXAMPLE},
        "open_badge_2": {"value": ASSERTION_EXAMPLE},
    },
}
_TOKEN = {"schema": {"type": "string", "description": "A compact JWS."}}
_IMAGE = {"schema": {"type": "string", "format": "binary", "description": "An image with a credential baked in."}}
CREDENTIALS_POST: dict[str, Any] = {
    "operationId": "post_credentials",
    "summary": "Send Open Badges and CLR credentials",
    "description": "Open Badges 3.0 and 2.0 and CLR 2.0: one, or several in an array; as JSON, as compact JWS, or "
    "baked into an image. All are taken, or none. Form alone is checked here, signatures, status and dates later. "
    "What states no achievement of anybody (an endorsement, a badge class) is taken and becomes no record.",
    "security": SECURITY,
    "requestBody": {
        "required": True,
        "content": {
            "application/json": _JSON,
            "application/vc+jwt": _TOKEN,
            "text/plain": _TOKEN,
            "image/png": _IMAGE,
            "image/svg+xml": _IMAGE,
        },
    },
    "responses": {
        "200": {
            "description": "Kafka acknowledged all records.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["record_ids", "evidence"],
                        "properties": {
                            "record_ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
                            "evidence": {
                                "type": "array",
                                "items": {"type": "string"},
                                "description": "The digest of each credential as it was sent.",
                            },
                        },
                    },
                    "examples": {
                        "taken": {
                            "value": {
                                "record_ids": ["0d9b1c94-4a53-5f6b-9d52-6d0a3f2f1a10"],
                                "evidence": [
                                    "sha-256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                                ],
                            }
                        }
                    },
                }
            },
        },
        **problems(),
    },
}
