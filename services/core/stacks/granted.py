"""What stacks give to one another: a completed stack is an award of what it awards, and a renewal renews what is below.

The award that a stack grants lasts as long as the stack does, is trusted as little as the least of what it rests on,
and is left out where the same achievement is already held by an award of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import structs

from services.core.stacks.copies import Copy
from services.core.stacks.ledger import Ledger, with_copies
from services.core.stacks.outcome import Evaluation, Outcome, supporting

ISSUER = "stepwell"
"""Who stands behind an achievement that a stack grants, where the catalog names no issuer."""


def granted(evaluation: Evaluation, ledger: Ledger) -> Copy | None:
    """The award that a complete stack is, or None when it is none or the achievement is held anyway."""
    awards = evaluation.stack.document.awards
    if not evaluation.complete or awards is None or evaluation.credential is not None:
        return None
    held = ledger.copies[ledger.units[awards]] if awards in ledger.units else ()
    if any(_lasts(copy, ledger.as_of) for copy in held):
        return None
    offered = ledger.catalog.offered(awards)
    earned = evaluation.earned_at or ledger.as_of
    return structs.replace(
        offered,
        key=f"{offered.issuer or ISSUER}/stack:{evaluation.stack.id}",
        issuer=offered.issuer or ISSUER,
        earned_at=earned,
        valid_from=earned,
        valid_until=evaluation.valid_until,
        trust=min((copy.trust for copy in _resting_on(evaluation.root)), default=0),
    )


def with_cascades(ledger: Ledger, renewing: Sequence[Evaluation]) -> Ledger:
    """The ledger with awards valid for as long as the renewals of other stacks make them."""
    until: dict[str, list[tuple[datetime, datetime]]] = {}
    for evaluation in renewing:
        renewal = evaluation.stack.document.renewal
        for target in () if renewal is None else renewal.cascades_to:
            until.setdefault(target, []).extend(evaluation.validity)
    if not any(achievement in ledger.units for achievement in until):
        return ledger
    extended = [
        _extended(copy, until[copy.achievement])
        for copies in ledger.copies
        for copy in copies
        if copy.achievement in until and copy.via is None
    ]
    return with_copies(ledger, lambda copy: copy.key not in {one.key for one in extended}, extended)


def _extended(copy: Copy, validity: Sequence[tuple[datetime, datetime]]) -> Copy:
    """An award whose end was put off by each renewal that came while it was valid."""
    end = copy.valid_until
    for at, until in sorted(validity):
        if end is not None and at < end:
            end = max(end, until)
    return structs.replace(copy, valid_until=end)


def _lasts(copy: Copy, as_of: datetime) -> bool:
    return copy.valid_until is None or copy.valid_until > as_of


def _resting_on(outcome: Outcome) -> Iterator[Copy]:
    yield from outcome.used
    if outcome.nested is not None:
        yield from _resting_on(outcome.nested.root)
    for child in supporting(outcome):
        yield from _resting_on(child)
