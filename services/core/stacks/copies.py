"""A copy: one award as the rules see it, with what the catalog says of its achievement filled in.

Two awards of one achievement are two copies of it, and count once; an equivalence adds copies that are `via` an award
of something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, structs

from schemas.catalog import Counterpart, Offered
from schemas.values import Credits
from services.core.facts import Held
from services.core.stacks.durations import FIRST


class Copy(Struct, frozen=True, gc=False):
    """One award, members as in `services.core.facts.Held`.

    `via` is the award's own achievement when it stands for another by an equivalence.
    """

    key: str
    achievement: str
    issuer: str
    earned_at: datetime
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    type: str | None
    level: int | str | None
    tags: tuple[str, ...]
    skills: tuple[str, ...]
    subject: str | None
    term: str | None
    trust: int
    grade: str | None
    score: float | None
    credits: float | None
    unit: str | None
    via: str | None = None
    use: int = 0
    """Which use of the award this copy is: 0 as what it is, n by the nth equivalence; -1 if it takes none away."""


def copy_of(held: Held, offered: Offered | None) -> Copy:
    """The copy of an award, completed from the catalog.

    What the catalog says of an achievement goes before what the record says of it; what the award itself carried
    (credits, grade, score) goes first.
    """
    issuer, type_, level, tags, skills, subject = (
        held.issuer,
        held.type,
        held.level,
        held.tags,
        held.skills,
        held.subject,
    )
    amount, unit = held.credits, held.unit
    if offered is not None:
        type_ = offered.type or type_
        level = level if offered.level is None else offered.level
        tags = offered.tags or tags
        skills = offered.skills or skills
        subject = offered.subject or subject
        if issuer == held.source and offered.issuer is not None:
            issuer = offered.issuer
        if amount is None and offered.credits is not None:
            amount, unit = offered.credits.value, offered.credits.unit
    return Copy(
        held.key,
        held.achievement,
        issuer,
        held.earned_at,
        held.valid_from or held.earned_at,
        held.valid_until,
        held.revoked_at,
        type_,
        level,
        tags,
        skills,
        subject,
        held.term,
        held.trust,
        held.grade,
        held.score,
        amount,
        unit,
    )


def offered_copy(achievement: str, catalog: Mapping[str, Offered]) -> Copy:
    """An achievement as an award of it would look that carries nothing of its own."""
    return copy_of(Held("", "award", achievement, "", "", FIRST), catalog.get(achievement))


def counterpart(copy: Copy, target: Counterpart, offered: Offered | None, use: int = -1) -> Copy:
    """The copy that an equivalence makes of an award: the target achievement, earned when and where the award was.

    What the equivalence says goes before what the catalog says of the target, and that before what the award carried.
    """
    amount, unit = _worth(target, offered)
    return structs.replace(
        copy,
        achievement=target.achievement,
        type=offered.type if offered is not None else None,
        level=target.level if target.level is not None else (offered.level if offered is not None else None),
        tags=target.tags or (offered.tags if offered is not None else ()),
        skills=offered.skills if offered is not None and offered.skills else copy.skills,
        subject=offered.subject if offered is not None else None,
        credits=copy.credits if amount is None else amount,
        unit=copy.unit if amount is None else unit,
        via=copy.achievement,
        use=use,
    )


def _worth(target: Counterpart, offered: Offered | None) -> tuple[float | None, str | None]:
    stated: Credits | float | None = target.credits
    if stated is None and offered is not None:
        stated = offered.credits
    if isinstance(stated, Credits):
        return stated.value, stated.unit
    return stated, None
