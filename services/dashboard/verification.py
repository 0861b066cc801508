"""What a verification says, in plain words: one step a question, each with its own answer, reason and time.

The dashboard does not verify: the gateway does (`POST /v1/verify`), where the cryptography is. Here its answer is read
and put into words. There is no overall verdict; a step that is inconclusive says so and is not counted as anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal

from services.dashboard.models import Answer

Outcome = Literal["yes", "no", "unknown"]

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
ALIASES: Final[Mapping[str, str]] = {
    "signature": "proof",
    "key_bound": "key",
    "key_bound_to_issuer": "key",
    "key_binding": "key",
    "issuer_registered": "issuer",
    "registered": "issuer",
    "registry": "issuer",
    "subject_bound": "subject",
    "subject_binding": "subject",
    "uncovered_members": "uncovered",
    "uncovered_terms": "uncovered",
    "covered": "uncovered",
    "schema": "form",
}
_OUTCOMES: Final[Mapping[Any, Outcome]] = {True: "yes", False: "no", "true": "yes", "false": "no"}


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
        title=_text(claims, "name", "achievement_name", "achievement"),
        issuer=_text(claims, "issuer_name", "issuer", "issuer_id"),
        subject=_text(claims, "subject_name", "subject", "subject_id"),
        document=_text(answer, "document"),
        steps=tuple(sorted(_steps(answer.get("answers") or {}), key=_place)),
    )


def _steps(answers: Any) -> Iterator[Step]:
    listed = answers.items() if isinstance(answers, Mapping) else ((one.get("name", ""), one) for one in answers)
    for given, told in listed:
        if not isinstance(told, Mapping):
            continue
        name = ALIASES.get(given, given)
        question, meaning = QUESTIONS.get(name, (f"{given.replace('_', ' ').capitalize()}?", ""))
        yield Step(
            name=name,
            question=question,
            meaning=meaning,
            outcome=_outcome(told),
            code=_text(told, "code", "reason_code"),
            reason=_text(told, "detail", "reason", "sentence"),
            checked_at=told.get("checked_at"),
        )


def _outcome(told: Mapping[str, Any]) -> Outcome:
    value = told.get("answer", told.get("value"))
    return _OUTCOMES.get(value, "unknown") if isinstance(value, bool | str) else "unknown"


def _place(step: Step) -> int:
    names = list(QUESTIONS)
    return names.index(step.name) if step.name in QUESTIONS else len(names)


def _text(told: Mapping[str, Any], *names: str) -> str:
    """The first of these members that is text."""
    return next((value for name in names if isinstance(value := told.get(name), str) and value), "")
