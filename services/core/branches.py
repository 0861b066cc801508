"""What linked accounts sent: a tree of holdings, a branch for each account, that any later link can prune or graft.

When an account is linked, its worker id sends its holdings, and everything that was sent to it, on to the target, under
the decision by which it does so. So what a worker has is its own holdings and a tree: a branch for each id that ever
sent, with the branches that had been sent to that id. Nothing that came over a link is mixed into a worker's own
holdings; a wrong link, once undone, leaves no trace.

Join: of two branches from one id the greater decision wins whole, for it is that id's latest word on where it goes; of
the same decision their holdings and branches are joined. A branch whose decision names somebody else than the worker it
hangs on is dead: the id has moved away, and all that came with it. The lexicographic product of a chain and a lattice
is a lattice, so the laws of holdings carry over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from services.core.holdings import EMPTY, Holdings, merge
from services.core.holdings.registers import joined
from services.core.links import Decision


class Branch(Struct, frozen=True, gc=False, array_like=True):
    """What one id sent under one decision: its own holdings, and what others had sent to it."""

    decision: Decision
    own: Holdings = EMPTY
    branches: Mapping[str, Branch] = {}


class Hop(Struct, frozen=True, gc=False, array_like=True):
    """One step of the way that holdings come: from this id, by this decision, to its target."""

    worker_id: str
    decision: Decision


class Absorb(Struct, frozen=True, gc=False, array_like=True):
    """Holdings of `path[0]`'s own, as sent on by each id of the path; the last one is the sender.

    What is sent may be all of the holdings or only news: it is merged with what came by the same way before.
    """

    path: tuple[Hop, ...]
    own: Holdings = EMPTY


_encode = Encoder().encode
_decode = Decoder(Absorb).decode


def dumps(absorb: Absorb) -> bytes:
    """The message as MessagePack."""
    return _encode(absorb)


def loads(data: bytes) -> Absorb:
    """The message that `dumps` wrote. Raises: msgspec.DecodeError when the bytes are no such message."""
    return _decode(data)


def join(ours: Branch, theirs: Branch) -> Branch:
    """What both say. Returns `ours` itself when `theirs` adds nothing."""
    if ours.decision != theirs.decision:
        return max(ours, theirs, key=lambda branch: branch.decision)
    own, branches = merge(ours.own, theirs.own), joined(ours.branches, theirs.branches, join)
    if own is ours.own and branches is ours.branches:
        return ours
    return Branch(ours.decision, own, branches)


def absorbed(branches: Mapping[str, Branch], absorb: Absorb) -> Mapping[str, Branch]:
    """The branches with this message in them. Returns `branches` itself when it adds nothing."""
    origin, *way = absorb.path
    branch = Branch(origin.decision, absorb.own)
    sender = origin
    for hop in way:
        branch = Branch(hop.decision, EMPTY, {sender.worker_id: branch})
        sender = hop
    return joined(branches, {sender.worker_id: branch}, join)


def knows_way(branches: Mapping[str, Branch], absorb: Absorb) -> bool:
    """Whether something came by this very way, under these very decisions, before."""
    for hop in reversed(absorb.path):
        branch = branches.get(hop.worker_id)
        if branch is None or branch.decision != hop.decision:
            return False
        branches = branch.branches
    return True


def living(branches: Mapping[str, Branch], worker_id: str) -> Iterator[tuple[tuple[str, ...], Holdings]]:
    """The way, from the sender down to the origin, and the holdings of every id that is this worker by links."""
    for sender, branch in branches.items():
        if branch.decision.target == worker_id:
            yield (sender,), branch.own
            for way, own in living(branch.branches, sender):
                yield (sender, *way), own


def messages(branches: Mapping[str, Branch], onward: Hop, own: Holdings) -> Iterator[Absorb]:
    """Everything that the id of `onward` has to send to the target of its decision, a message for each id.

    What would lead the target back to itself is left out: it has that already, and so messages never go round.
    """
    yield Absorb((onward,), own)
    for sender, branch in branches.items():
        if sender != onward.decision.target:
            for message in messages(branch.branches, Hop(sender, branch.decision), branch.own):
                if all(hop.worker_id != onward.decision.target for hop in message.path):
                    yield Absorb((*message.path, onward), message.own)
