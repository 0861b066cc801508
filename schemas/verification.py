"""What was found out about a credential: every question answered on its own, with a reason and the time of the check.

There is no overall verdict; the tier of trust is a rule over the answers (`services.core.trust.tier_of`). `answer` is
null or absent where nobody can tell, and is then never read as true.
"""

from __future__ import annotations

from schemas.values import Closed, Instant, Label, Text


class Answer(Closed):
    """One answer: true, false, or none for unknown; `code` for programs, `detail` one plain sentence."""

    answer: bool | None = None
    code: Label
    detail: Text
    checked_at: Instant


class Answers(Closed):
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
    """The instant of the check lies between its first and its last."""
    subject: Answer
    """It is about the worker whom it was sent for."""
    endorsements: Answer
    """Endorsements that it carries were verified."""
    evidence: Answer
    """It says what the achievement rests on."""
    uncovered: Answer
    """No member lies outside the signature."""
