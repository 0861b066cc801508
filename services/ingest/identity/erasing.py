"""Forgetting a person: everything that tables still hold of what was stated about them, and who they were.

An `erasure` record takes what was stated out of holdings, so from then on nothing of it counts or shows. This is the
rest: the person's other ids, the bodies of records, the past of progress, credentials as they were sent, statements in
the record store that the person is the actor of, and the accounts behind pseudonyms. Links stay, as they hold ids only
and find what comes later; so do the ids of xAPI statements, so that what was erased is not stored again when it is sent
again. Logs on Kafka keep what they hold (docs/runbook.md, Erasure). Doing it twice does nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from hashlib import sha1
from operator import or_
from typing import Any

from schemas.records import Erasure
from schemas.values import Account
from services.core.links import registers
from services.core.people import person_of
from services.ingest.identity.introductions import retraction
from services.ingest.identity.table import IdentityTable, Sealed
from services.ingest.intake import Intake, Sender, record_message
from services.ingest.lrs.terms import agent_key, term
from services.ingest.queries import sql
from services.runtime.clickhouse import Client, unavailable
from services.runtime.identity import IdentityKey
from services.runtime.links import stored_links
from services.runtime.mentions import NOBODY, Person, of_account, of_workers
from services.runtime.producer import Message

_TABLES = (
    "xapi_terms",
    "xapi_references",
    "xapi_statements",
    "xapi_documents",
    "verifications",
    "credentials",
    "progress_history",
    "standing_history",
    "worker_roles",
    "worker_groups",
    "records",
)
"""What holds something about people, in the order in which it goes: what others are found by goes last."""
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 1, 1, tzinfo=UTC)
"""What ClickHouse's instants can say; an erasure may come from further away, and nothing else does."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure came to: all ids of the person, rows that went by table, accounts that are known no more."""

    worker_id: str
    workers: Sequence[str]
    until: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    accounts: Sequence[Sealed] = ()
    person: Person = NOBODY
    """What the person was known by, as payloads have it."""

    def messages(self, intake: Intake, sender: Sender) -> list[Message]:
        """What others have to hear: erasures of the person's other ids, and that accounts are known no more."""
        erasures = [
            (0, Erasure(kind="erasure", occurred_at=self.until, worker_id=worker_id))
            for worker_id in self.workers
            if worker_id != self.worker_id
        ]
        settled = intake.settled(erasures, sender)
        made = [record_message(record, intake.topics.records, sender) for record in settled.records]
        gone = (retraction(each.worker_id, each.kind, intake.topics.identities) for each in self.accounts)
        return [*made, *gone]


class Eraser:
    """Erases people from the tables. Blocking: to be called in a thread."""

    def __init__(self, client: Client, identities: IdentityTable, key: Callable[[], IdentityKey]) -> None:
        self._client = client
        self._identities = identities
        self._key = key

    def erase(self, worker_id: str, until: datetime, *, dry_run: bool = False) -> Erased:
        """Erase a person, known by any of their ids, up to an instant; or only tell what would go.

        Raises: Unavailable; then the same call is safe to repeat.
        """
        workers, edge = self.ids_of(worker_id), min(max(until, _EARLIEST), _LATEST)
        known = self._identities.of_workers(workers, edge)
        stated, digests = self._said_of(workers, edge, known)
        bounds = {"workers": workers, "until": edge, "digests": digests, **_agent_bounds(stated)}
        with unavailable():
            tables = [table for table in _TABLES if self._exists(table)]
            counts = {table: self._count(table, bounds) for table in tables}
            if not dry_run:
                for table in tables:
                    if counts[table]:
                        self._delete(table, bounds)
        if not dry_run:
            self._identities.forget(known, edge)
        person = reduce(or_, map(of_account, stated), of_workers(workers))
        return Erased(worker_id, workers, until, {**counts, "identities": len(known)}, known, person)

    def ids_of(self, worker_id: str) -> list[str]:
        """Every id that is the same person by links, the given one included.

        Raises: Unavailable.
        """
        links = registers(stored_links(self._client))
        person = person_of(worker_id, links)
        return sorted({worker_id, person} | {each for each in links if person_of(each, links) == person})

    def _said_of(
        self, workers: Sequence[str], until: datetime, known: Iterable[Sealed]
    ) -> tuple[list[Account], list[str]]:
        """By what else the person can be found: accounts, digests of credentials."""
        with unavailable():
            rows = self._client.query(sql("stated"), parameters={"workers": workers, "until": until}).result_rows
        stated = [Account.model_validate_json(account) for account, _ in rows if account]
        opened = [self._key().opened(each.sealed, each.worker_id) for each in known]
        accounts = [account for account in (*stated, *opened) if account is not None]
        return accounts, sorted({evidence for _, evidence in rows if evidence})

    def _exists(self, table: str) -> bool:
        return bool(self._client.query(f"EXISTS TABLE {table}").result_rows[0][0])

    def _count(self, table: str, bounds: Mapping[str, Any]) -> int:
        condition = sql(f"erase_{table}")
        count = f"SELECT count() FROM {table} WHERE {condition}"  # noqa: S608 - names of ours, conditions of files
        return int(self._client.query(count, parameters=dict(bounds)).result_rows[0][0])

    def _delete(self, table: str, bounds: Mapping[str, Any]) -> None:
        statement = f"ALTER TABLE {table} DELETE WHERE {sql(f'erase_{table}')} SETTINGS mutations_sync = 1"
        self._client.command(statement, parameters=dict(bounds))


def _agent_bounds(accounts: Iterable[Account]) -> dict[str, Any]:
    agents = sorted({agent for account in accounts for agent in _agents(account)})
    return {"agents": agents, "terms": [term("agent", agent) for agent in agents]}


def _agents(account: Account) -> Iterator[str]:
    """The account as the record store knows agents by it: an address also by its digest, in both of its letters."""
    key = agent_key(account.model_dump(exclude_none=True))
    if key:
        yield key
    if account.mbox is not None:
        for mbox in {account.mbox, account.mbox.lower()}:
            yield f"mbox {mbox}"
            yield f"mbox_sha1sum {sha1(mbox.encode(), usedforsecurity=False).hexdigest()}"
