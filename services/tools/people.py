"""What a roster would change: held against the links that there are, by the same pseudonyms that ingest gives.

Apart from reading rosters, which needs no server, and from sending, which needs a broker. Nothing here changes a thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schemas.records import Link, Record
from schemas.values import Account
from services.core.ids import account_key, worker_id_of
from services.core.links import Conflict, Links, standing
from services.core.pseudonyms import hidden, pseudonymous, tells_address
from services.core.roster import Contested, Row, contested, employment_of, links_of
from services.core.settle import routing_key
from services.runtime.identity import IdentityKey


class Contradiction(NamedTuple):
    """An account that a roster would give to one worker and another source has given to another."""

    row: Row
    account: Account
    worker_id: str
    claims: tuple[Any, ...]


class Plan(NamedTuple):
    """What an import sends, what it leaves out because it is there already, and what people have to look at."""

    records: list[Record]
    unchanged: int
    contested: list[Contested]
    contradictions: list[Contradiction]


def planned(
    rows: Iterable[Row],
    known: Mapping[str, Links],
    key: IdentityKey,
    *,
    source: str,
    at: datetime,
    contradict: bool = False,
) -> Plan:
    """What importing rows means, as `source`, where `known` is linked already.

    A link that stands as this source's newest word is left out. One that contradicts another source is reported and
    left out, unless `contradict` says that it is meant: then the account is nobody's until somebody has looked.
    """
    given = list(rows)
    plan = Plan([], 0, contested(given), [])
    disputed = {account_key(each.account) for each in plan.contested}
    unchanged = 0
    for row in given:
        for link in links_of(row, at):
            if account_key(link.account) in disputed:
                continue
            seen = hidden(link, key.digesting).record
            said = standing(own := routing_key(seen), known.get(own, {}))
            mine = [claim for claim in said if claim.source == source]
            others = tuple(claim for claim in said if claim.source != source and claim.target != seen.worker_id)
            if others:
                plan.contradictions.append(Contradiction(row, link.account, seen.worker_id, others))
            if mine and mine[0].target == seen.worker_id:
                unchanged += 1
            elif not others or contradict:
                plan.records.append(link)
        employment = employment_of(row, at)
        if employment is not None:
            plan.records.append(employment)
    return plan._replace(unchanged=unchanged)


def own_worker_id(account: Account, key: IdentityKey) -> str:
    """The worker id that an account has by itself, in a running Stepwell."""
    return worker_id_of(pseudonymous(account, key.digesting) if tells_address(account) else account)


def undoing(account: Account, key: IdentityKey, at: datetime) -> Link:
    """The link that takes back all that was said about an account before `at`."""
    return Link(kind="link", occurred_at=at, account=account, worker_id=own_worker_id(account, key))


def told(account: Account) -> dict[str, Any]:
    """An account as plain data."""
    return account.model_dump(exclude_none=True)


def claims_told(claims: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Claims as plain data, oldest first."""
    for claim in claims:
        yield {"source": claim.source, "worker_id": claim.target, "at": claim.at.isoformat()}


def conflict_told(found: Conflict, account: Account | None) -> dict[str, Any]:
    """A conflict as plain data: the account, its own worker id, and who says what."""
    return {
        "worker_id": found.worker_id,
        "account": None if account is None else told(account),
        "claims": list(claims_told(found.claims)),
    }
