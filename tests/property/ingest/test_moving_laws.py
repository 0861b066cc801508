"""Laws of changing the key that hides addresses: people are who they were, and whoever said so is still heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.records import Award, Link, Record
from schemas.values import Account
from services.core.ids import worker_id_of
from services.core.links import registers
from services.core.people import person_of
from services.core.pseudonyms import hidden, pseudonymous
from services.core.settle import routing_key, settle
from services.ingest.identity.moving import SOURCE, aliases_in, aliases_of, moved, retargeted
from services.ingest.identity.table import Earlier
from services.runtime.identity import IdentityKey

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OLD = IdentityKey(b"a secret of the tests")
NEW = IdentityKey(b"another secret of the tests", [OLD])
ELSEWHERE = Account.model_validate({"account": {"homePage": "https://lms.example.org", "name": "7"}})
ADDRESSES = [Account(mbox=f"mailto:{name}@example.org") for name in ("ana", "ben", "eve")]
WORKERS = ["w1", "w2", "ana@example.org", "ben@example.org"]

awards = st.builds(
    lambda account, number: Award.model_validate(
        {
            "kind": "award",
            "occurred_at": NOW,
            "account": account.model_dump(exclude_none=True),
            "achievement": {"id": "a"},
            "award_id": f"{account.mbox or 'elsewhere'} {number}",
            "source": "lms",
        },
        strict=False,
    ),
    st.sampled_from([*ADDRESSES, ELSEWHERE]),
    st.integers(0, 2),
)
links = st.builds(
    lambda account, target, at, source: Link(
        kind="link", occurred_at=NOW + timedelta(hours=at), account=account, worker_id=target, source=source
    ),
    st.sampled_from([*ADDRESSES, ELSEWHERE]),
    st.sampled_from(WORKERS),
    st.integers(0, 5),
    st.sampled_from(["hr", "sso"]),
)
said = st.lists(awards | links, max_size=6)


def apart(*parts: list[Record]) -> list[list[Record]]:
    """The records with no two of one moment: of claims that one source makes at once, chance decides."""
    count = iter(range(1000))
    return [
        [
            record.model_copy(update={"occurred_at": record.occurred_at + timedelta(seconds=next(count))})
            for record in part
        ]
        for part in parts
    ]


def hidden_by(key: IdentityKey, records: Iterable[Record]) -> list[Record]:
    """The records as ingest puts them on the log."""
    shown = ((record.source or "", hidden(record, key.digesting).record) for record in records)
    return [settle(record, source=source, received_at=NOW) for source, record in shown]


def moving(log: Sequence[Record]) -> list[Record]:
    """What moves every address from the old key to the new one, as the log is."""
    said = [record for record in log if isinstance(record, Link)]
    known, rows = registers(said), []
    for account in ADDRESSES:
        worker_id = worker_id_of(pseudonymous(account, OLD.digesting))
        rows.append(Earlier("mbox", worker_id, OLD.sealed(account, worker_id), OLD.key_id, "lms", NOW))
    aliases = {**aliases_in(known), **aliases_of(rows, NEW)}
    made: list[Record] = []
    for row, account in zip(rows, ADDRESSES, strict=True):
        found = moved(row, NEW, known, aliases)
        assert found is not None
        assert NEW.opened(found.introduction.sealed, found.introduction.worker_id) == account
        made += [settle(link, source=source, received_at=NOW) for source, link in found.restated]
        made += [settle(link, source=SOURCE, received_at=NOW) for link in found.onward]
    again = retargeted(said, known, aliases)
    return [*made, *(settle(link, source=source, received_at=NOW) for source, link in again)]


def people(log: Sequence[Record]) -> set[tuple[str, frozenset[str]]]:
    """Who has which awards; a person who is known by addresses only has no name here."""
    known = registers(record for record in log if isinstance(record, Link))
    found: dict[str, set[str]] = {}
    for record in log:
        if isinstance(record, Award):
            found.setdefault(person_of(routing_key(record), known), set()).add(record.award_id or "")
    return {(who if who in WORKERS else "", frozenset(what)) for who, what in found.items()}


@given(before=said, late=said, after=said)
def test_everybody_is_who_they_were(before: list[Record], late: list[Record], after: list[Record]) -> None:
    """Whatever was said before, under the old key while accounts were moved, and since; moved once or again."""
    before, late, after = apart(before, late, after)
    as_if_never = hidden_by(OLD, [*before, *late, *after])
    log = hidden_by(OLD, before)
    log += moving(log)
    log += hidden_by(OLD, late)
    log += moving(log)
    log += hidden_by(NEW, after)
    assert people(log) == people(as_if_never)


@given(before=said)
def test_moving_what_was_moved_says_nothing_more(before: list[Record]) -> None:
    """As after a crash: the log is read as it is by then."""
    log = hidden_by(OLD, before)
    log += moving(log)
    assert moving(log) == []


@given(before=said)
def test_new_records_of_an_address_are_its_old_person_s(before: list[Record]) -> None:
    """The new pseudonym is where the old one leads."""
    log = hidden_by(OLD, before)
    log += moving(log)
    known = registers(record for record in log if isinstance(record, Link))
    for account in ADDRESSES:
        ids = (worker_id_of(pseudonymous(account, key.digesting)) for key in (OLD, NEW))
        assert len({person_of(each, known) for each in ids}) == 1
