"""The id of a statement: its own, or one made of its content, so that a retry is not a second fact.

Apart from `meaning` because every statement needs an id, and only some are learning records. Moodle never sends ids.

A statement that does not say when it happened cannot tell a retry from the next time that the same happens. It is told
by the day of its arrival: equal ones of one day are one fact, but for those of one request, which are as many as they
are; equal ones of two days are two facts (a course completed every year without a timestamp is completed every year).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from hashlib import sha1
from typing import Any
from uuid import UUID

import msgspec

from services.ingest.dialects.xapi.forms import parse_instant

# WARNING: a change to this namespace or to `_content` gives every statement without an id another one, so that a
# producer that sends its history again is counted twice.
_NAMESPACE = UUID("3c7f4f4e-3d7b-5f60-9d0f-6f4f0b5a7f5e").bytes
_NOT_CONTENT = frozenset(("id", "stored", "authority", "version"))
_encode = msgspec.json.Encoder(order="sorted").encode


class Naming:
    """Names the valid statements of one request of a source that arrived on a day, one after another.

    The same content of the same source has the same id. What a record store sets does not count, nor how the timestamp
    is written, nor the order of members.
    Source: xAPI 1.0.3 Data 2.4.1 and 2.3.1 (statement immutability, what comparison ignores).
    """

    def __init__(self, source: str, day: date) -> None:
        self._source = source
        self._day = day
        self._untimed: Counter[bytes] = Counter()

    def name(self, statement: Mapping[str, Any]) -> UUID:
        """The id of the next statement; one without id and timestamp gets another one each time."""
        stated = statement.get("id")
        if stated is not None:
            return UUID(stated)
        content = {name: member for name, member in statement.items() if name not in _NOT_CONTENT}
        if "timestamp" in content:
            content["timestamp"] = parse_instant(content["timestamp"])
            return UUID(bytes=id_made_of(_encode([self._source, content])))
        return self._next_of(_encode([self._source, content, self._day]))

    def _next_of(self, content: bytes) -> UUID:
        before = self._untimed[content]
        self._untimed[content] += 1
        return UUID(bytes=id_made_of(content + b" %d" % before if before else content))


def id_made_of(content: bytes) -> bytes:
    """The 16 octets of the UUID (version 5) of some content."""
    made = bytearray(sha1(_NAMESPACE + content, usedforsecurity=False).digest()[:16])
    made[6] = made[6] & 0x0F | 0x50
    made[8] = made[8] & 0x3F | 0x80
    return bytes(made)


def text_of(statement_id: bytes) -> str:
    """The 16 octets of a UUID as text."""
    digits = statement_id.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
