"""What moves an account from the pseudonym that an earlier key gave it to the one of the key in force. Pure.

The old pseudonym's worker id forwards to the new one, as any linked id does; so nothing that was recorded is touched,
and the old ids, which whoever has the earlier secret can make of addresses, are shown no more. Every claim that was
ever made about the old id is made again about the new one, by the same source at the same time, so that it is linked,
in question or undone just as before, and what sources say of it later follows on that; so is every claim that somebody
else's account is the old id. Then a claim of our own, newer
than all of these, takes them back from the old id and sends it on.

Invariant: people are who they were (tests/property/ingest/test_moving_laws.py). Doing it twice does nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from schemas.records import Link
from schemas.values import Account
from services.core.ids import worker_id_of
from services.core.links import Claim, Links
from services.core.pseudonyms import pseudonymous
from services.core.settle import routing_key
from services.ingest.identity.introductions import Introduction
from services.ingest.identity.table import Earlier
from services.runtime.identity import IdentityKey

SOURCE = "stepwell-rotation"
"""The source of what takes an old id's links back and sends it on."""
_START = datetime(2000, 1, 1, tzinfo=UTC)
_NEXT = timedelta(microseconds=1)


Aliases = Mapping[str, str]
"""Worker id of an old pseudonym -> that of the new one of the same account."""


class Moved(NamedTuple):
    """One account moved: what it is introduced as now, its claims made again by source, and how the old id goes on."""

    old: Earlier
    introduction: Introduction
    restated: Sequence[tuple[str, Link]]
    onward: Sequence[Link]


class _Both(NamedTuple):
    account: Account
    old: Account
    new: Account


def aliases_of(rows: Iterable[Earlier], key: IdentityKey) -> dict[str, str]:
    """Where the accounts that are sealed under other keys go."""
    pairs = ((row, _both(row, key)) for row in rows)
    return {row.worker_id: worker_id_of(both.new) for row, both in pairs if both is not None}


def aliases_in(known: Mapping[str, Links]) -> dict[str, str]:
    """Where those went that were moved before."""
    newest = ((own, _newest(claims)) for own, claims in known.items())
    return {own: claim.target for own, claim in newest if claim.source == SOURCE and claim.target != own}


def moved(row: Earlier, key: IdentityKey, known: Mapping[str, Links], aliases: Aliases) -> Moved | None:
    """What moves an account, where `known` has every claim by the worker id it is about; None when no key opens it."""
    both = _both(row, key)
    if both is None:
        return None
    target = worker_id_of(both.new)
    sealed, seen_at = key.sealed(both.account, target), row.seen_at.astimezone(UTC)
    introduction = Introduction(target, row.kind, sealed, key.key_id, row.source, seen_at)
    claims = known.get(row.worker_id, {})
    if _is_sent_on(target, claims):
        return Moved(row, introduction, (), ())
    restated = [
        (claim.source, _link(both.new, aliases.get(claim.target, claim.target), claim.at))
        for claim in sorted(claims.values())
        if claim.source != SOURCE
    ]
    return Moved(row, introduction, restated, _onward(both.old, row.worker_id, target, claims))


def retargeted(links: Iterable[Link], known: Mapping[str, Links], aliases: Aliases) -> list[tuple[str, Link]]:
    """The claims, by source, that other accounts are of old ids, made again of the new ones, a moment later.

    Otherwise a source that says the same since, by the new id, would seem to contradict one that said it before.
    """
    again: list[tuple[str, Link]] = []
    for link in links:
        own, target, source = routing_key(link), aliases.get(link.worker_id), link.source or ""
        if target is None or own in aliases or link.account is None:
            continue
        done = known[own].get(f"{source}\n{target}")
        if done is None or done.at <= link.occurred_at:
            again.append((source, _link(link.account, target, link.occurred_at + _NEXT)))
    return again


def _both(row: Earlier, key: IdentityKey) -> _Both | None:
    """The account, and its pseudonyms by the key that sealed it and by the one in force; None when none opens it."""
    account = key.opened(row.sealed, row.worker_id)
    earlier = next((each for each in key.others if each.key_id == row.key_id), None)
    if account is None or earlier is None:
        return None
    both = _Both(account, pseudonymous(account, earlier.digesting), pseudonymous(account, key.digesting))
    return both if worker_id_of(both.old) == row.worker_id else None


def _is_sent_on(target: str, claims: Links) -> bool:
    return bool(claims) and (newest := _newest(claims)).source == SOURCE and newest.target == target


def _newest(claims: Links) -> Claim:
    return max(claims.values(), key=lambda claim: (claim.at, claim.source == SOURCE))


def _onward(old: Account, own: str, target: str, claims: Links) -> list[Link]:
    if not claims:
        return [_link(old, target, _START)]
    after = _newest(claims).at + _NEXT
    return [_link(old, own, after), _link(old, target, after + _NEXT)]


def _link(account: Account, target: str, at: datetime) -> Link:
    return Link(kind="link", occurred_at=at, account=account, worker_id=target, dialect="native")
