"""The whole meaning of an achievement, and several side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.catalog import Issuer, Offered
from schemas.values import Credits
from services.core.meaning.answers import Subject
from services.core.meaning.checklist import Item, checklist
from services.core.meaning.classes import Classes, classes_of
from services.core.meaning.recognition import (
    Recognised,
    Through,
    earned_by,
    issuer_name,
    name_of,
    recognised,
    worth_elsewhere,
)
from services.core.meaning.vouchers import Voucher
from services.core.stacks.compiled import CompiledCatalog

MOST_COMPARED = 4


@dataclass(frozen=True, slots=True)
class MeaningOf:
    """What an achievement stands for: its classes, the checklist, and where it counts."""

    achievement: str
    name: str
    issuer: str | None
    classes: Classes
    credits: Credits | None
    checklist: tuple[Item, ...]
    recognised: tuple[Recognised, ...]
    worth: tuple[Through, ...]
    """What equivalences make of it."""
    earned_by: tuple[str, ...]
    """Stacks that award it, by title."""
    sources: tuple[str, ...]

    def counted(self, *states: str) -> int:
        """How many items are in one of these states."""
        return sum(item.state in states for item in self.checklist)


def meaning_of(achievement: str, catalog: CompiledCatalog, vouchers: Iterable[Voucher] = ()) -> MeaningOf:
    """What an achievement of the catalog means.

    Raises: KeyError when the catalog does not have it.
    """
    offered = catalog.achievements[achievement]
    counts_for = recognised(achievement, catalog)
    return MeaningOf(
        achievement=achievement,
        name=name_of(achievement, catalog),
        issuer=issuer_name(achievement, catalog),
        classes=classes_of(offered),
        credits=offered.credits,
        checklist=checklist(Subject(offered, issuer_of(offered, catalog), catalog, counts_for), vouchers),
        recognised=counts_for,
        worth=worth_elsewhere(achievement, catalog),
        earned_by=tuple(stack.document.title or stack.id for stack in earned_by(achievement, catalog)),
        sources=offered.meaning.sources,
    )


def issuer_of(offered: Offered, catalog: CompiledCatalog) -> Issuer | None:
    """Who issues it, as the catalog describes them."""
    return next((one for one in catalog.document.issuers if one.id == offered.issuer), None)


def compared(
    achievements: Sequence[str], catalog: CompiledCatalog, vouchers: Mapping[str, Sequence[Voucher]]
) -> tuple[MeaningOf, ...]:
    """Up to four achievements, each once; their checklists have the same items in the same order.

    Raises: KeyError for one that the catalog does not have; ValueError for more than four.
    """
    ids = tuple(dict.fromkeys(achievements))
    if len(ids) > MOST_COMPARED:
        raise ValueError(f"compare at most {MOST_COMPARED} achievements, not {len(ids)}")
    return tuple(meaning_of(one, catalog, vouchers.get(one, ())) for one in ids)
