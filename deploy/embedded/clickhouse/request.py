"""One HTTP request as ClickHouse reads it: a statement with settings, parameters, session and external tables.

Whatever URL parameter is not one of the interface's own words is a setting of the query.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.embedded.clickhouse.encoding import decoded
from deploy.embedded.clickhouse.errors import (
    AUTHENTICATION_FAILED,
    BAD_ARGUMENTS,
    NOT_IMPLEMENTED,
    SYNTAX_ERROR,
    UNKNOWN_SETTING,
    refusal,
)

OWN_WORDS = frozenset(
    {
        "add_http_cors_header",
        "buffer_size",
        "cancel_http_readonly_queries_on_client_close",
        "client_protocol_version",
        "close_session",
        "compress",
        "database",
        "decompress",
        "default_format",
        "enable_http_compression",
        "http_headers_progress_interval_ms",
        "http_zlib_compression_level",
        "password",
        "query",
        "query_id",
        "quota_key",
        "role",
        "send_progress_in_http_headers",
        "session_check",
        "session_id",
        "session_timeout",
        "session_timezone_",
        "stacktrace",
        "user",
        "wait_end_of_query",
    }
)
TABLE_WORDS = ("_structure", "_types", "_format")
DEFAULT_FORMAT = "TabSeparated"
DEFAULT_SESSION_SECONDS, LONGEST_SESSION_SECONDS = 60.0, 3600.0
_NAME = re.compile(r"[A-Za-z_]\w*\Z")


@dataclass(frozen=True, slots=True)
class Request:
    """What the HTTP server hands over; header names in lower case, `form` for multipart bodies."""

    method: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    form: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExternalTable:
    """A table sent along with a query: its columns as SQL, and its rows in `format`."""

    name: str
    columns: str
    format: str
    rows: bytes


@dataclass(frozen=True, slots=True)
class Session:
    """The session a request asks for; `must_exist` refuses to start a new one."""

    name: str
    timeout_seconds: float
    must_exist: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A statement and all that goes with it; `may_write` is False where the method is GET or HEAD."""

    sql: bytes
    database: str
    format: str
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    tables: tuple[ExternalTable, ...]
    session: Session | None
    may_write: bool


def query_of(request: Request) -> Query:
    """The query that a request carries.

    Raises: ClickHouseError when it carries none, or asks for what the front does not do.
    """
    given = {**request.parameters, **_words_of_form(request.form)}
    _refuse_unsupported(given)
    tables = tuple(_tables_of(request.form, given))
    return Query(
        sql=_sql_of(request, given),
        database=given.get("database") or request.headers.get("x-clickhouse-database") or "default",
        format=given.get("default_format") or request.headers.get("x-clickhouse-format") or DEFAULT_FORMAT,
        settings=_settings_of(given, tables),
        parameters={name[6:]: value for name, value in given.items() if name.startswith("param_")},
        tables=tables,
        session=_session_of(given),
        may_write=request.method not in ("GET", "HEAD"),
    )


def authenticate(request: Request) -> None:
    """Let in the one user there is, `default` without a password.

    Raises: ClickHouseError for any other.
    """
    user, password = _credentials_of(request)
    if user != "default" or password:
        raise refusal(
            AUTHENTICATION_FAILED,
            f"{user}: Authentication failed: password is incorrect, or there is no user with such name.",
        )


def _credentials_of(request: Request) -> tuple[str, str]:
    headers, given = request.headers, request.parameters
    user = headers.get("x-clickhouse-user") or given.get("user") or ""
    password = headers.get("x-clickhouse-key") or given.get("password") or ""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if not user and scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise refusal(AUTHENTICATION_FAILED, "the Authorization header is not Basic user:password") from None
    return user or "default", password


def _words_of_form(form: Mapping[str, bytes]) -> dict[str, str]:
    return {name: value.decode() for name, value in form.items() if name.startswith("param_") or name in OWN_WORDS}


def _refuse_unsupported(given: Mapping[str, str]) -> None:
    for word in ("compress", "decompress"):
        if given.get(word) in ("1", "true"):
            raise refusal(
                NOT_IMPLEMENTED, f"{word}=1 (ClickHouse's own block compression): use Content-Encoding instead"
            )
    if given.get("role"):
        raise refusal(NOT_IMPLEMENTED, "roles: the embedded ClickHouse has one user and none")


def _sql_of(request: Request, given: Mapping[str, str]) -> bytes:
    statement = given.get("query", "").encode()
    body = b"" if request.form else decoded(request.body, request.headers.get("content-encoding", ""))
    sql = statement + b"\n" + body if statement and body else statement or body
    if not sql.strip():
        raise refusal(SYNTAX_ERROR, "Empty query")
    return sql


def _settings_of(given: Mapping[str, str], tables: tuple[ExternalTable, ...]) -> dict[str, str]:
    words_of_tables = {table.name + word for table in tables for word in TABLE_WORDS}
    settings = {
        name: value
        for name, value in given.items()
        if name not in OWN_WORDS and not name.startswith("param_") and name not in words_of_tables
    }
    for name in settings:
        if not _NAME.match(name):
            raise refusal(UNKNOWN_SETTING, f"Unknown setting '{name}'")
    return settings


def _session_of(given: Mapping[str, str]) -> Session | None:
    name = given.get("session_id")
    if not name:
        return None
    seconds = float(given.get("session_timeout") or DEFAULT_SESSION_SECONDS)
    return Session(name, min(seconds, LONGEST_SESSION_SECONDS), given.get("session_check") == "1")


def _tables_of(form: Mapping[str, bytes], given: Mapping[str, str]) -> list[ExternalTable]:
    tables = []
    for name, rows in form.items():
        columns = given.get(f"{name}_structure") or _numbered_columns(given.get(f"{name}_types", ""))
        if not columns:
            continue
        if not _NAME.match(name):
            raise refusal(BAD_ARGUMENTS, f"'{name}' cannot be the name of an external table")
        tables.append(ExternalTable(name, columns, given.get(f"{name}_format", DEFAULT_FORMAT), rows))
    return tables


def _numbered_columns(types: str) -> str:
    return ", ".join(f"_{number} {name}" for number, name in enumerate(types.split(","), 1)) if types else ""
