"""Holdings as a whole: made of records, merged, erased, read as facts, written as bytes.

Invariant: nothing that was said up to `erased_at` is in any register, whatever arrives and in whatever order. Links are
not part of holdings (see `services.core.links`): they move holdings, and outlive an erasure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from schemas.records import Record
from services.core.facts import Employed, Facts, Held
from services.core.holdings import awards, reading, statuses
from services.core.holdings.registers import joined, newest, surviving
from services.core.mappings import NO_MAPPINGS, Mappings


class Holdings(Struct, frozen=True, gc=False, array_like=True):
    """All that is known of one worker. Keys are the identities that each register type makes; see its module."""

    awards: Mapping[str, awards.Entry] = {}
    enrolments: Mapping[str, statuses.Enrolling] = {}
    employments: Mapping[str, statuses.Employing] = {}
    exceptions: Mapping[str, statuses.Deciding] = {}
    erased_at: datetime | None = None


EMPTY = Holdings()

# Kind of record -> (the register it goes to, what it makes there)
_MAKERS: dict[str, tuple[str, Callable[[Any], tuple[str, Any]]]] = {
    "award": ("awards", awards.of_award),
    "completion": ("awards", awards.of_completion),
    "revocation": ("awards", awards.of_revocation),
    "verification": ("awards", awards.of_verification),
    "enrolment": ("enrolments", statuses.of_enrolment),
    "employment": ("employments", statuses.of_employment),
    "exception": ("exceptions", statuses.of_exception),
}
_JOINS: dict[str, Callable[[Any, Any], Any]] = {
    "awards": awards.join,
    "enrolments": newest,
    "employments": newest,
    "exceptions": newest,
}

_encode = Encoder().encode
_decode = Decoder(Holdings).decode


def add(holdings: Holdings, records: Iterable[Record]) -> Holdings:
    """The holdings with these records merged in. Returns `holdings` itself when they add nothing."""
    return merge(holdings, gathered(records))


def gathered(records: Iterable[Record]) -> Holdings:
    """The holdings that these records make on their own: what they say, under the registers they say it of."""
    made: dict[str, dict[str, Any]] = {register: {} for register in _JOINS}
    erased_at: datetime | None = None
    for record in records:
        if record.kind in _MAKERS:
            register, make = _MAKERS[record.kind]
            key, said = make(record)
            entries = made[register]
            entries[key] = _JOINS[register](entries[key], said) if key in entries else said
        elif record.kind == "erasure":
            erased_at = _later(erased_at, record.occurred_at)
    found = Holdings(made["awards"], made["enrolments"], made["employments"], made["exceptions"])
    return _forget(found, erased_at)


def merge(ours: Holdings, theirs: Holdings) -> Holdings:
    """What both know. Commutative, associative, idempotent; returns `ours` itself when `theirs` adds nothing.

    O(entries of `theirs`), and a copy of those maps of `ours` that change; an erasure looks through everything.
    """
    if not ours.awards and ours == EMPTY:
        return theirs
    erased_at = _later(ours.erased_at, theirs.erased_at)
    if erased_at is not None:
        ours_left, theirs = _forget(ours, erased_at), _forget(theirs, erased_at)
        ours = ours if ours_left == ours else ours_left
    parts = (
        joined(ours.awards, theirs.awards, awards.join),
        joined(ours.enrolments, theirs.enrolments, newest),
        joined(ours.employments, theirs.employments, newest),
        joined(ours.exceptions, theirs.exceptions, newest),
    )
    known = (ours.awards, ours.enrolments, ours.employments, ours.exceptions)
    if all(part is old for part, old in zip(parts, known, strict=True)):
        return ours
    return Holdings(*parts, erased_at)


def held(holdings: Holdings, key: str, mappings: Mappings = NO_MAPPINGS) -> Held | None:
    """The award under this key of `awards` as rules see it; None when it is unknown or does not count as held."""
    entry = holdings.awards.get(key)
    return None if entry is None else reading.held(entry, mappings)


def stated(holdings: Holdings, key: str) -> Held | None:
    """The award under this key of `awards` as its sources state it, whether or not it counts as held."""
    entry = holdings.awards.get(key)
    return None if entry is None else reading.stated(entry)


def set_out_on(holdings: Holdings, stack_id: str, mappings: Mappings) -> str:
    """The stack that an enrolment in this one is in: the same, unless a mapping says what its id means."""
    said = holdings.enrolments.get(stack_id)
    return stack_id if said is None else statuses.enrolled(said, mappings).stack_id


def facts(holdings: Holdings, mappings: Mappings = NO_MAPPINGS) -> Facts:
    """What rules are judged against. Sorted, so equal holdings give equal facts. O(n log n).

    `mappings` are those of the catalog that the rules are of.
    """
    found = [reading.held(entry, mappings) for entry in _sorted(holdings.awards)]
    decided = [statuses.excepted(said) for said in _sorted(holdings.exceptions)]
    return Facts(
        awards=tuple([award for award in found if award is not None]),
        enrolments=tuple([statuses.enrolled(said, mappings) for said in _sorted(holdings.enrolments)]),
        exceptions=tuple([exception for exception in decided if exception is not None]),
        employments=employed(holdings),
    )


def employed(holdings: Holdings) -> tuple[Employed, ...]:
    """The employments alone of `facts`."""
    return tuple([statuses.employed(said) for said in _sorted(holdings.employments)])


def dumps(holdings: Holdings) -> bytes:
    """The holdings as MessagePack."""
    return _encode(holdings)


def loads(data: bytes) -> Holdings:
    """The holdings that `dumps` wrote. Raises: msgspec.DecodeError when the bytes are not holdings."""
    return _decode(data)


def _sorted(register: Mapping[str, Any]) -> list[Any]:
    return [register[key] for key in sorted(register)] if register else []


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def _forget(holdings: Holdings, erased_at: datetime | None) -> Holdings:
    if erased_at is None:
        return holdings
    left = {key: awards.erased(entry, erased_at) for key, entry in holdings.awards.items()}
    return Holdings(
        awards={key: entry for key, entry in left.items() if entry != awards.NOTHING},
        enrolments=surviving(holdings.enrolments, erased_at),
        employments=surviving(holdings.employments, erased_at),
        exceptions=surviving(holdings.exceptions, erased_at),
        erased_at=erased_at,
    )
