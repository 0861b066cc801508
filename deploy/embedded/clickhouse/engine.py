"""Runs queries on chDB: the answer's bytes, its format, and what ClickHouse's summary header counts."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.embedded.clickhouse.errors import READONLY, SYNTAX_ERROR, refusal
from deploy.embedded.clickhouse.handles import Handle, Pool, Sessions
from deploy.embedded.clickhouse.request import ExternalTable, Query
from deploy.embedded.clickhouse.statements import Insert, format_of, identifier, insert_of

READ_ONLY_MESSAGE = (
    "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. "
    "You should use method POST for modifying queries."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement's outcome; `format` is empty where the statement gives no rows."""

    body: bytes
    format: str
    read_rows: int
    read_bytes: int
    written_rows: int
    written_bytes: int
    elapsed_seconds: float

    def summary(self) -> str:
        """The X-ClickHouse-Summary header."""
        return json.dumps(
            {
                "read_rows": str(self.read_rows),
                "read_bytes": str(self.read_bytes),
                "written_rows": str(self.written_rows),
                "written_bytes": str(self.written_bytes),
                "total_rows_to_read": "0",
                "result_rows": str(self.written_rows),
                "result_bytes": str(self.written_bytes),
                "elapsed_ns": str(int(self.elapsed_seconds * 1e9)),
            }
        )


class Engine:
    """The data folder, opened; `answer` may be called from many threads."""

    def __init__(self, path: Path, handles: int) -> None:
        chdb = _load_chdb()

        def connect() -> Handle:
            return Handle(chdb.connect(str(path)))

        # One connection is kept for the engine's life: chDB shuts the engine down when the last one is closed.
        self._keeper = connect()
        self._pool = Pool(connect, handles)
        self._sessions = Sessions(connect)
        self.version, self.timezone = self._keeper.run("SELECT version(), timezone()").bytes().decode().split()

    def answer(self, query: Query) -> Answer:
        """Run the query.

        Raises: ClickHouseError.
        """
        with self._handle(query) as handle:
            handle.use(query.database, query.settings)
            insert = insert_of(query.sql)
            if insert is not None and query.may_write:
                return _pushed(handle, insert)
            return _executed(handle, query)

    def close(self) -> None:
        """Close every connection, and with the last one the engine."""
        self._sessions.close()
        self._pool.close()
        self._keeper.close()

    @contextmanager
    def _handle(self, query: Query) -> Iterator[Handle]:
        if query.session is None:
            with self._pool.handle(query.database, query.settings) as handle:
                yield handle
        else:
            with self._sessions.handle(query.session) as handle:
                yield handle


def _load_chdb() -> Any:
    """The library without Arrow, which the front never asks for and which takes longer to import than the rest."""
    sys.modules.setdefault("pyarrow", None)  # type: ignore[arg-type]
    import chdb  # noqa: PLC0415

    return chdb


def _pushed(handle: Handle, insert: Insert) -> Answer:
    """An INSERT whose rows came in the request, read by the engine from a file in memory.

    Never chDB's `send_insert`: its `finish` reports success when a constraint or a materialized view failed the insert.
    """
    started = time.perf_counter()
    with _file_of(insert.data) as path:
        result = handle.run(insert.reading(path))
    return Answer(b"", "", 0, 0, result.rows_written(), result.bytes_written(), time.perf_counter() - started)


@contextmanager
def _file_of(data: bytes) -> Iterator[str]:
    """The path of a file with this content: in memory on Linux, on disk elsewhere."""
    if sys.platform != "linux":
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            yield file.name
        return
    number = os.memfd_create("insert")
    try:
        with open(number, "wb", closefd=False) as file:
            file.write(data)
        yield f"/proc/self/fd/{number}"
    finally:
        os.close(number)


def _executed(handle: Handle, query: Query) -> Answer:
    sql = _text(query.sql)
    reads_only = _check(handle, sql, may_write=query.may_write)
    with ExitStack() as tables:
        for table in query.tables:
            tables.enter_context(_external(handle, table))
        asked = format_of(query.sql) or query.format
        result = handle.run(sql, asked, query.parameters)
        body = bytes(result.bytes() or b"")
    return Answer(
        body,
        asked if reads_only or body else "",
        result.storage_rows_read(),
        result.storage_bytes_read(),
        result.rows_written(),
        result.bytes_written(),
        result.elapsed(),
    )


def _check(handle: Handle, sql: str, *, may_write: bool) -> bool:
    """Whether the statement only reads.

    Raises: ClickHouseError for several statements at once, one that does not parse, and a write by GET.
    """
    kind, statements = handle.classify(sql)
    if statements > 1:
        raise refusal(SYNTAX_ERROR, "Syntax error (Multi-statements are not allowed)")
    if kind == "UNKNOWN":
        handle.run("EXPLAIN AST " + sql)  # the engine says where
    if kind != "READ_ONLY" and not may_write:
        raise refusal(READONLY, READ_ONLY_MESSAGE)
    return kind == "READ_ONLY"


@contextmanager
def _external(handle: Handle, table: ExternalTable) -> Iterator[None]:
    name = identifier(table.name)
    handle.run(f"CREATE TEMPORARY TABLE {name} ({table.columns})")
    try:
        _pushed(handle, Insert(f"INSERT INTO {name}", "", table.format, table.rows))
        yield
    finally:
        handle.run(f"DROP TEMPORARY TABLE IF EXISTS {name}")


def _text(sql: bytes) -> str:
    try:
        return sql.decode()
    except UnicodeDecodeError as error:
        raise refusal(SYNTAX_ERROR, f"the query is not UTF-8 at byte {error.start}") from None
