"""Reading an HTTP request as ClickHouse does."""

from __future__ import annotations

import gzip

import pytest

from deploy.embedded.clickhouse.errors import (
    AUTHENTICATION_FAILED,
    NOT_IMPLEMENTED,
    SYNTAX_ERROR,
    UNKNOWN_SETTING,
    ClickHouseError,
)
from deploy.embedded.clickhouse.request import ExternalTable, Request, Session, authenticate, query_of


def _post(parameters: dict[str, str], headers: dict[str, str] | None = None, body: bytes = b"") -> Request:
    return Request("POST", parameters, headers or {}, body)


def test_what_is_not_the_interfaces_own_word_is_a_setting() -> None:
    """Settings, parameters and the interface's words are told apart."""
    query = query_of(_post({"query": "SELECT {n:UInt8}", "param_n": "1", "max_threads": "2", "query_id": "q"}))

    assert (query.settings, query.parameters) == ({"max_threads": "2"}, {"n": "1"})


def test_the_body_follows_the_query_of_the_url() -> None:
    """As ClickHouse joins them, and unpacked."""
    packed = _post({"query": "INSERT INTO t FORMAT CSV"}, {"content-encoding": "gzip"}, gzip.compress(b"1\n"))

    assert query_of(packed).sql == b"INSERT INTO t FORMAT CSV\n1\n"


def test_get_may_not_write() -> None:
    """GET and HEAD read only."""
    assert not query_of(Request("GET", {"query": "SELECT 1"}, {})).may_write
    assert query_of(_post({"query": "SELECT 1"})).may_write


def test_database_and_format_come_from_the_url_before_the_headers() -> None:
    """Either place will do."""
    headers = {"x-clickhouse-database": "h", "x-clickhouse-format": "CSV"}

    by_url = query_of(_post({"query": "SELECT 1", "database": "u", "default_format": "JSON"}, headers))
    by_header = query_of(_post({"query": "SELECT 1"}, headers))

    assert (by_url.database, by_url.format) == ("u", "JSON")
    assert (by_header.database, by_header.format) == ("h", "CSV")


def test_a_session_is_bounded() -> None:
    """The timeout is a client's wish, an hour at most."""
    query = query_of(_post({"query": "SELECT 1", "session_id": "s", "session_timeout": "9999", "session_check": "1"}))

    assert query.session == Session("s", 3600.0, must_exist=True)


def test_tables_come_along_in_a_form() -> None:
    """With their structure, or their types alone; their words are no settings."""
    form = {"query": b"SELECT count() FROM one", "one": b"1\n", "two": b"a,1\n"}
    parameters = {"one_structure": "id UInt8", "two_types": "String,UInt8", "two_format": "CSV"}

    query = query_of(Request("POST", parameters, {}, form=form))

    assert query.tables == (
        ExternalTable("one", "id UInt8", "TabSeparated", b"1\n"),
        ExternalTable("two", "_1 String, _2 UInt8", "CSV", b"a,1\n"),
    )
    assert query.settings == {}


@pytest.mark.parametrize(
    "parameters,code",
    [
        ({}, SYNTAX_ERROR),
        ({"query": "SELECT 1", "compress": "1"}, NOT_IMPLEMENTED),
        ({"query": "SELECT 1", "role": "admin"}, NOT_IMPLEMENTED),
        ({"query": "SELECT 1", "a = 1, b": "1"}, UNKNOWN_SETTING),
    ],
)
def test_what_the_front_does_not_do_is_refused_by_code(parameters: dict[str, str], code: int) -> None:
    """Never silently left out."""
    with pytest.raises(ClickHouseError) as refused:
        query_of(_post(parameters))

    assert refused.value.code == code


def test_only_the_default_user_is_let_in() -> None:
    """By header, by URL or by Basic credentials; any password is wrong."""
    authenticate(_post({}))
    authenticate(_post({}, {"authorization": "Basic ZGVmYXVsdDo="}))
    for request in (
        _post({"user": "eve"}),
        _post({}, {"x-clickhouse-user": "default", "x-clickhouse-key": "x"}),
        _post({}, {"authorization": "Basic !"}),
    ):
        with pytest.raises(ClickHouseError) as refused:
            authenticate(request)
        assert (refused.value.code, refused.value.status) == (AUTHENTICATION_FAILED, 403)
