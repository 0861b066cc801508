"""chDB connections: each is a ClickHouse session with its own settings, current database and temporary tables.

Queries without a session take a handle from a pool, the one that needs the fewest changes; a named session keeps a
handle of its own until it has been idle for its time. A handle is used by one thread at a time.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from deploy.embedded.clickhouse.errors import SESSION_IS_LOCKED, SESSION_NOT_FOUND, from_engine, refusal
from deploy.embedded.clickhouse.request import Session
from deploy.embedded.clickhouse.statements import identifier, quoted

# Where chDB's defaults differ from a server's.
AS_ON_A_SERVER: Mapping[str, str] = {"implicit_select": "0", "allow_introspection_functions": "0"}
MOST_SESSIONS = 128


class Handle:
    """One connection, and what has been set on it so far."""

    def __init__(self, connection: Any) -> None:
        self._owner = connection  # closes the raw connection when it is collected
        self._connection = connection._conn  # noqa: SLF001 - the raw one takes a format and parameters, and can classify
        self._database = "default"
        self._settings: dict[str, str] = {}
        self._set([f"{name} = {value}" for name, value in AS_ON_A_SERVER.items()])

    def changes_needed(self, database: str, settings: Mapping[str, str]) -> int:
        """How many statements `use` would run; 0 for a handle that is just right."""
        return (database != self._database) + 2 * (settings != self._settings)

    def fits(self, settings: Mapping[str, str]) -> bool:
        """Whether `use` can set these: a handle that was made read-only can never be anything else."""
        return self._settings.get("readonly", "0") == "0" or settings == self._settings

    def use(self, database: str, settings: Mapping[str, str]) -> None:
        """Make these the database and the settings, and every other setting as a server has it.

        Raises: ClickHouseError for an unknown database or setting; the handle is then as if new.
        """
        if database != self._database:
            self.run(f"USE {identifier(database)}")
            self._database = database
        if settings == self._settings:
            return
        wanted = [f"{name} = {quoted(value)}" for name, value in settings.items() if self._settings.get(name) != value]
        dropped = [_as_before(name) for name in self._settings if name not in settings]
        try:
            self._set(wanted + dropped)
        except BaseException:
            self._forget({*self._settings, *settings})
            raise
        self._settings = dict(settings)

    def run(self, sql: str, format: str = "TSV", parameters: Mapping[str, str] | None = None) -> Any:  # noqa: A002
        """Run one statement; the answer is chDB's result.

        Raises: ClickHouseError.
        """
        try:
            result = self._connection.query(sql, format, params=dict(parameters or {}))
        except RuntimeError as error:
            raise from_engine(error) from None
        if result.has_error():
            raise from_engine(RuntimeError(result.error_message()))
        return result

    def classify(self, sql: str) -> tuple[str, int]:
        """The statement's class (READ_ONLY, MUTATING, CONTROL ... or UNKNOWN) and how many statements there are."""
        answer = self._connection.classify_query(sql)
        return answer["query_class"].name, answer["statement_count"]

    def close(self) -> None:
        """Give the connection back to the engine."""
        self._owner.close()

    def _set(self, changes: list[str]) -> None:
        if changes:
            self.run("SET " + ", ".join(changes))

    def _forget(self, names: set[str]) -> None:
        for name in names:
            try:
                self._set([_as_before(name)])
            except Exception:  # noqa: BLE001, S112 - one of them is the setting that does not exist
                continue
        self._settings = {}


def _as_before(name: str) -> str:
    return f"{name} = {AS_ON_A_SERVER.get(name, 'DEFAULT')}"


class Pool:
    """At most `size` handles at work for queries without a session, and as many kept; waits when all are in use."""

    def __init__(self, connect: Callable[[], Handle], size: int) -> None:
        self._connect = connect
        self._size = size
        self._free: list[Handle] = []
        self._places = threading.Semaphore(size)
        self._lock = threading.Lock()

    @contextmanager
    def handle(self, database: str, settings: Mapping[str, str]) -> Iterator[Handle]:
        """The free handle that is nearest to what is wanted."""
        with self._places:
            taken = self._take(database, settings)
            try:
                yield taken
            finally:
                with self._lock:
                    self._free.append(taken)
                    if len(self._free) > self._size:
                        self._free.pop(0).close()

    def close(self) -> None:
        """Close the handles that nobody holds."""
        with self._lock:
            while self._free:
                self._free.pop().close()

    def _take(self, database: str, settings: Mapping[str, str]) -> Handle:
        with self._lock:
            fitting = [handle for handle in self._free if handle.fits(settings)]
            if fitting:
                nearest = min(fitting, key=lambda handle: handle.changes_needed(database, settings))
                self._free.remove(nearest)
                return nearest
        return self._connect()


@dataclass(slots=True)
class _Held:
    handle: Handle
    expires_at: float
    lock: threading.Lock


class Sessions:
    """Named handles, oldest use first; an idle one is dropped when its time is up, or when there are too many."""

    def __init__(self, connect: Callable[[], Handle], clock: Callable[[], float] = time.monotonic) -> None:
        self._connect = connect
        self._clock = clock
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def handle(self, session: Session) -> Iterator[Handle]:
        """The session's handle, for one query at a time.

        Raises: ClickHouseError when the session is in use, or must exist and does not.
        """
        held = self._claim(session)
        try:
            yield held.handle
        finally:
            held.expires_at = self._clock() + session.timeout_seconds
            held.lock.release()

    def close(self) -> None:
        """Close every session."""
        with self._lock:
            while self._held:
                self._held.popitem()[1].handle.close()

    def _claim(self, session: Session) -> _Held:
        with self._lock:
            self._drop_expired()
            held = self._held.get(session.name)
            if held is None:
                if session.must_exist:
                    raise refusal(SESSION_NOT_FOUND, f"Session {session.name} not found")
                held = self._held[session.name] = _Held(self._connect(), float("inf"), threading.Lock())
            if not held.lock.acquire(blocking=False):
                raise refusal(SESSION_IS_LOCKED, f"Session {session.name} is locked by a concurrent client")
            self._held.move_to_end(session.name)
            return held

    def _drop_expired(self) -> None:
        now = self._clock()
        surplus = len(self._held) + 1 - MOST_SESSIONS
        for name, held in list(self._held.items()):
            if held.lock.locked() or (held.expires_at >= now and surplus <= 0):
                continue
            self._held.pop(name).handle.close()
            surplus -= 1
