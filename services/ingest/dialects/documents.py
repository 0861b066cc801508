"""A payload that must be one JSON object."""

from __future__ import annotations

from typing import Any

from services.ingest.dialects.forms import json_type
from services.ingest.documents import decoded
from services.runtime.errors import Rejected


def object_in(payload: bytes) -> dict[str, Any]:
    """The object.

    Raises: Rejected with code `invalid_json` or `wrong_type`.
    """
    document = decoded(payload)
    if not isinstance(document, dict):
        raise Rejected.because("wrong_type", f"this must be one JSON object, not {json_type(document)}")
    return document
