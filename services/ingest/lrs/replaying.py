"""Statements read again, because the catalog has come to say what their activities are.

Most mappings need none of this: records keep the ids of their sources and are judged by the mappings of the day. But a
statement about something that is no achievement by itself (a video, a page) becomes no record until a mapping speaks of
it, and those of before are only in the record store. They are found here: what is a record with the mappings and none
without. Publishing such a record twice changes nothing, so a replay may be stopped and begun again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from schemas.records import Record
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings
from services.ingest.dialects.xapi.meaning import record_of
from services.ingest.lrs.sql import query
from services.runtime.clickhouse import Client, unavailable
from services.runtime.errors import Rejected

PAGE = 5_000
_NOBODY = UUID(int=0)


class Kept(NamedTuple):
    """A statement of the store that nothing voids."""

    tenant: str
    stored_at: int
    statement_id: UUID
    body: str


def kept_statements(client: Client, source: str = "") -> Iterator[list[Kept]]:
    """All statements of a source, or of all sources, page by page, oldest first.

    Raises: Unavailable.
    """
    last = Kept("", 0, _NOBODY, "")
    while True:
        place = {"tenant": last.tenant, "stored_at": last.stored_at, "statement_id": last.statement_id}
        with unavailable():
            answer = client.query(query("kept_statements"), parameters={**place, "source": source, "limit": PAGE})
        page = [Kept(*row) for row in answer.result_rows]
        if page:
            yield page
        if len(page) < PAGE:
            return
        last = page[-1]


def gained(statements: Iterable[Kept], meanings: Meanings) -> Iterator[tuple[str, Record]]:
    """The records, each with its source, that statements are because of the mappings alone; not settled yet."""
    for kept in statements:
        statement = msgspec.json.decode(kept.body)
        record = _meant(kept, statement, meanings)
        if record is not None and _meant(kept, statement, EMPTY_MEANINGS) is None:
            yield kept.tenant, record


def _meant(kept: Kept, statement: Mapping[str, Any], meanings: Meanings) -> Record | None:
    at = datetime.fromtimestamp(kept.stored_at / 1_000_000, UTC)
    try:
        return record_of(statement, kept.statement_id, source=kept.tenant, received_at=at, meanings=meanings)
    except Rejected:
        return None
