"""Whether an instant lies between a credential's first and last.

Source: W3C VC 2.0, section 4.9; VC 1.1, section 4.6.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.core.trust import Answer, no, unknown, yes
from services.ingest.verify.documents import Document


def validity(document: Document, at: datetime) -> Answer:
    """Whether a credential is in force at an instant."""
    begins = document.get("validFrom", document.get("issuanceDate"))
    return in_force(begins, document.get("validUntil", document.get("expirationDate")), at)


def in_force(begins_at: Any, ends_at: Any, at: datetime) -> Answer:
    """Whether an instant lies between two that are stated as ISO 8601 texts, or not at all."""
    try:
        begins, ends = instant(begins_at), instant(ends_at)
    except ValueError:
        return unknown("bad_date", "a date of it cannot be read", at)
    if begins is not None and begins > at:
        return no("not_yet_valid", f"it begins {begins:%Y-%m-%d}", at)
    if ends is not None and ends <= at:
        return no("expired", f"it ended {ends:%Y-%m-%d}", at)
    return yes("in_force", f"it lasts until {ends:%Y-%m-%d}" if ends else "it has no end", at)


def instant(stated: Any) -> datetime | None:
    """An instant, UTC where no offset is stated; None of nothing.

    Raises: ValueError.
    """
    if stated is None:
        return None
    if not isinstance(stated, str):
        raise ValueError("not a date")  # noqa: TRY004 - it is one fault, whatever it is instead
    found = datetime.fromisoformat(stated)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
