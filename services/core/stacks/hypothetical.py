"""An award that nobody has yet: the achievement earned now, with the best result, trusted and lasting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import structs

from services.core.facts import Facts, Held
from services.core.stacks.compiled import CompiledCatalog
from services.core.stacks.grades import best_grade

TRUST = 4
"""The question is what it would bring, not who vouches for it."""
LIFE = timedelta(days=3 * 365)
"""It ends, so that rules over awards that end count it, and not soon."""


def hypothetical(achievement: str, as_of: datetime, catalog: CompiledCatalog) -> Held:
    """The award; its issuer is the catalog's for the achievement."""
    offered = catalog.achievements.get(achievement)
    issuer = "assumed" if offered is None or offered.issuer is None else offered.issuer
    return Held(
        key=f"assumed/{achievement}",
        basis="award",
        achievement=achievement,
        issuer=issuer,
        award_id=achievement,
        earned_at=as_of,
        valid_until=as_of + LIFE,
        trust=TRUST,
        grade=best_grade(catalog.scales),
        score=1.0,
        source="assumed",
    )


def assuming(known: Facts, achievements: Iterable[str], as_of: datetime, catalog: CompiledCatalog) -> Facts:
    """A worker's facts with such awards besides."""
    made = [hypothetical(achievement, as_of, catalog) for achievement in dict.fromkeys(achievements)]
    return structs.replace(known, awards=tuple(sorted((*known.awards, *made), key=lambda one: one.key)))


def with_award(known: Facts, award: Held) -> Facts:
    """A worker's facts with one award besides."""
    return structs.replace(known, awards=tuple(sorted((*known.awards, award), key=lambda one: one.key)))
