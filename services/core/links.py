"""Links: which worker an account's records belong to, by whom said, and whether the sayers agree.

Links are kept at the account's own worker id, apart from holdings, because they move holdings and because they outlive
an erasure: the request to forget a person must still find all of that person. They hold ids, nothing learned.

A register keeps the newest claim of each source for each target. The newest of all decides; an account linked to its
own worker id is nobody else's, which is how a wrong link is undone. Claims that sources do not agree on are a value,
`Conflict`, for people to look at; nothing is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from schemas.records import Link
from services.core.holdings.registers import id_bytes, joined


class Claim(Struct, frozen=True, gc=False, array_like=True, order=True):
    """One record that says an account's records are `target`'s. Ordered oldest first, content last."""

    at: datetime
    record_id: bytes
    target: str
    source: str


Links = Mapping[str, Claim]
"""Source and target -> the source's newest claim of that target."""


class Conflict(Struct, frozen=True):
    """Sources disagree about one account: `held_by` has it for now, as the newest of `claims` (one a source) says."""

    worker_id: str
    held_by: str
    claims: tuple[Claim, ...]


def heard(links: Links, records: Iterable[Link]) -> Links:
    """The register with these links in it. Returns `links` itself when they add nothing."""
    news: dict[str, Claim] = {}
    for record in records:
        source = record.source or ""
        claim = Claim(record.occurred_at, id_bytes(record.record_id), record.worker_id, source)
        key = f"{source}\n{record.worker_id}"
        news[key] = max(news.get(key, claim), claim)
    return joined(links, news, max)


def deciding(links: Links) -> Claim | None:
    """The claim that decides where the account's records go; None without any."""
    return max(links.values(), default=None)


def targets(links: Links) -> set[str]:
    """Every worker who was ever said to have the account."""
    return {claim.target for claim in links.values()}


def conflict(worker_id: str, links: Links) -> Conflict | None:
    """The disagreement about this account, if its sources' newest claims name different workers."""
    newest: dict[str, Claim] = {}
    for claim in links.values():
        newest[claim.source] = max(newest.get(claim.source, claim), claim)
    if len({claim.target for claim in newest.values()}) < 2:  # noqa: PLR2004 - it takes two to disagree
        return None
    return Conflict(worker_id, max(newest.values()).target, tuple(sorted(newest.values())))
