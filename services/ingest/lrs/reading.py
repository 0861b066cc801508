"""The read side: what the store answers from ClickHouse, always of one source. Blocking: to be called in a thread.

Invariant: every query names its tenant.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
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
PATIENCE = 12_000
"""After so many statements that have the most selective term but not all others, ClickHouse looks for all at once."""
ASIDE = 8
"""Questions that are asked beside others at once, over all pages."""
FEW = 50
"""So many references are followed one by one."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


class _Look(NamedTuple):
    """Ids of statements that match, and when they were stored.

    `edge`: when the last that was looked at was stored, None when there are no more; `limit`: how many were asked for;
    `seen`: how many were, with those of the looks before.
    """

    matching: Sequence[Any]
    edge: int | None
    limit: int
    seen: int


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
        self._aside = ThreadPoolExecutor(ASIDE, "xapi-reading")
        self._referred: set[str] = set()
        """Tenants of whom it is known that a statement of theirs refers to another."""

    def _rows(self, text: str, **parameters: Any) -> Sequence[Any]:
        try:
            with unavailable():
                self._client = self._client or self._connect()
                return self._client.query(text, parameters=parameters).result_rows
        except Exception:
            self._client = None
            raise

    def close(self) -> None:
        """Close the connection."""
        self._aside.shutdown()
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
        """Statements in the order of their storing, and those that refer to one which matches.

        Several small questions, as each of them asks for few rows by their key: one question for all takes several
        times as long. When statements were stored comes first: told these instants, ClickHouse reads the bodies and
        little else. Which of those that match first are voided, what refers to them, and their bodies are asked at
        once; where some are voided, what refers to the others is asked again.
        """
        first = self._looked(tenant, page, page.since, page.until, page.limit, 0)
        likely = {stored for _, stored in first.matching}
        bodies = self._aside.submit(self._bodies, tenant, sorted(likely))
        referring = self._aside.submit(self._referring, tenant, page, likely)
        found = self._matching(tenant, page, first)
        found.update(referring.result() if found == likely else self._referring(tenant, page, found))
        instants = sorted(found, reverse=not page.is_ascending)[: page.limit]
        known = bodies.result()
        known.update(self._bodies(tenant, [each for each in instants if each not in known]))
        return [Found(_bytes(known[each]), each, is_voided=False) for each in instants if each in known]

    def _matching(self, tenant: str, page: Page, look: _Look) -> set[int]:
        """When the first statements that match, and are not voided, were stored; `look` is the first look."""
        found: set[int] = set()
        while True:
            matching = look.matching
            voided = self.voided(tenant, (each for each, _ in matching)) if self._has_references(tenant) else ()
            found.update(stored for each, stored in matching if each not in voided)
            if look.edge is None or len(found) >= page.limit:
                return found
            since, until = (look.edge, page.until) if page.is_ascending else (page.since, look.edge - 1)
            look = self._looked(tenant, page, since, until, min(look.limit * 4, CHUNK), look.seen)

    def _looked(self, tenant: str, page: Page, since: int, until: int, limit: int, seen: int) -> _Look:
        """A look for statements that match, after `seen` that had the first term."""
        terms = page.terms if page.authority is None else (*page.terms, page.authority)
        rows = self._match(tenant, page, terms, is_patient=seen < PATIENCE, since=since, until=until, limit=limit)
        stored = {stored for _, stored in rows}
        for term in terms[1:] if seen < PATIENCE else ():
            stored = set(self._having(tenant, term, stored))
        edge = rows[-1][1] if len(rows) == limit else None
        return _Look([row for row in rows if row[1] in stored], edge, limit, seen + limit)

    def _match(self, tenant: str, page: Page, terms: Sequence[int], *, is_patient: bool, **edges: int) -> Sequence[Any]:
        """Ids of statements that have the first term and when they were stored; without patience, that have all."""
        order = "ASC" if page.is_ascending else "DESC"
        if not terms:
            return self._rows(query("matching_all", order=order), tenant=tenant, **edges)
        term, *others = terms
        if is_patient or not others:
            return self._rows(query("matching_term", order=order), tenant=tenant, term=term, **edges)
        return self._rows(query("matching_terms", order=order), tenant=tenant, term=term, others=others, **edges)

    def _bodies(self, tenant: str, instants: Sequence[int]) -> dict[int, str | bytes]:
        """Bodies of statements by when they were stored."""
        if not instants:
            return {}
        rows = self._rows(query("stored_at", instants=_literals(map(_instant, instants))), tenant=tenant)
        return {stored: body for body, stored in rows}

    def _has_references(self, tenant: str) -> bool:
        """Whether any statement refers to another, by which others are voided or found as well."""
        if tenant not in self._referred and self._rows(query("any_reference"), tenant=tenant):
            self._referred.add(tenant)
        return tenant in self._referred

    def _referring(self, tenant: str, page: Page, matching: Collection[int]) -> Sequence[int]:
        """When those statements were stored that refer, over any number of steps, to one that matches.

        Where few statements of the page's stretch refer to anything, these are followed to what they refer to;
        otherwise all that match are followed to what refers to them.
        """
        if not page.terms or not self._has_references(tenant):
            return ()
        since, until = page.since, page.until
        if len(matching) >= page.limit:
            edge = sorted(matching, reverse=not page.is_ascending)[page.limit - 1]
            since, until = (since, edge) if page.is_ascending else (edge, until)
        near = self._rows(query("references_within"), tenant=tenant, since=since, until=until, limit=FEW + 1)
        if len(near) > FEW:
            found = self._all_referring(tenant, page)
        else:
            targets = self._targets(tenant, {each: target for each, target, _ in near})
            hits = self._with_terms(tenant, page.terms, set(targets.values()))
            found = {each: stored for each, _, stored in near if hits.intersection(_chain(each, targets))}
        voided = self.voided(tenant, found)
        stored = [s for each, s in found.items() if each not in voided and since < s <= until]
        return stored if page.authority is None else self._having(tenant, page.authority, stored)

    def _targets(self, tenant: str, targets: dict[UUID, UUID]) -> dict[UUID, UUID]:
        """What statements refer to, and what these refer to, and so on."""
        found = dict(targets)
        while reached := set(targets.values()) - found.keys():
            text = query("targets_of", ids=_literals(reached))
            targets = dict(self._rows(text, tenant=tenant))
            found.update(targets)
        return found

    def _with_terms(self, tenant: str, terms: Sequence[int], ids: Iterable[UUID]) -> set[UUID]:
        """Which of some statements have all terms."""
        known = {stored.stored: each for (_, each), stored in self.statements({(tenant, each) for each in ids}).items()}
        matching: Collection[int] = known.keys()
        for term in terms:
            matching = self._having(tenant, term, matching)
        return {known[stored] for stored in matching}

    def _all_referring(self, tenant: str, page: Page) -> dict[UUID, int]:
        found: dict[UUID, int] = {}
        reached = self._referenced(tenant, page.terms)
        while reached:
            new = {
                each: stored
                for chunk in _chunks(reached)
                for each, stored in self._rows(query("referring_to", ids=_literals(chunk)), tenant=tenant)
                if each not in found
            }
            found.update(new)
            reached = list(new)
        return found

    def _referenced(self, tenant: str, terms: Sequence[int]) -> list[UUID]:
        """Which of the statements that match are referred to."""
        term, *others = terms
        if others:
            rows = self._rows(query("referenced_terms"), tenant=tenant, term=term, others=others)
        else:
            rows = self._rows(query("referenced"), tenant=tenant, term=term)
        return [each for (each,) in rows]

    def _having(self, tenant: str, term: int, instants: Collection[int]) -> Sequence[int]:
        """Which of the statements stored at some instants have a term."""
        if not instants:
            return ()
        text = query("stored_having", instants=_literals(map(_instant, instants)))
        return [stored for (stored,) in self._rows(text, tenant=tenant, term=term)]

    def voided(self, tenant: str, ids: Iterable[UUID]) -> set[UUID]:
        """Which of the statements are voided. One that voids another never is."""
        return {
            each
            for chunk in _chunks(ids)
            if (targets := self._ids("voided", tenant, chunk))
            for each in targets - self._ids("voiding", tenant, targets)
        }

    def _ids(self, name: str, tenant: str, ids: Iterable[UUID]) -> set[UUID]:
        return {each for (each,) in self._rows(query(name, ids=_literals(ids)), tenant=tenant)}

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


def _chain(statement_id: UUID, targets: Mapping[UUID, UUID]) -> Iterator[UUID]:
    """What a statement refers to, step by step."""
    seen = {statement_id}
    target = targets.get(statement_id)
    while target is not None and target not in seen:
        seen.add(target)
        yield target
        target = targets.get(target)


def _instant(microseconds: int) -> str:
    return f"{EPOCH + timedelta(microseconds=microseconds):%Y-%m-%d %H:%M:%S.%f}"


def _literals(values: Iterable[UUID | str]) -> str:
    """Literals, as ClickHouse takes longer to work out a hundred calls than to find a hundred rows."""
    return ", ".join(f"'{each}'" for each in values)


def _tenants(named: Iterable[tuple[str, Any]]) -> str:
    return hexed(sorted({tenant for tenant, _ in named}))


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value
