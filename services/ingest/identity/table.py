"""The tables of who is behind a pseudonym: rows in, rows out. Blocking: to be called in a thread.

Every query reads `FINAL`, as an account that was forgotten a moment ago must not be read again. Nothing here opens what
is sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from services.ingest.identity.introductions import Introduction
from services.ingest.queries import sql
from services.runtime.clickhouse import Client, unavailable

_COLUMNS = ("kind", "worker_id", "sealed", "key_id", "source", "seen_at", "version", "is_deleted")
_TYPES = ("String", "String", "String", "String", "String", "DateTime64(6, 'UTC')", "UInt64", "UInt8")
ADDRESSES, HASHES = "mbox", "identity_hash"
_BLOCK = 20_000
_BYTES = {"String": "bytes"}


class Earlier(NamedTuple):
    """An account that is sealed under another key than the one in force, and what else its row has."""

    kind: str
    worker_id: str
    sealed: bytes
    key_id: str
    source: str
    seen_at: datetime


class Sealed(NamedTuple):
    """An account, sealed, of a worker id."""

    kind: str
    worker_id: str
    sealed: bytes


class IdentityTable:
    """The tables, by a client of their own."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def introduce(self, introductions: Iterable[Introduction]) -> None:
        """Keep these. Raises: Unavailable."""
        rows = [
            (said.kind, said.worker_id, said.sealed, said.key_id, said.source, said.seen_at, _version(said.seen_at), 0)
            for said in introductions
        ]
        self._insert("identities", rows, _COLUMNS)

    def addresses(self) -> Iterator[Sequence[Sealed]]:
        """Every address that is known, sealed, in blocks. Raises: Unavailable."""
        return self._blocks("addresses", ADDRESSES)

    def unmatched_hashes(self) -> Iterator[Sequence[Sealed]]:
        """Every hashed identifier that was not matched with an address yet, in blocks. Raises: Unavailable."""
        return self._blocks("unmatched_hashes", HASHES)

    def note_matches(self, matches: Iterable[tuple[str, str]]) -> None:
        """Note which worker id of a hash belongs to which worker id of an address. Raises: Unavailable."""
        self._insert("identity_matches", list(matches), ("hash_worker_id", "worker_id"))

    def of_workers(self, workers: Sequence[str], until: datetime) -> list[Sealed]:
        """What is known of these workers since before `until`. Raises: Unavailable."""
        with unavailable():
            found = self._client.query(
                sql("of_workers"), parameters={"workers": list(workers), "until": until}, query_formats=_BYTES
            )
        return [Sealed(_text(kind), _text(worker_id), sealed) for kind, worker_id, sealed in found.result_rows]

    def left(self, key_id: str) -> int:
        """How many accounts are sealed under another key than this. Raises: Unavailable."""
        with unavailable():
            return int(self._client.query(sql("identities_left"), parameters={"key_id": key_id}).result_rows[0][0])

    def earlier(self, key_id: str, after: tuple[str, str], limit: int) -> list[Earlier]:
        """Those accounts, by kind and worker id, after one of them. Raises: Unavailable."""
        kind, worker_id = after
        asked = {"key_id": key_id, "kind": kind, "worker_id": worker_id, "limit": limit}
        with unavailable():
            rows = self._client.query(sql("identities_to_move"), parameters=asked, query_formats=_BYTES).result_rows
        return [
            Earlier(_text(kind), _text(worker_id), sealed, _text(key_id), _text(source), seen_at)
            for kind, worker_id, sealed, key_id, source, seen_at in rows
        ]

    def take_out(self, rows: Iterable[Earlier]) -> None:
        """Take exactly these out, and nothing that came since under the same name. Raises: Unavailable."""
        gone = [(row.kind, row.worker_id, b"", "", "", row.seen_at, _version(row.seen_at) + 1, 1) for row in rows]
        self._insert("identities", gone, _COLUMNS)

    def forget(self, known: Iterable[Sealed], until: datetime) -> None:
        """Take these out: for whoever asks at once, off the disk when parts are merged. Raises: Unavailable."""
        rows = [(each.kind, each.worker_id, b"", "", "", until, _version(until), 1) for each in known]
        self._insert("identities", rows, _COLUMNS)

    def _insert(self, table: str, rows: Sequence[Sequence[object]], columns: Sequence[str]) -> None:
        if rows:
            types = _TYPES if columns is _COLUMNS else None
            with unavailable():
                self._client.insert(table, rows, column_names=list(columns), column_type_names=types and list(types))

    def _blocks(self, query: str, kind: str) -> Iterator[Sequence[Sealed]]:
        block: list[Sealed] = []
        with (
            unavailable(),
            self._client.query_rows_stream(sql(query), parameters={"kind": kind}, query_formats=_BYTES) as rows,
        ):
            for worker_id, sealed in rows:
                block.append(Sealed(kind, _text(worker_id), sealed))
                if len(block) == _BLOCK:
                    yield block
                    block = []
        yield block


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.decode()


def _version(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
