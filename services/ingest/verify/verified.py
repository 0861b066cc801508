"""What comes out of verifying one credential."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.registry import KnownKey
from services.core.trust import Answers

Claims = dict[str, str | None]
"""What a credential says of itself: id, type, name, issuer, issuer_name, subject."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out: the answers, the tier that follows, what is claimed, and the credentials within, likewise."""

    digest: str
    """`sha-256:` and the hex digest of the bytes that were sent."""
    checked_at: datetime
    tier: int
    answers: Answers
    claims: Claims
    document: str
    """The credential's own text."""
    parts: tuple[Verified, ...] = ()
    seen: tuple[KnownKey, ...] = ()
    """Keys that issuers' documents named, to be remembered."""

    def as_json(self) -> dict[str, Any]:
        """As `POST /v1/verify` answers it."""
        return {
            "digest": self.digest,
            "checked_at": self.checked_at,
            "tier": self.tier,
            "credential": self.claims,
            "answers": self.answers.as_json(),
            "document": self.document,
            "parts": [part.as_json() | {"document": ""} for part in self.parts],
        }
