"""The newest check of each credential, and credentials as they were sent, in ClickHouse. Blocking, so for a thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
NOTHING = UUID(int=0)
START = ("", NOTHING)
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

    def unchecked(self, before: datetime) -> list[Sent]:
        """Some credentials that came before an instant and were never checked. Raises: Unavailable."""
        return self._sent("credentials_unchecked", {"before": before, "most": PAGE})

    def pass_over(self, digests: Iterable[str], at: datetime) -> None:
        """Note that credentials were looked at of which no award was made. Raises: Unavailable."""
        rows = [(digest, NOTHING, "", "", at, _version(at)) for digest in sorted(set(digests))]
        with unavailable():
            if rows:
                self._client.insert("verifications", rows, column_names=list(COLUMNS))

    def sent(self, digests: Iterable[str]) -> list[Sent]:
        """The credentials with these digests as they were sent, one for each source. Raises: Unavailable."""
        asked: Mapping[str, Any] = {"digests": sorted(set(digests))}
        return self._sent("credentials_of", asked) if asked["digests"] else []

    def _sent(self, query: str, parameters: Mapping[str, Any]) -> list[Sent]:
        formats: dict[str, str | dict[str, str]] = {"content": "bytes"}
        with unavailable():
            rows = self._client.query(sql(query), parameters=dict(parameters), column_formats=formats).result_rows
        return [Sent(*row) for row in rows]


def _row(check: Kept) -> tuple[Any, ...]:
    at, record_id = check.record.checked_at, check.record.verified_record_id
    return check.digest, record_id, written(check.record), _encode(check.asked), at, _version(at)


def _version(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
