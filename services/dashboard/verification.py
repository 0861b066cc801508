"""What a verification says, in plain words: one step a question, each with its own answer, reason and time.

The dashboard does not verify: the gateway does (`POST /v1/verify`), where the cryptography is. Here its answer is read
and put into words. There is no overall verdict; a step that is inconclusive says so and is not counted as anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.dashboard.models import Answer
from services.runtime.verifying import Outcome, Told, answers_of, text_of

QUESTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "form": ("Is it a credential?", "Its form is that of the standard it claims to follow."),
    "proof": ("Is it unchanged since it was signed?", "The signature belongs to these very words."),
    "key": ("Did the issuer sign it?", "The key that signed is one that the issuer names as its own."),
    "issuer": ("Is the issuer known?", "A registry that is trusted here lists the issuer."),
    "status": ("Is it still standing?", "The issuer has not taken it back or suspended it."),
    "dates": ("Is it in force today?", "Today lies between its first and its last day."),
    "subject": ("Is it about this person?", "It names the worker it was shown for."),
    "endorsements": ("Does anybody else vouch for it?", "Endorsements that it carries were checked, too."),
    "evidence": ("Does it come with evidence?", "It says what the achievement rests on."),
    "uncovered": ("Is everything in it signed?", "No member of it lies outside the signature."),
}
"""Step -> what it answers, and what yes means; the steps are shown in this order, any other after them."""


class Step(Answer):
    """One question and its answer."""

    name: str
    question: str
    meaning: str
    outcome: Outcome
    code: str
    reason: str
    checked_at: datetime | None


class Verification(Answer):
    """All steps, what is claimed by whom, and the tier that follows."""

    digest: str
    checked_at: datetime
    tier: int | None
    title: str
    issuer: str
    subject: str
    document: str
    """The credential's own text, as it was found in what was sent; empty when it is not told."""
    steps: tuple[Step, ...]
    link_ends_at: datetime | None = None
    """When the link ends that led here; None when none did."""
    parts: tuple[Verification, ...] = ()
    """The credentials within: what a transcript is made of, and endorsements; each with answers of its own."""

    def counted(self, outcome: Outcome) -> int:
        """How many steps have this outcome."""
        return sum(step.outcome == outcome for step in self.steps)


def verification_of(answer: Mapping[str, Any], now: datetime) -> Verification:
    """What the gateway answered, read."""
    claims = answer.get("credential") or answer.get("claims") or {}
    return Verification(
        digest=str(answer.get("digest", "")),
        checked_at=answer.get("checked_at") or now,
        tier=answer.get("tier"),
        title=text_of(claims, "name", "achievement_name", "achievement"),
        issuer=text_of(claims, "issuer_name", "issuer", "issuer_id"),
        subject=text_of(claims, "subject_name", "subject", "subject_id"),
        document=text_of(answer, "document"),
        link_ends_at=answer.get("link_ends_at"),
        steps=tuple(sorted(map(_step, answers_of(answer)), key=_place)),
        parts=tuple(verification_of(part, now) for part in answer.get("parts") or () if isinstance(part, Mapping)),
    )


def _step(told: Told) -> Step:
    question, meaning = QUESTIONS.get(told.name, (f"{told.name.replace('_', ' ').capitalize()}?", ""))
    return Step(
        name=told.name,
        question=question,
        meaning=meaning,
        outcome=told.outcome,
        code=told.code,
        reason=told.reason,
        checked_at=told.checked_at,
    )


def _place(step: Step) -> int:
    names = list(QUESTIONS)
    return names.index(step.name) if step.name in QUESTIONS else len(names)
