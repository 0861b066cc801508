"""Clients for ClickHouse, server or embedded alike, with the settings that our writing relies on.

Apart so that `clickhouse_connect` is imported here alone, and so that no writer can forget a setting: inserts are
synchronous (acknowledged means stored), keep every row (the merge picks the winner), and a repeated deduplication token
is dropped in the tables and in what their materialized views feed. ClickHouse changes such defaults between releases,
so all are given. A setting that the server does not know, or that the user may not change (readonly profiles), is left
out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from clickhouse_connect.driver import create_client, options
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from clickhouse_connect.driver.httputil import default_pool_manager
from urllib3.exceptions import HTTPError

from services.runtime.errors import StepwellError, Unavailable

if TYPE_CHECKING:
    from clickhouse_connect.driver.asyncclient import AsyncClient

__all__ = [
    "Client",
    "QueryFailed",
    "connect",
    "connect_async",
    "connect_writer",
    "failed_queries",
    "unavailable",
]

SETTINGS: Mapping[str, str] = {
    "async_insert": "0",
    "optimize_on_insert": "0",
    "insert_deduplicate": "1",
    "deduplicate_insert": "enable",
    "deduplicate_blocks_in_dependent_materialized_views": "1",
}
CONNECT_SECONDS = 5
ANSWER_SECONDS = 60
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

# What passes with time: timeouts, network, memory and part limits, a table that is read-only for a while, no leader.
PASSING_CODES = frozenset({3, 159, 164, 198, 202, 203, 209, 210, 225, 236, 241, 242, 252, 285, 319, 394, 425, 439, 999})

# A query that asks for too much: it would fail again, so it is the query's fault and no outage.
_TOO_MUCH_CODES = frozenset({158, 159, 160, 241, 307, 396})


class QueryFailed(StepwellError):
    """ClickHouse refused a query, or gave it up for being too much; `is_too_much` tells which."""

    def __init__(self, message: str, *, is_too_much: bool) -> None:
        self.is_too_much = is_too_much
        super().__init__(message)


def connect(url: str, database: str, **settings: str | int) -> Client:
    """A client on `database`; safe to share between threads, as it keeps no session.

    `url` is http(s)://[user:password@]host:port; datetimes come back with their time zone; `settings` go with every
    query.

    Raises: Unavailable when nothing answers there; clickhouse_connect's errors when what answers refuses.
    """
    return _connected(url, _target(url, database, settings))


def connect_patient(url: str, database: str, answer_seconds: int) -> Client:
    """As `connect`, for statements that may take so long before they answer.

    Raises: as `connect`.
    """
    return _connected(url, {**_target(url, database, {}), "send_receive_timeout": answer_seconds})


def _connected(url: str, target: Mapping[str, Any]) -> Client:
    _leave_pandas_alone()
    with unavailable():
        client = create_client(**target, **_pool(url))
    for name, value in _allowed(client).items():
        client.set_client_setting(name, value)
    return client


def connect_writer(url: str, database: str) -> Client:
    """As `connect`, for who inserts by the batch: what the first insert would import is imported by now.

    Raises: as `connect`.
    """
    client = connect(url, database)
    getattr(options, "np", None)
    return client


async def connect_async(url: str, database: str, **settings: str | int) -> AsyncClient:
    """As `connect`, for asyncio.

    Raises: as `connect`.
    """
    from clickhouse_connect.driver import create_async_client  # noqa: PLC0415 - half of the import time, for few

    _leave_pandas_alone()
    with unavailable():
        client = await create_async_client(**_target(url, database, settings))
    for name, value in _allowed(client).items():
        client.set_client_setting(name, value)
    return client


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn what may pass with time into `Unavailable`: no connection, no answer, an overloaded or starting server."""
    try:
        yield
    except OperationalError as error:
        raise Unavailable("ClickHouse", str(error)) from error
    except DatabaseError as error:
        if error.code in PASSING_CODES:
            raise Unavailable("ClickHouse", str(error)) from error
        raise
    except (HTTPError, OSError) as error:
        raise Unavailable("ClickHouse", str(error) or type(error).__name__) from error


@contextmanager
def failed_queries() -> Iterator[None]:
    """Turn what is a query's own fault into `QueryFailed`, for queries of others; to be used within `unavailable`."""
    try:
        yield
    except DatabaseError as error:
        is_too_much = error.code in _TOO_MUCH_CODES
        if is_too_much or error.code not in PASSING_CODES:
            raise QueryFailed(str(error), is_too_much=is_too_much) from error
        raise


def _leave_pandas_alone() -> None:
    """Each insert asks whether it got a pandas frame and imports pandas to ask: half a second, 60 MB, for nothing."""
    vars(options).setdefault("pd", None)


def _target(url: str, database: str, settings: Mapping[str, str | int]) -> dict[str, Any]:
    parts = urlsplit(url if "//" in url else f"http://{url}")
    secure = parts.scheme == "https"
    return {
        "interface": parts.scheme,
        "host": parts.hostname or "127.0.0.1",
        "port": parts.port or (8443 if secure else 8123),
        "username": unquote(parts.username or "default"),
        "password": unquote(parts.password or ""),
        "database": database,
        "settings": dict(settings),
        "compress": parts.hostname not in LOOPBACK_HOSTS,
        "connect_timeout": CONNECT_SECONDS,
        "send_receive_timeout": ANSWER_SECONDS,
        "autogenerate_session_id": False,
        "tz_mode": "aware",
    }


def _pool(url: str) -> dict[str, Any]:
    """Connections to this machine, past any proxy that the environment names."""
    return {"pool_mgr": default_pool_manager()} if _is_loopback(url) else {}


def _is_loopback(url: str) -> bool:
    return urlsplit(url if "//" in url else f"http://{url}").hostname in LOOPBACK_HOSTS


def _allowed(client: Client | AsyncClient) -> dict[str, str]:
    known = client.server_settings
    return {name: value for name, value in SETTINGS.items() if name in known and not int(known[name].readonly)}
