"""Rosters of people: what rows mean, and every fault by its line and column."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.values import Account
from services.core.roster import Contested, Fault, Row, contested, employment_of, links_of, read_roster

AT = datetime(2026, 11, 24, tzinfo=UTC)
ANA = Account(mbox="mailto:ana@example.org")


def rows_of(text: str) -> list[Row]:
    """The rows of a roster without faults."""
    roster = read_roster(text.splitlines(keepends=True))
    assert roster.faults == []
    return roster.rows


def faults_of(text: str) -> list[Fault]:
    """The faults of a roster."""
    return read_roster(text.splitlines(keepends=True)).faults


def test_a_row_gives_all_its_accounts_to_its_worker_and_the_worker_to_an_employer() -> None:
    """Links and an employment, stated at the same instant."""
    text = (
        "worker_id,email,account_home_page,account_name,employer_id,from,to\n"
        "w7,ana@example.org,https://lms.example.org,ana,acme,2025-01-01,2026-01-01T00:00:00+01:00\n"
    )
    (row,) = rows_of(text)
    links = list(links_of(row, AT))
    assert [link.worker_id for link in links] == ["w7", "w7"]
    assert [link.account for link in links] == [
        ANA,
        Account.model_validate({"account": {"homePage": "https://lms.example.org", "name": "ana"}}),
    ]
    employment = employment_of(row, AT)
    assert employment is not None
    assert (employment.worker_id, employment.employer_id) == ("w7", "acme")
    assert (employment.from_, employment.to) == (
        datetime(2025, 1, 1, tzinfo=UTC),
        datetime(2025, 12, 31, 23, tzinfo=UTC),
    )


def test_a_row_without_worker_employs_the_worker_of_its_account() -> None:
    """Who is known by nothing but an address."""
    (row,) = rows_of("email,employer_id,from\nana@example.org,acme,2025-01-01\n")
    employment = employment_of(row, AT)
    assert employment is not None
    assert (employment.account, employment.worker_id, employment.to) == (ANA, None, None)
    assert list(links_of(row, AT)) == []


@pytest.mark.parametrize(
    "text",
    [
        "worker_id;email\nw7;ana@example.org\n",
        "\ufeffworker_id\tmbox\r\nw7\tmailto:ana@example.org\r\n",
        'EMAIL, worker_id \n\n"ana@example.org", w7 \n,,\n',
    ],
)
def test_rosters_come_as_spreadsheets_write_them(text: str) -> None:
    """Semicolons, tabs, a byte order mark, capitals, quotes, empty lines."""
    (row,) = rows_of(text)
    assert (row.worker_id, row.accounts) == ("w7", (ANA,))


def test_every_fault_has_its_line_and_column() -> None:
    """All at once, and the good rows are good."""
    text = (
        "worker_id,email,did,account_home_page,account_name,employer_id,from,to\n"
        "w1,ana,,,,,,\n"
        "w2,,key:z6Mk,,,,,\n"
        "w3,,,,ana,,,\n"
        "w4,d@example.org,,,,acme,,\n"
        "w5,e@example.org,,,,acme,soon,\n"
        "w6,f@example.org,,,,acme,2025-01-02,2025-01-01\n"
        "w7,g@example.org,,,,,2025-01-01,\n"
        ",h@example.org,did:key:z6Mk,,,acme,2025-01-01,\n"
        ",i@example.org,,,,,,\n"
        "w9,,,,,,,\n"
        ",,,,,acme,2025-01-01,\n"
        "w11,j@example.org,,,,,,,too many\n"
        "w12,k@example.org,,,,,,\n"
    )
    roster = read_roster(text.splitlines(keepends=True))
    assert [(fault.line, fault.column) for fault in roster.faults] == [
        (2, "email"),
        (3, "did"),
        (4, "account_home_page"),
        (5, "from"),
        (6, "from"),
        (7, "to"),
        (8, "employer_id"),
        (9, "worker_id"),
        (10, "worker_id"),
        (11, "employer_id"),
        (12, ""),
        (13, ""),
    ]
    assert [row.worker_id for row in roster.rows] == ["w12"]


@pytest.mark.parametrize(
    "header, column", [("worker_id,colour", "colour"), ("email,email", "email"), ("employer_id,from", ""), ("", "")]
)
def test_a_header_that_names_no_roster_is_a_fault_of_the_first_line(header: str, column: str) -> None:
    """Before any row is looked at."""
    assert (1, column) in {(fault.line, fault.column) for fault in faults_of(f"{header}\nw,x\n")}


def test_an_account_given_to_two_workers_is_contested_however_it_is_written() -> None:
    """By the lines that give it; the same worker twice is no contest."""
    rows = rows_of("worker_id,email\nw1,ana@example.org\nw2,ANA@example.org\nw2,ben@example.org\nw2,ben@example.org\n")
    assert contested(rows) == [Contested(ANA, {"w1": (2,), "w2": (3,)})]


@given(st.text(alphabet='w1,;"\n\t@emailworker_id.-2025', max_size=80))
def test_any_text_is_read_or_faulty(text: str) -> None:
    """A broken export is a list of faults, never a traceback."""
    roster = read_roster(text.splitlines(keepends=True))
    for row in roster.rows:
        assert [link.worker_id for link in links_of(row, AT)] == [row.worker_id] * len(
            row.accounts
        ) or not row.worker_id
