"""Facts of a worker from published rows, so that the rules can be asked why: what the aggregate judged, judged again.

Apart from `people` because here rows become the rules' own words. A row of an award has all that rules ask of it but
tags, subject and term, which are the catalog's business; where a record alone stated them, the answer worked out here
may differ from the published one, and the page keeps to the published one (`people.standings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.core.facts import Enrolled, Excepted, Facts, Held
from services.dashboard.awards import HeldAward
from services.dashboard.queries import Row


def facts_of(awards: Sequence[HeldAward], enrolments: Iterable[Row], exceptions: Iterable[Row]) -> Facts:
    """The facts, each tuple sorted as the rules want it."""
    return Facts(
        awards=tuple(sorted(map(_held, awards), key=lambda held: held.key)),
        enrolments=tuple(map(_enrolled, enrolments)),
        exceptions=tuple(map(_excepted, exceptions)),
    )


def _held(award: HeldAward) -> Held:
    return Held(
        key=award.key,
        basis=award.basis,
        achievement=award.achievement_id,
        issuer=award.issuer_id,
        award_id=award.award_id,
        earned_at=award.valid_from,
        valid_until=award.valid_until,
        revoked_at=award.revoked_at,
        revoked_reason=award.revoked_reason or None,
        name=award.achievement_name,
        type=award.type or None,
        level=int(award.level) if award.level.isdecimal() else award.level or None,
        skills=award.skills,
        trust=award.trust,
        grade=award.grade or None,
        score=award.score_scaled,
        credits=award.credits_value,
        unit=award.credits_unit or None,
        source=award.source,
    )


def _enrolled(row: Row) -> Enrolled:
    return Enrolled(row["stack_id"], row["stack_version"] or None, row["newest_at"])


def _excepted(row: Row) -> Excepted:
    return Excepted(
        stack_id=row["stack_id"],
        type=row["type"],
        rule=row["rule"] or None,
        achievement=row["achievement_id"] or None,
        min=row["minimum"],
        by=row["decided_by"],
        why=row["why"],
        decided_at=row["newest_at"],
    )
