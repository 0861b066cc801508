"""People: workers with the accounts that were linked to them, worked out in one go or message by message.

`gather` has all records at hand and follows the links. The aggregate has not: each id lives in a partition of its own,
so a linked id forwards what it has (`services.core.branches`) and `WorkerState` is what it keeps. Both end in the same
holdings, whatever the order; that is this module's law (tests/property/core/test_people_laws.py).

Rules: what an account's sources agree on decides; chains are followed to their end; ids linked in a circle are one
person, kept under the smallest of them. A forwarded id keeps its own holdings, so another decision puts all back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import replace

from schemas.records import Link, Record
from services.core.branches import Absorb, Branch, Hop, absorbed, living, messages
from services.core.holdings import EMPTY, Holdings, add, merge
from services.core.links import Conflict, Links, conflict, decided, heard, targets
from services.core.settle import routing_key


class WorkerState(Struct, frozen=True, gc=False, array_like=True):
    """What the aggregate keeps of one id. `own`, `links` and `branches` only grow; the rest notes what tables show.

    `employers` are those whom the worker was last shown to ("": to nobody yet), () while the id is forwarded; `stacks`
    are those whose progress was shown, and `is_advised` tells whether that was with advice; `wake_at` is when time
    alone may change what is shown.
    """

    own: Holdings = EMPTY
    links: Links = {}
    branches: Mapping[str, Branch] = {}
    employers: tuple[str, ...] = ()
    stacks: tuple[str, ...] = ()
    wake_at: datetime | None = None
    is_advised: bool = True


NOBODY = WorkerState()

_encode = Encoder().encode
_decode = Decoder(WorkerState).decode


def dumps(state: WorkerState) -> bytes:
    """The state as MessagePack."""
    return _encode(state)


def loads(data: bytes) -> WorkerState:
    """The state that `dumps` wrote. Raises: msgspec.DecodeError when the bytes are no state."""
    return _decode(data)


def told(state: WorkerState, news: Holdings, links: Sequence[Link], absorbs: Iterable[Absorb]) -> WorkerState:
    """The state with all this in it. Returns `state` itself when it adds nothing."""
    own = merge(state.own, news)
    claims = heard(state.links, links) if links else state.links
    branches = reduce(absorbed, absorbs, state.branches)
    if own is state.own and claims is state.links and branches is state.branches:
        return state
    return replace(state, own=own, links=claims, branches=branches)


def onward(
    worker_id: str, state: WorkerState, news: Holdings, links: Sequence[Link], absorbs: Iterable[Absorb]
) -> Iterator[tuple[str, Absorb]]:
    """What this id has to send on, and to whom, after `told` made `state` of the same arguments.

    Without a link it sends nothing. A link among the news makes it tell every id that it was ever linked to where it
    is now, and the one where it is now everything. Else the news go on the way that they came. The same news always
    give the same messages, whether or not they changed the state, so a crash between sending and storing loses none.
    """
    decision = decided(worker_id, state.links)
    if decision is None:
        return
    here = Hop(worker_id, decision)
    if links:
        yield from ((former, Absorb((here,))) for former in sorted(targets(state.links) - {decision.target, worker_id}))
    if decision.target == worker_id:
        return
    if links:
        yield from ((decision.target, message) for message in messages(state.branches, here, state.own))
        return
    if news != EMPTY:
        yield decision.target, Absorb((here,), news)
    for absorb in absorbs:
        if all(hop.worker_id != decision.target for hop in absorb.path):
            yield decision.target, Absorb((*absorb.path, here), absorb.own)


def effective(worker_id: str, state: WorkerState) -> Holdings:
    """All that this worker has: its own holdings and those of every id that is this worker by links."""
    if not state.branches:
        return state.own
    return reduce(merge, (own for _, own in living(state.branches, worker_id)), state.own)


def is_forwarded(worker_id: str, state: WorkerState) -> bool:
    """Whether this id is somebody else by links, so that what it has is shown there and not here."""
    decision = decided(worker_id, state.links)
    if decision is None or decision.target == worker_id:
        return False
    for way, _ in living(state.branches, worker_id):
        if way[-1] == decision.target:
            return min(way) < worker_id
    return True


def gather(records: Iterable[Record]) -> dict[str, Holdings]:
    """Worker -> holdings, from all the records there are; linked accounts only under the worker they are linked to."""
    own, links = _sorted_out(records)
    people: dict[str, Holdings] = {}
    for worker_id, said in own.items():
        person = person_of(worker_id, links)
        people[person] = merge(people.get(person, EMPTY), add(EMPTY, said))
    return people


def conflicts(records: Iterable[Record]) -> tuple[Conflict, ...]:
    """The accounts that different sources say are different workers', by worker id."""
    _, links = _sorted_out(records)
    found = (conflict(worker_id, claims) for worker_id, claims in sorted(links.items()))
    return tuple(disagreement for disagreement in found if disagreement is not None)


def person_of(worker_id: str, links: Mapping[str, Links]) -> str:
    """Who this id is by the links of all ids: the end of its chain, or the smallest id of the circle it leads to."""
    way = [worker_id]
    while (decision := decided(way[-1], links.get(way[-1], {}))) is not None and decision.target != way[-1]:
        if decision.target in way:
            return min(way[way.index(decision.target) :])
        way.append(decision.target)
    return way[-1]


def _sorted_out(records: Iterable[Record]) -> tuple[dict[str, list[Record]], dict[str, Links]]:
    own: dict[str, list[Record]] = {}
    links: dict[str, Links] = {}
    for record in records:
        worker_id = routing_key(record)
        if record.kind == "link":
            links[worker_id] = heard(links.get(worker_id, {}), [record])
        else:
            own.setdefault(worker_id, []).append(record)
    return own, links
