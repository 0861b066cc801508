"""The read side: what the store answers from ClickHouse, always of one source. Blocking: to be called in a thread.

Invariant: every query names its tenant.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.ingest.lrs.deciding import Document, Past, Stored
from services.ingest.lrs.familiar import BITS, FACTORS, OCTETS
from services.ingest.lrs.frames import Attachment, DocumentKey
from services.ingest.lrs.same import Stated
from services.ingest.lrs.sql import hexed, query
from services.runtime.clickhouse import Client, unavailable

LATEST = 9_000_000_000_000_000
"""An instant, in microseconds since 1970, beyond all that there is: in the year 2255."""
CHUNK = 4000
_decode = msgspec.json.Decoder().decode


class Found(NamedTuple):
    """One statement; `stored` in microseconds since 1970."""

    body: bytes
    stored: int
    is_voided: bool


class Page(NamedTuple):
    """Which statements are wanted: they have all terms, and were stored after `since` and not after `until`.

    Those that refer to such a one are wanted, too. `authority`: the term that all of them must have, if any.
    """

    terms: tuple[int, ...]
    since: int
    until: int
    is_ascending: bool
    limit: int
    authority: int | None = None


class StoredDocument(NamedTuple):
    """A document; `updated` in microseconds since 1970."""

    content: bytes
    content_type: str
    etag: str
    updated: int


class Listed(NamedTuple):
    """A document in a list."""

    document_id: str
    registration: str
    etag: str
    updated: int


class Progress(NamedTuple):
    """How far a partition of the log is in the tables; `stored_through` in microseconds since 1970."""

    next_offset: int
    stored_through: int


class Reading:
    """Asks ClickHouse. `connect` is called at the first question, and again after an error."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._client: Client | None = None

    def _rows(self, text: str, **parameters: Any) -> Sequence[Sequence[Any]]:
        try:
            with unavailable():
                self._client = self._client or self._connect()
                return self._client.query(text, parameters=parameters).result_rows
        except Exception:
            self._client = None
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()

    def progress(self, epoch: int) -> dict[int, Progress]:
        """How far each partition is.

        Raises: Unavailable, as everything here.
        """
        rows = self._rows(query("progress"), epoch=epoch)
        return {partition: Progress(offset, through) for partition, offset, through in rows}

    def statement(self, tenant: str, statement_id: UUID) -> Found | None:
        """A statement by its id."""
        rows = self._rows(query("statement_by_id"), tenant=tenant, statement_id=str(statement_id))
        return Found(_bytes(rows[0][0]), rows[0][1], bool(rows[0][2])) if rows else None

    def page(self, tenant: str, page: Page) -> list[Found]:
        """Statements in the order of their storing, and those that refer to one which matches."""
        order = "ASC" if page.is_ascending else "DESC"
        if page.terms or page.authority is not None:
            instants = self._instants(tenant, page, order)
            text = query("stored_at", order=order, instants=", ".join(map(_instant, instants)))
            rows = self._rows(text, tenant=tenant) if instants else ()
        else:
            edges = {"since": page.since, "until": page.until, "limit": page.limit}
            rows = self._rows(query("page_of_all", order=order), tenant=tenant, **edges)
        return [Found(_bytes(body), stored, is_voided=False) for body, stored in rows]

    def _instants(self, tenant: str, page: Page, order: str) -> list[int]:
        """When the statements of a page were stored: told these, ClickHouse reads the bodies and little else."""
        needed = page.terms if page.authority is None else (*page.terms, page.authority)
        term, *others = needed
        parameters = {"term": term, "since": page.since, "until": page.until, "limit": page.limit}
        if others:
            rows = self._rows(query("stored_by_terms", order=order), tenant=tenant, others=others, **parameters)
        else:
            rows = self._rows(query("stored_by_term", order=order), tenant=tenant, **parameters)
        found = {stored for (stored,) in rows}
        if page.terms:
            found.update(self._referring(tenant, page))
        return sorted(found, reverse=not page.is_ascending)[: page.limit]

    def _referring(self, tenant: str, page: Page) -> Sequence[int]:
        """When those statements were stored that refer, over any number of steps, to one that matches."""
        term, *others = page.terms
        found: dict[UUID, int] = {}
        rows = self._rows(query("referring"), tenant=tenant, term=term, others=others)
        while new := {each: stored for each, stored in rows if each not in found}:
            found.update(new)
            rows = self._rows(query("referring_to", ids=",".join(map(str, new))), tenant=tenant)
        voided = self.voided(tenant, found)
        stored = [s for each, s in found.items() if each not in voided and page.since < s <= page.until]
        return stored if page.authority is None else self._having(tenant, page.authority, stored)

    def _having(self, tenant: str, term: int, instants: Sequence[int]) -> Sequence[int]:
        """Which of the statements stored at some instants have a term."""
        if not instants:
            return ()
        text = query("stored_having", instants=", ".join(map(_instant, instants)))
        return [stored for (stored,) in self._rows(text, tenant=tenant, term=term)]

    def voided(self, tenant: str, ids: Iterable[UUID]) -> set[UUID]:
        """Which of the statements are voided."""
        return {
            each
            for chunk in _chunks(ids)
            for (each,) in self._rows(query("voided", ids=",".join(map(str, chunk))), tenant=tenant)
        }

    def attachments(self, tenant: str, digests: Iterable[str]) -> list[Attachment]:
        """The data of attachments, by the SHA-2 of it."""
        wanted = hexed(sorted(set(digests)))
        rows = self._rows(query("attachments", ids=wanted), tenant=tenant) if wanted else ()
        return [Attachment(sha2, content_type, b64decode(content)) for sha2, content_type, content in rows]

    def definitions(self, tenant: str, activity_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Canonical definitions by activity id, of those that were ever defined."""
        wanted = {(tenant, each) for each in activity_ids}
        return {activity_id: definition for (_, activity_id), definition in self._definitions(wanted).items()}

    def document(self, tenant: str, key: DocumentKey) -> StoredDocument | None:
        """A document."""
        rows = self._rows(query("document"), tenant=tenant, **msgspec.structs.asdict(key))
        return StoredDocument(b64decode(rows[0][0]), *rows[0][1:]) if rows else None

    def documents(self, tenant: str, key: DocumentKey, *, any_registration: bool, since: int) -> list[Listed]:
        """The documents that share all of the key but the id, changed after `since`."""
        parameters = {name: part for name, part in msgspec.structs.asdict(key).items() if name != "document_id"}
        rows = self._rows(
            query("documents"), tenant=tenant, any_registration=int(any_registration), since=since, **parameters
        )
        return [Listed(*row) for row in rows]

    def is_applied(self, tenant: str, frame_id: UUID) -> bool | None:
        """Whether the change of that message was applied; None when it was not decided yet."""
        rows = self._rows(query("outcome"), tenant=tenant, frame_id=str(frame_id))
        return bool(rows[0][0]) if rows else None

    def familiar(self) -> bytes:
        """The flags of `Familiar` of all ids that are stored."""
        first, second, third = map(str, FACTORS)
        places = {"first": first, "second": second, "third": third, "shift": str(64 - BITS)}
        with unavailable():
            self._client = self._client or self._connect()
            return bytes(self._client.raw_query(query("familiar", words=str(OCTETS // 8), **places), fmt="RowBinary"))

    def stated(self, tenant: str, ids: Iterable[bytes]) -> dict[bytes, Stated]:
        """What is compared, of those statements that are stored."""
        known = self.statements({(tenant, UUID(bytes=each)) for each in ids})
        return {statement_id.bytes: stored.stated for (_, statement_id), stored in known.items()}

    def statements(self, wanted: set[tuple[str, UUID]]) -> dict[tuple[str, UUID], Stored]:
        """Those of the statements that are stored."""
        found: dict[tuple[str, UUID], Stored] = {}
        for chunk in _chunks(sorted(wanted)):
            ids = ",".join(str(each) for _, each in chunk)
            for tenant, each, stored, timestamp, digest, version in self._rows(
                query("known_statements", tenants=_tenants(chunk), ids=ids)
            ):
                found[tenant, each] = Stored(stored, Stated(bytes.fromhex(digest), timestamp), version)
        return found

    def past(
        self,
        statements: set[tuple[str, UUID]],
        documents: set[tuple[str, DocumentKey]],
        activities: set[tuple[str, str]],
    ) -> Past:
        """All that deciding a batch takes."""
        return Past(self.statements(statements), self._documents(documents), self._definitions(activities))

    def _documents(self, wanted: set[tuple[str, DocumentKey]]) -> dict[tuple[str, DocumentKey], Document]:
        found: dict[tuple[str, DocumentKey], Document] = {}
        for chunk in _chunks(sorted(wanted, key=lambda each: each[0])):
            ids = hexed(key.document_id for _, key in chunk)
            for tenant, *parts, etag, version in self._rows(query("known_documents", tenants=_tenants(chunk), ids=ids)):
                found[tenant, DocumentKey(*parts)] = Document(etag, version)
        return found

    def _definitions(self, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for chunk in _chunks(sorted(wanted), 500):
            ids = hexed(activity_id for _, activity_id in chunk)
            for tenant, activity_id, definition in self._rows(query("definitions", tenants=_tenants(chunk), ids=ids)):
                found[tenant, activity_id] = _decode(definition)
        return found


def _chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _instant(microseconds: int) -> str:
    return f"fromUnixTimestamp64Micro({microseconds}, 'UTC')"


def _tenants(named: Iterable[tuple[str, Any]]) -> str:
    return hexed(sorted({tenant for tenant, _ in named}))


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value
