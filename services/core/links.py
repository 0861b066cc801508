"""Links: which worker an account's records belong to, by whom said, and whether the sayers agree.

Links are kept at the account's own worker id, apart from holdings, because they move holdings and because they outlive
an erasure: the request to forget a person must still find all of that person. They hold ids, nothing learned.

A register keeps the newest claim of each source for each target. An account linked to its own worker id is nobody
else's: such a claim takes back every earlier one, whoever made it, which is how a wrong link is undone. Of what is left
each source's newest claim stands. Where those name one worker, the account is that worker's; where they name several,
nobody is guessed: the account is its own until its sources agree or somebody undoes what is wrong, and the disagreement
is a value, `Conflict`, for people to look at (docs/decisions/0062-contradicting-links-move-nothing.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from msgspec import Struct

from schemas.records import Link
from services.core.holdings.registers import id_bytes, joined
from services.core.settle import routing_key


class Claim(Struct, frozen=True, gc=False, array_like=True, order=True):
    """One record that says an account's records are `target`'s. Ordered oldest first, content last."""

    at: datetime
    record_id: bytes
    target: str
    source: str


Links = Mapping[str, Claim]
"""Source and target -> the source's newest claim of that target."""


class Decision(Struct, frozen=True, gc=False, array_like=True, order=True):
    """Where an account's records go, by all claims that are known. What was decided knowing more is greater."""

    knowing: bytes
    target: str


class Conflict(Struct, frozen=True):
    """Sources disagree about one account: `claims` has what each of them says, oldest first."""

    worker_id: str
    claims: tuple[Claim, ...]


_START = datetime(1, 1, 1, tzinfo=UTC)


def heard(links: Links, records: Iterable[Link]) -> Links:
    """The register with these links in it. Returns `links` itself when they add nothing."""
    news: dict[str, Claim] = {}
    for record in records:
        source = record.source or ""
        claim = Claim(record.occurred_at, id_bytes(record.record_id), record.worker_id, source)
        key = f"{source}\n{record.worker_id}"
        news[key] = max(news.get(key, claim), claim)
    return joined(links, news, max)


def registers(records: Iterable[Link]) -> dict[str, Links]:
    """What is known of each account that was ever linked, by the account's own worker id."""
    found: dict[str, Links] = {}
    for record in records:
        own = routing_key(record)
        found[own] = heard(found.get(own, {}), [record])
    return found


def decided(worker_id: str, links: Links) -> Decision | None:
    """Where the records of this account's worker id go; None when nobody ever said anything about it."""
    if not links:
        return None
    said = {claim.target for claim in standing(worker_id, links)}
    return Decision(_knowing(links), said.pop() if len(said) == 1 else worker_id)


def standing(worker_id: str, links: Links) -> tuple[Claim, ...]:
    """Each source's newest claim that this account is somebody else, of those that nothing took back; oldest first."""
    taken_back = max((_moment(claim) for claim in links.values() if claim.target == worker_id), default=None)
    newest: dict[str, Claim] = {}
    for claim in links.values():
        if claim.target != worker_id and (taken_back is None or _moment(claim) > taken_back):
            newest[claim.source] = max(newest.get(claim.source, claim), claim)
    return tuple(sorted(newest.values()))


def targets(links: Links) -> set[str]:
    """Every worker who was ever said to have the account."""
    return {claim.target for claim in links.values()}


def conflict(worker_id: str, links: Links) -> Conflict | None:
    """The disagreement about this account, if the claims that stand name different workers."""
    claims = standing(worker_id, links)
    return Conflict(worker_id, claims) if len({claim.target for claim in claims}) > 1 else None


def _moment(claim: Claim) -> tuple[datetime, bytes]:
    return claim.at, claim.record_id


def _knowing(links: Links) -> bytes:
    """How much a register knows, such that knowing more is greater: how many claims, and how new they are.

    Claims are only added or replaced by newer ones. So the number of them, the sum of their times (microseconds since
    the year 1) and the sum of their ids, in this order, grow whenever anything does; as big-endian bytes they compare
    as numbers do.
    """
    times = sum(_microseconds(claim.at) for claim in links.values())
    ids = sum(int.from_bytes(claim.record_id) for claim in links.values())
    return len(links).to_bytes(4) + times.to_bytes(12) + ids.to_bytes(20)


def _microseconds(at: datetime) -> int:
    since = at - _START
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
