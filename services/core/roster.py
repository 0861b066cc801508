"""Rosters: a table of people as HR has it, read into the records that it means. Pure: lines in, records and faults out.

A row says that accounts are one worker's (`link`), that a worker is with an employer for a time (`employment`), or
both. Nothing is guessed: a row that is at fault means nothing, and an account that the same roster gives to two workers
is given to neither.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from schemas.records import Employment, Link
from schemas.values import Account
from services.core.ids import account_key

ACCOUNTS = ("email", "mbox", "mbox_sha1sum", "openid", "did", "account_name")
"""Columns that tell an account; a row may have several of one worker."""
COLUMNS = (*ACCOUNTS, "account_home_page", "worker_id", "employer_id", "from", "to")
_DELIMITERS = ",;\t"


class Fault(NamedTuple):
    """One thing wrong with a roster: the line as editors count it, the column by its name ("" for the whole line)."""

    line: int
    column: str
    detail: str


class Row(NamedTuple):
    """One good row: whom it is about, the accounts it gives to that worker, and with whom the worker is."""

    line: int
    worker_id: str | None
    accounts: tuple[Account, ...]
    employer_id: str | None = None
    from_: datetime | None = None
    to: datetime | None = None


class Roster(NamedTuple):
    """A roster, read."""

    rows: list[Row]
    faults: list[Fault]


class Contested(NamedTuple):
    """An account that a roster gives to several workers: the lines by worker id."""

    account: Account
    lines: Mapping[str, tuple[int, ...]]


def read_roster(lines: Iterable[str]) -> Roster:
    """The rows of a CSV file with a header, and every fault of it. Comma, semicolon or tab; a first BOM is left out."""
    numbered = iter(lines)
    header = next(numbered, "").lstrip("\ufeff")
    delimiter = max(_DELIMITERS, key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    faults = list(_header_faults(names))
    if faults:
        return Roster([], faults)
    reader = csv.reader(numbered, delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            line = reader.line_num + 1
            if any(cell.strip() for cell in cells):
                found = _row(line, names, cells, faults)
                rows.extend(found)
    except csv.Error as error:
        faults.append(Fault(reader.line_num + 1, "", f"cannot be read as CSV: {error}"))
    return Roster(rows, faults)


def contested(rows: Iterable[Row]) -> list[Contested]:
    """The accounts that rows give to more than one worker, in the order in which they come first."""
    claims: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    accounts: dict[str, Account] = {}
    for row in rows:
        for account in row.accounts if row.worker_id is not None else ():
            accounts.setdefault(key := account_key(account), account)
            claims[key][row.worker_id or ""].append(row.line)
    return [
        Contested(accounts[key], {worker_id: tuple(lines) for worker_id, lines in workers.items()})
        for key, workers in claims.items()
        if len(workers) > 1
    ]


def links_of(row: Row, at: datetime) -> Iterator[Link]:
    """The links that a row means, stated at an instant."""
    for account in row.accounts:
        if row.worker_id is not None:
            yield Link(kind="link", occurred_at=at, account=account, worker_id=row.worker_id)


def employment_of(row: Row, at: datetime) -> Employment | None:
    """The employment that a row means, stated at an instant; of the worker, or else of the row's one account."""
    if row.employer_id is None or row.from_ is None:
        return None
    of_whom: dict[str, Any] = {"worker_id": row.worker_id} if row.worker_id else {"account": row.accounts[0]}
    term: dict[str, Any] = {"from": row.from_, "to": row.to}
    return Employment(kind="employment", occurred_at=at, employer_id=row.employer_id, **of_whom, **term)


def _header_faults(names: Sequence[str]) -> Iterator[Fault]:
    for name in names:
        if name not in COLUMNS:
            yield Fault(1, name, f"is no column of a roster; columns are {', '.join(COLUMNS)}")
        elif names.count(name) > 1:
            yield Fault(1, name, "is there more than once")
    if not set(names) & {*ACCOUNTS, "worker_id"}:
        yield Fault(1, "", f"has no column that tells a person: worker_id, {', '.join(ACCOUNTS)}")


def _row(line: int, names: Sequence[str], cells: Sequence[str], faults: list[Fault]) -> Iterator[Row]:
    before = len(faults)
    if len(cells) > len(names):
        faults.append(Fault(line, "", f"has {len(cells)} cells, and the header {len(names)}"))
    given = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
    accounts = tuple(_accounts(line, given, faults))
    moments = {name: _moment(line, name, given.get(name), faults) for name in ("from", "to")}
    worker_id, employer_id = given.get("worker_id"), given.get("employer_id")
    row = Row(line, worker_id, accounts, employer_id, moments["from"], moments["to"])
    if len(faults) == before:
        faults.extend(_row_faults(row, given))
    if len(faults) == before:
        yield row


def _accounts(line: int, given: Mapping[str, str], faults: list[Fault]) -> Iterator[Account]:
    for name in ACCOUNTS:
        if name not in given:
            continue
        if name == "account_name" and "account_home_page" not in given:
            faults.append(Fault(line, "account_home_page", "is needed where account_name is given"))
            continue
        try:
            yield Account.model_validate(_account(name, given))
        except ValidationError as error:
            faults.append(Fault(line, name, f"is not of its form: {error.errors(include_input=False)[0]['msg']}"))


def _account(name: str, given: Mapping[str, str]) -> dict[str, Any]:
    if name == "account_name":
        return {"account": {"homePage": given["account_home_page"], "name": given[name]}}
    if name in ("email", "mbox"):
        address = given[name]
        return {"mbox": address if address.lower().startswith("mailto:") else f"mailto:{address}"}
    return {name: given[name]}


def _moment(line: int, name: str, text: str | None, faults: list[Fault]) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        faults.append(Fault(line, name, "must be a day such as 2026-11-24, or a moment such as 2026-11-24T05:30:00Z"))
        return None


def _row_faults(row: Row, given: Mapping[str, str]) -> Iterator[Fault]:
    if row.worker_id is None and not row.accounts:
        yield Fault(row.line, "", f"names nobody; give worker_id or one of {', '.join(ACCOUNTS)}")
    if row.employer_id is not None and row.from_ is None:
        yield Fault(row.line, "from", "is needed where employer_id is given")
    if row.employer_id is None and ({"from", "to"} & set(given)):
        yield Fault(row.line, "employer_id", "is needed where from or to is given")
    if row.from_ is not None and row.to is not None and row.to < row.from_:
        yield Fault(row.line, "to", "must not be before from")
    if row.worker_id is None and len(row.accounts) > 1:
        yield Fault(row.line, "worker_id", "is needed where a row has several accounts")
    if row.worker_id is None and row.employer_id is None and len(row.accounts) == 1:
        yield Fault(row.line, "worker_id", "is needed: without it and employer_id the row says nothing")
    if row.worker_id is not None and not row.accounts and row.employer_id is None:
        yield Fault(row.line, "employer_id", "is needed: without it and an account the row says nothing")
