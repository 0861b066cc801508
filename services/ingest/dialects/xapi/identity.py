"""The id of a statement: its own, or one made of its content, so that a retry is not a second fact.

Apart from `meaning` because every statement needs an id, and only some are learning records. Moodle never sends ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha1
from typing import Any
from uuid import UUID

import msgspec

from services.ingest.dialects.xapi.forms import parse_instant

# WARNING: a change to this namespace or to `_content` gives every statement without an id another one, so that a
# producer that sends its history again is counted twice.
_NAMESPACE = UUID("3c7f4f4e-3d7b-5f60-9d0f-6f4f0b5a7f5e")
_NOT_CONTENT = frozenset(("id", "stored", "authority", "version"))
_encode = msgspec.json.Encoder(order="sorted").encode


def statement_id(statement: Mapping[str, Any], source: str) -> UUID:
    """The id of a valid statement of a source; the same content of the same source gives the same id.

    What a record store sets does not count, nor how the timestamp is written, nor the order of members.
    Source: xAPI 1.0.3 Data 2.4.1 and 2.3.1 (statement immutability, what comparison ignores).
    """
    stated = statement.get("id")
    if stated is not None:
        return UUID(stated)
    digest = sha1(_NAMESPACE.bytes + _content(statement, source), usedforsecurity=False).digest()
    return UUID(bytes=digest[:16], version=5)


def _content(statement: Mapping[str, Any], source: str) -> bytes:
    content = {name: member for name, member in statement.items() if name not in _NOT_CONTENT}
    if "timestamp" in content:
        content["timestamp"] = parse_instant(content["timestamp"])
    return _encode([source, content])
