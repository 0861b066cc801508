"""The separate answers about one credential, each yes, no or unknown with a reason code and the time it was checked.

"Unknown" is never read as yes: what could not be reached, or is not understood, says so. Source: the questions are
those of Open Badges 3.0, section 9 (verification), https://www.imsglobal.org/spec/ob/v3p0/, asked one by one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: true, false, or None where nobody knows; `code` for programs, `detail` one plain sentence."""

    answer: bool | None
    code: str
    detail: str
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All answers about one credential."""

    form: Answer
    """Its form is that of the standard it claims to follow."""
    proof: Answer
    """A signature belongs to these very words."""
    key: Answer
    """The key that signed is one that the issuer names as its own."""
    issuer: Answer
    """A registry that is trusted here lists the issuer."""
    status: Answer
    """The issuer has neither revoked nor suspended it."""
    dates: Answer
    """The instant asked about lies between its first and its last."""
    subject: Answer
    """It is about the worker whom it was shown for."""
    endorsements: Answer
    """Endorsements that it carries were verified."""
    evidence: Answer
    """It says what the achievement rests on."""
    uncovered: Answer
    """No member lies outside the signature."""

    def as_json(self) -> dict[str, Any]:
        """The answers by name."""
        return asdict(self)


def yes(code: str, detail: str, at: datetime) -> Answer:
    """It is so."""
    return Answer(True, code, detail, at)  # noqa: FBT003 - the answer is what the function says


def no(code: str, detail: str, at: datetime) -> Answer:
    """It is not so."""
    return Answer(False, code, detail, at)  # noqa: FBT003 - as above


def unknown(code: str, detail: str, at: datetime) -> Answer:
    """Nobody knows."""
    return Answer(None, code, detail, at)


def tier_of(answers: Answers) -> int:
    """How far the credential can be trusted, by what was verified and not by what it says.

    0 unsigned, or the signature is another's; 1 signed; 2 and the key is the issuer's; 3 and the issuer is registered
    and the status was checked; 4 and an endorsement was verified. A credential whose form is not what it claims has 0.
    """
    steps = (
        answers.proof.answer and answers.form.answer is not False and answers.uncovered.answer is not False,
        answers.key.answer,
        answers.issuer.answer and answers.status.answer,
        answers.endorsements.answer,
    )
    tier = 0
    for is_met in steps:
        if not is_met:
            break
        tier += 1
    return tier
