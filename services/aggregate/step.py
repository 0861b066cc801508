"""One batch decided: what it adds to each worker's state, and everything that follows from it. Pure.

Messages are grouped by worker, merged at once, and each stack that they touch is judged once. Whatever follows is said
again when a batch is delivered again, whether or not it changed the state, so nothing is lost to a crash between
writing rows and storing states; tables keep the newest version of a row, so saying it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha1
from typing import Any, NamedTuple

from services.aggregate.changes import Changes, Outgoing
from services.aggregate.rows import record_row
from services.aggregate.showing import EVERYTHING, Look, Touched, show
from services.core import branches
from services.core.branches import Absorb, knows_way
from services.core.holdings import Holdings, gathered
from services.core.people import NOBODY, WorkerState, onward, told
from services.core.stacks.compile import CompiledCatalog
from services.runtime.cloudevents import binary_headers

__all__ = ["ABSORB_TYPE", "Changes", "Message", "reevaluate", "step"]

ABSORB_TYPE = "stepwell.absorb.v1"
ABSORB_SOURCE = "/stepwell/aggregate"
MSGPACK = "application/msgpack"


class Message(NamedTuple):
    """What came for a worker: a record, or holdings that another id sends on.

    `worker_id` is the key on the log, `version` that of the rows that follow, `body` the value as it is on the log.
    """

    worker_id: str
    what: Any
    version: int
    body: bytes


class Mail(NamedTuple):
    """All that a batch has for one worker, sorted; `version` is the last message's."""

    records: list[Any]
    links: list[Any]
    absorbs: list[Absorb]
    version: int


def step(
    states: Mapping[str, WorkerState], messages: Sequence[Message], catalog: CompiledCatalog, as_of: datetime
) -> Changes:
    """What a batch of one partition, in its order, changes; `states` has those that are known of its workers.

    O(messages), and for each worker one pass over its awards and one evaluation of each stack touched.
    """
    changes = Changes()
    changes.records.extend(
        [
            record_row(message.what, message.body, message.version)
            for message in messages
            if not isinstance(message.what, Absorb)
        ]
    )
    for worker_id, mail in _by_worker(messages):
        _hear(worker_id, states.get(worker_id) or NOBODY, mail, catalog, as_of, changes)
    return changes


def reevaluate(
    states: Mapping[str, WorkerState], catalog: CompiledCatalog, as_of: datetime, version: int, *, awards: bool = True
) -> Changes:
    """What is to be shown of these workers without any news: because time passed, or because the catalog changed.

    `version` is the partition's last; `awards` tells whether awards are shown too, as they must be when the catalog
    changed, for it names them.
    """
    changes = Changes()
    touched = Touched(None if awards else (), None, former=False)
    for worker_id, state in states.items():
        look = Look.at(worker_id, state, state, catalog, as_of, version)
        _note(worker_id, state, show(look, state, touched, changes), changes)
    return changes


def _hear(
    worker_id: str, was: WorkerState, mail: Mail, catalog: CompiledCatalog, as_of: datetime, changes: Changes
) -> None:
    news = gathered(mail.records)
    now = told(was, news, mail.links, mail.absorbs)
    for target, absorb in onward(worker_id, now, news, mail.links, mail.absorbs):
        changes.outgoing.append(_outgoing(target, absorb, as_of))
    look = Look.at(worker_id, was, now, catalog, as_of, mail.version)
    _note(worker_id, was, show(look, now, _touched(was, news, mail), changes), changes)


def _note(worker_id: str, was: WorkerState, now: WorkerState, changes: Changes) -> None:
    if now is not was:
        changes.states[worker_id] = now
    changes.timers[worker_id] = now.wake_at


def _by_worker(messages: Sequence[Message]) -> Iterator[tuple[str, Mail]]:
    grouped: dict[str, list[Message]] = {}
    for message in messages:
        grouped.setdefault(message.worker_id, []).append(message)
    for worker_id, own in grouped.items():
        absorbs = [message.what for message in own if isinstance(message.what, Absorb)]
        records = [message.what for message in own if not isinstance(message.what, Absorb)]
        links = [record for record in records if record.kind == "link"]
        yield worker_id, Mail(records, links, absorbs, own[-1].version)


def _touched(was: WorkerState, news: Holdings, mail: Mail) -> Touched:
    """What the news touch: everything, when they change who the worker is, who sees it, or what may be known of it."""
    parts = [news, *(absorb.own for absorb in mail.absorbs)]
    if (
        mail.links
        or any(part.employments or part.erased_at is not None for part in parts)
        or not all(knows_way(was.branches, absorb) for absorb in mail.absorbs)
    ):
        return EVERYTHING
    awards = dict.fromkeys(key for part in parts for key in part.awards)
    enrolled = [said.stack_id for part in parts for said in part.enrolments.values()]
    excepted = [said.stack_id for part in parts for said in part.exceptions.values()]
    return Touched(tuple(awards), (*enrolled, *excepted), former=False)


def _outgoing(target: str, absorb: Absorb, as_of: datetime) -> Outgoing:
    value = branches.dumps(absorb)
    headers = binary_headers(
        event_id=sha1(target.encode() + value, usedforsecurity=False).hexdigest(),
        source=ABSORB_SOURCE,
        event_type=ABSORB_TYPE,
        time=as_of,
        content_type=MSGPACK,
    )
    return Outgoing(target.encode(), value, headers)
