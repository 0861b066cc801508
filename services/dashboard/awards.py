"""Awards of one person as a page shows them: each with what may be believed of it, and told together by achievement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from orjson import loads

from services.dashboard.models import Answer
from services.dashboard.queries import Row

AwardStatus = Literal["active", "expired", "revoked", "not_yet_valid"]
Verdict = Literal["yes", "no", "unknown"]
_VERDICTS: dict[object, Verdict] = {True: "yes", False: "no", "true": "yes", "false": "no", "yes": "yes", "no": "no"}


class TrustAnswer(Answer):
    """One separate answer about a credential: what was asked, yes, no or unknown, and why in a few words."""

    question: str
    verdict: Verdict
    reason: str = ""


class HeldAward(Answer):
    """One award or successful completion of a worker, with what may be believed of it.

    `evidence` is the address or digest of the original, `form` what it came in, `answers` what was checked, when.
    """

    achievement_id: str
    achievement_name: str
    type: str
    level: str
    skills: tuple[str, ...]
    issuer_id: str
    award_id: str
    basis: Literal["award", "completion"]
    trust: int
    status: AwardStatus
    grade: str
    score_scaled: float | None
    credits_value: float | None
    credits_unit: str
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revoked_reason: str
    source: str
    evidence: str = ""
    form: str = ""
    received_at: datetime | None = None
    checked_at: datetime | None = None
    answers: tuple[TrustAnswer, ...] = ()

    @property
    def key(self) -> str:
        """What an allocation calls it."""
        return f"{self.issuer_id}/{self.award_id}"


class Held(Answer):
    """One achievement of a worker: the award that counts most (in force first, then newest), and all there are."""

    best: HeldAward
    awards: tuple[HeldAward, ...]

    @property
    def repeats(self) -> int:
        """How many other awards of the same achievement there are."""
        return len(self.awards) - 1


def held_awards(rows: Iterable[Row], evidence: Iterable[Row]) -> tuple[HeldAward, ...]:
    """Awards from rows of `worker_awards`, each with what `worker_evidence` has behind it."""
    behind = {(row["issuer_id"], row["award_id"]): row for row in evidence}
    return tuple(
        HeldAward.model_validate(row | _behind(behind.get((row["issuer_id"], row["award_id"])))) for row in rows
    )


def by_achievement(awards: Sequence[HeldAward]) -> tuple[Held, ...]:
    """The awards by achievement, in the order of each one's best award."""
    found: dict[str, list[HeldAward]] = {}
    for award in awards:
        found.setdefault(award.achievement_id, []).append(award)
    return tuple(Held(best=together[0], awards=tuple(together)) for together in found.values())


def trust_answers(text: str) -> tuple[TrustAnswer, ...]:
    """The separate answers of a verification: a mapping of question to a verdict, or to one with its reason."""
    told = loads(text) if text else {}
    return tuple(_answer(question, said) for question, said in told.items()) if isinstance(told, dict) else ()


def _behind(row: Row | None) -> dict[str, Any]:
    if row is None:
        return {}
    answers = trust_answers(row["newest_answers"])
    return {
        "evidence": row["original"],
        "form": row["form"],
        "received_at": row["first_received_at"],
        "checked_at": row["checked_at"] if answers else None,
        "answers": answers,
    }


def _answer(question: str, said: Any) -> TrustAnswer:
    told = said if isinstance(said, dict) else {"answer": said}
    verdict = _VERDICTS.get(told.get("answer", told.get("verdict")), "unknown")
    return TrustAnswer(question=question, verdict=verdict, reason=str(told.get("detail") or told.get("reason") or ""))
