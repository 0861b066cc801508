"""What a gateway knows of the log beyond what ClickHouse answers: the claims of the last minutes, in log order.

Pure: fed with envelopes by whoever follows the log. It decides each request as the writer will: of two statements with
one id the first stands, and a request that contradicts it is refused as a whole. Statements older than the window are
looked up in ClickHouse before a request is published, so between the two nothing is missed.

Invariant: whoever sees the same log decides the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from services.ingest.lrs.frames import Claim, Envelope
from services.ingest.lrs.same import UNKNOWN, Stated, is_same


class Verdict(Enum):
    """How a request was decided; `ask` when only the stored statement can tell."""

    TAKEN = "taken"
    CONFLICT = "conflict"
    ASK = "ask"


class _Aged(NamedTuple):
    seen_at: float
    partition: int
    offset: int
    tenant: str
    ids: list[bytes]
    voided: Sequence[bytes]


class Window:
    """The claims of the last `keep_seconds`, at most `keep_claims` unless ClickHouse lacks them."""

    def __init__(self, keep_seconds: float = 120.0, keep_claims: int = 300_000) -> None:
        self._keep_seconds = keep_seconds
        self._keep_claims = keep_claims
        self._claims: dict[str, dict[bytes, Stated]] = {}
        self._voided: defaultdict[str, Counter[bytes]] = defaultdict(Counter)
        self._ages: deque[_Aged] = deque()
        self.size = 0
        self.last: dict[str, tuple[int, int]] = {}
        """Source -> partition and offset of its newest message."""

    def known(self, tenant: str, ids: Iterable[bytes]) -> Mapping[bytes, Stated]:
        """What is in the window of these statements of a source."""
        claims = self._claims.get(tenant, {})
        return {each: claims[each] for each in ids if each in claims}

    def voided(self, tenant: str) -> list[bytes]:
        """The statements of a source that messages in the window void."""
        return list(self._voided.get(tenant, ()))

    def add(self, seen: Envelope, partition: int, offset: int, now: float) -> Verdict:
        """Take the next message of a partition in. `now` in seconds, on any clock that only rises."""
        self.last[seen.tenant] = (partition, offset)
        if not seen.claims:
            return Verdict.TAKEN
        earlier = self._claims.setdefault(seen.tenant, {})
        verdict = verdict_on(seen.claims, earlier)
        if verdict is not Verdict.CONFLICT:
            new = {each.statement_id: each.stated for each in seen.claims if each.statement_id not in earlier}
            if new:
                earlier.update(new)
                self._ages.append(_Aged(now, partition, offset, seen.tenant, list(new), seen.voided))
                self.size += len(new)
                self._voided[seen.tenant].update(seen.voided)
        return verdict

    def forget(self, stored: Mapping[int, int], now: float) -> None:
        """Drop what is old, or too much, of that which ClickHouse has: `stored` is partition -> next offset."""
        while self._ages and self._may_go(self._ages[0], stored, now):
            aged = self._ages.popleft()
            claims = self._claims[aged.tenant]
            for each in aged.ids:
                del claims[each]
            self.size -= len(aged.ids)
            if not claims:
                del self._claims[aged.tenant]
            self._voided[aged.tenant] -= Counter(aged.voided)

    def _may_go(self, aged: _Aged, stored: Mapping[int, int], now: float) -> bool:
        is_due = now - aged.seen_at > self._keep_seconds or self.size > self._keep_claims
        return is_due and aged.offset < stored.get(aged.partition, 0)


def verdict_on(claims: Iterable[Claim], known: Mapping[bytes, Stated]) -> Verdict:
    """Whether claims go together with what is known of the same statements."""
    verdict = Verdict.TAKEN
    for claim in claims:
        earlier = known.get(claim.statement_id)
        if earlier is None or claim.stated.digest == UNKNOWN:
            continue
        if earlier.digest == UNKNOWN:
            verdict = Verdict.ASK
        elif not is_same(earlier, claim.stated):
            return Verdict.CONFLICT
    return verdict
