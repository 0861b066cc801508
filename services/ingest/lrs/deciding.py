"""What a batch of the log leads to: rows for ClickHouse, in the order of the log. Pure; the writer carries it out.

Deciding again what was decided before gives the same rows: a statement whose stored row is of this very place in the
log keeps the `stored` that it has there, and a document changed at this place or later is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.ingest.lrs.canonical import merged
from services.ingest.lrs.completion import recorded
from services.ingest.lrs.frames import DocumentChange, DocumentKey, Frame, Statements, stated_by_id
from services.ingest.lrs.same import UNKNOWN, Stated, is_same, stated
from services.ingest.lrs.terms import activities_in, reference, terms_of

_encode = msgspec.json.Encoder().encode


class Stored(NamedTuple):
    """A statement that is in ClickHouse. Instants in microseconds since 1970."""

    stored: int
    stated: Stated
    version: int


class Document(NamedTuple):
    """A document that is in ClickHouse; `etag` "" when it was deleted."""

    etag: str
    version: int


@dataclass(frozen=True, slots=True)
class Past:
    """What ClickHouse has of all that a batch names."""

    statements: Mapping[tuple[str, UUID], Stored]
    documents: Mapping[tuple[str, DocumentKey], Document]
    activities: Mapping[tuple[str, str], dict[str, Any]]


class Taken(NamedTuple):
    """A statement that was taken, for its meaning: `stored` in microseconds since 1970."""

    tenant: str
    statement_id: UUID
    statement: dict[str, Any]
    stored: int


class Refused(NamedTuple):
    """The statements of a request that nobody waits for, and the one of them that contradicts what is there."""

    tenant: str
    statements: list[dict[str, Any]]
    statement_id: UUID


@dataclass(slots=True)
class Rows:
    """Rows by table, in the column order of migration 0004, and what was taken. Grows while a batch is decided."""

    ids: list[tuple[Any, ...]] = field(default_factory=list)
    statements: list[tuple[Any, ...]] = field(default_factory=list)
    attachments: list[tuple[Any, ...]] = field(default_factory=list)
    activities: list[tuple[Any, ...]] = field(default_factory=list)
    documents: list[tuple[Any, ...]] = field(default_factory=list)
    outcomes: list[tuple[Any, ...]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class Deciding:
    """Decides frames one after another. `now`: microseconds since 1970, later than every `stored` so far."""

    def __init__(self, past: Past, now: int) -> None:
        self._statements = dict(past.statements)
        self._documents = dict(past.documents)
        self._activities = dict(past.activities)
        self._changed: dict[tuple[str, str], int] = {}
        self.stored_through = now
        self.rows = Rows()

    def take(self, frame: Frame) -> None:
        """Decide the next frame."""
        if isinstance(frame.body, Statements):
            self._take_statements(frame, frame.body)
        else:
            self._take_change(frame, frame.body)

    def finish(self) -> Rows:
        """The rows, with one for every activity that is known better than before."""
        for (tenant, activity_id), version in self._changed.items():
            definition = _encode(self._activities[tenant, activity_id])
            self.rows.activities.append((tenant, activity_id, definition, version))
        return self.rows

    def _take_statements(self, frame: Frame, body: Statements) -> None:
        claims = [(UUID(bytes=each), claim) for each, claim in stated_by_id(frame.claims).items()]
        against = [each for each, claim in claims if self._contradicts(frame, each, claim)]
        if against:
            self.rows.outcomes.append((frame.tenant, UUID(frame.frame_id), 0))
            if not body.is_awaited:
                self.rows.refused.append(Refused(frame.tenant, body.statements, against[0]))
            return
        seen: set[UUID] = set()
        for statement in body.statements:
            statement_id = UUID(statement["id"])
            if statement_id not in seen:
                seen.add(statement_id)
                self._take_statement(frame, statement_id, statement, is_defining=body.is_defining)
        self.rows.attachments.extend(
            (frame.tenant, each.sha2, each.content_type, each.content, frame.version) for each in body.attachments
        )

    def _contradicts(self, frame: Frame, statement_id: UUID, claim: Stated) -> bool:
        earlier = self._statements.get((frame.tenant, statement_id))
        if earlier is None or earlier.version == frame.version or claim.digest == UNKNOWN:
            return False
        return not is_same(earlier.stated, claim)

    def _take_statement(
        self, frame: Frame, statement_id: UUID, statement: dict[str, Any], *, is_defining: bool
    ) -> None:
        earlier = self._statements.get((frame.tenant, statement_id))
        if earlier is not None and earlier.version != frame.version:
            return
        stored = earlier.stored if earlier else self._next_instant()
        said = stated(statement)
        said = Stated(said.digest, said.timestamp or stored)
        self._statements[frame.tenant, statement_id] = Stored(stored, said, frame.version)
        self.rows.ids.append((frame.tenant, statement_id, stored, said.timestamp, said.digest, frame.version))
        kept = recorded(statement, stored)
        target, is_voiding = reference(statement)
        row = (frame.tenant, stored, statement_id, terms_of(kept), target, is_voiding, _encode(kept), frame.version)
        self.rows.statements.append(row)
        self.rows.taken.append(Taken(frame.tenant, statement_id, kept, stored))
        if is_defining:
            self._learn(frame, statement)

    def _next_instant(self) -> int:
        self.stored_through += 1
        return self.stored_through

    def _learn(self, frame: Frame, statement: Mapping[str, Any]) -> None:
        for activity in activities_in(statement):
            if "definition" not in activity:
                continue
            key = (frame.tenant, activity["id"])
            before = self._activities.get(key, {})
            after = merged(before, activity["definition"])
            if after != before:
                self._activities[key] = after
                self._changed[key] = frame.version

    def _take_change(self, frame: Frame, change: DocumentChange) -> None:
        place = (frame.tenant, change.key)
        current = self._documents.get(place, Document("", 0))
        if current.version >= frame.version:
            return
        is_applied = current.etag == change.expected
        self.rows.outcomes.append((frame.tenant, UUID(frame.frame_id), int(is_applied)))
        if is_applied:
            self._documents[place] = Document(change.etag, frame.version)
            self.rows.documents.append(
                (
                    frame.tenant,
                    *msgspec.structs.astuple(change.key),
                    change.content,
                    change.content_type,
                    change.etag,
                    self._next_instant(),
                    frame.version,
                    int(not change.etag),
                )
            )


def named_statements(frames: Iterable[Frame]) -> set[tuple[str, UUID]]:
    """The statements that frames bring, by source and id."""
    return {
        (frame.tenant, UUID(each["id"]))
        for frame in frames
        if isinstance(frame.body, Statements)
        for each in frame.body.statements
    }


def named_documents(frames: Sequence[Frame]) -> set[tuple[str, DocumentKey]]:
    """The documents that frames change."""
    return {(frame.tenant, frame.body.key) for frame in frames if isinstance(frame.body, DocumentChange)}


def named_activities(frames: Iterable[Frame]) -> set[tuple[str, str]]:
    """The activities that frames say something about."""
    return {
        (frame.tenant, activity["id"])
        for frame in frames
        if isinstance(frame.body, Statements)
        for statement in frame.body.statements
        for activity in activities_in(statement)
        if "definition" in activity
    }
