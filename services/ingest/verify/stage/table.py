"""The newest check of each credential, and credentials as they were sent, in ClickHouse. Blocking, so for a thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from schemas.records import Verification
from services.ingest.queries import sql
from services.ingest.verify.documents import Document
from services.ingest.verify.stage.sent import Sent
from services.ingest.verify.stage.stating import read, written
from services.runtime.clickhouse import Client, unavailable

COLUMNS = ("digest", "record_id", "record", "asked", "checked_at", "version")
PAGE = 1_000
START = ("", UUID(int=0))
_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(dict[str, Any]).decode


class Kept(NamedTuple):
    """The last check of one award's credential, and the members that it is asked of again."""

    digest: str
    record: Verification
    asked: Document


class CheckTable:
    """The tables, by a client of their own."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def write(self, checks: Iterable[Kept]) -> None:
        """Keep checks in the place of earlier ones. Doing it twice changes nothing. Raises: Unavailable."""
        rows = [_row(each) for each in checks]
        with unavailable():
            if rows:
                self._client.insert("verifications", rows, column_names=list(COLUMNS))

    def pages(self) -> Iterator[Sequence[Kept]]:
        """All that is kept, some at a time. Raises: Unavailable."""
        digest, record_id = START
        while True:
            after = {"digest": digest, "record_id": record_id, "most": PAGE}
            with unavailable():
                rows = self._client.query(sql("verifications_next"), parameters=after).result_rows
            if not rows:
                return
            yield [Kept(row[0], read(row[2]), _decode(row[3])) for row in rows]
            digest, record_id = rows[-1][:2]

    def sent(self, digests: Iterable[str]) -> list[Sent]:
        """The credentials with these digests as they were sent, one for each source. Raises: Unavailable."""
        asked = sorted(set(digests))
        if not asked:
            return []
        with unavailable():
            rows = self._client.query(
                sql("credentials_of"), parameters={"digests": asked}, column_formats={"content": "bytes"}
            ).result_rows
        return [Sent(*row) for row in rows]


def _row(check: Kept) -> tuple[Any, ...]:
    checked_at: datetime = check.record.checked_at
    version = int(checked_at.timestamp() * 1_000_000)
    record_id = check.record.verified_record_id
    return check.digest, record_id, written(check.record), _encode(check.asked), checked_at, version
