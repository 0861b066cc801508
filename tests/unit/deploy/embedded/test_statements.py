"""Parting an INSERT from its data, without reading the data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.embedded.clickhouse.statements import Insert, format_of, insert_of, quoted


def test_an_insert_is_parted_at_its_format() -> None:
    """The statement without its FORMAT, the format's name, and the bytes behind the line end."""
    assert insert_of(b"INSERT INTO t (a, b) FORMAT Native\n\x01\x02\n") == Insert(
        "INSERT INTO t (a, b) ", "", "Native", b"\x01\x02\n"
    )


def test_settings_go_behind_the_file() -> None:
    """SETTINGS of an INSERT come after FROM INFILE, where the engine wants them."""
    insert = insert_of(b"INSERT INTO t SETTINGS async_insert = 0 FORMAT CSV\n1\n")

    assert insert is not None
    said = " ".join(insert.reading("/f").split())
    assert said == "INSERT INTO t FROM INFILE '/f' SETTINGS async_insert = 0 FORMAT CSV"


@pytest.mark.parametrize(
    "sql",
    [
        b"SELECT 1 FORMAT JSON",
        b"INSERT INTO t VALUES (1)",
        b"INSERT INTO t FORMAT Values (1)",
        b"INSERT INTO t SELECT 'x' AS format FORMAT CSV",
        b"INSERT INTO t FROM INFILE 'f' FORMAT CSV",
        b"INSERT INTO format",
        b"",
    ],
)
def test_other_statements_are_left_to_the_engine(sql: bytes) -> None:
    """Only an INSERT whose data comes with the request is ours to part."""
    assert insert_of(sql) is None


@pytest.mark.parametrize(
    "head",
    [
        b"INSERT INTO `FORMAT CSV` ",
        b"INSERT INTO t (`format`, b) ",
        b"/* FORMAT CSV */ insert into t ",
        b"-- FORMAT CSV\nINSERT INTO t ",
        b"INSERT INTO FUNCTION file('FORMAT TSV') ",
    ],
)
def test_the_word_in_quotes_comments_and_brackets_is_no_format(head: bytes) -> None:
    """FORMAT counts at the top level only."""
    insert = insert_of(head + b"FORMAT TSV\nFORMAT CSV\n")

    assert insert is not None
    assert (insert.format, insert.data) == ("TSV", b"FORMAT CSV\n")


@given(st.binary())
def test_the_data_is_never_read_as_sql(data: bytes) -> None:
    """Whatever follows the line end comes through byte for byte."""
    insert = insert_of(b"INSERT INTO t FORMAT Native\n" + data)

    assert insert is not None
    assert insert.data == data


def test_the_last_format_is_the_querys() -> None:
    """The one at the end, not one in a string or a subquery."""
    assert format_of(b"SELECT 'FORMAT CSV', (SELECT 1) FORMAT JSONEachRow") == "JSONEachRow"
    assert format_of(b"SELECT formatDateTime(now(), '%F')") is None


@given(st.text())
def test_a_literal_holds_any_text(text: str) -> None:
    """No text ends the literal that it is put in."""
    literal = quoted(text)
    inside = literal[1:-1].replace("\\\\", "").replace("\\'", "")

    assert "'" not in inside
    assert not inside.endswith("\\")
