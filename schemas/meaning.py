"""What an achievement stands for: the answers that an employer needs before a name on a list says anything.

Everything here is what its issuer publishes, carried by the catalog; whether somebody else confirms it is not said
here but found out (services/core/meaning). Nothing is required: what is not stated is shown as missing, never guessed.
Source: Council Recommendation 2022/C 243/02, Annex I, https://eur-lex.europa.eu/eli/C/2022/243/oj; TrustEd
Microcredential Framework, https://www.1edtech.org/program/tmc; Open Badges 3.0 Alignment and Result.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.moments import Duration
from schemas.values import Closed, Credits, Identifier, Label, Level

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Sentences = Annotated[tuple[Sentence, ...], Field(max_length=100)]
TrustedType = Literal["knowledge", "application", "recognition"]
"""TrustEd: knowledge tested by a validated assessment, ability to apply it shown, or taking part recognised."""
Method = Literal["exam", "performance", "artifact", "portfolio", "observation", "interview", "none"]
"""How it is assessed; `none` says that nothing is. Source: CTDL assessment method types, Open Badges Assessment."""
Supervision = Literal["unsupervised", "supervised_online", "supervised_onsite"]
IdentityCheck = Literal["none", "account", "document", "in_person", "biometric"]
"""How it is made sure that the one assessed is the one awarded; `account` is a log-in alone."""
Participation = Literal["online", "onsite", "blended", "workplace", "none"]
"""How one takes part in the learning; `none` where there is only an assessment."""


class Workload(Closed):
    """What it takes to reach the outcomes: hours of a learner's work, credits, or both."""

    hours: Annotated[float, Field(ge=0)] | None = None
    credits: Credits | None = None


class QualificationLevel(Closed):
    """A level within a framework of qualifications, such as EQF 5, with the cycle where there is one."""

    framework: Label
    level: Level
    cycle: Label | None = None
    url: Identifier | None = None


class Assessment(Closed):
    """How it is found out that the outcomes were reached, who watches, and who makes sure of the person."""

    methods: Annotated[tuple[Method, ...], Field(min_length=1)]
    description: Sentence | None = None
    supervision: tuple[Supervision, ...] = ()
    identity_check: IdentityCheck | None = None
    pass_mark: Label | None = None
    url: Identifier | None = None


class QualityAssurance(Closed):
    """What keeps the quality up, as its issuer says: an accreditation, a review, a standard that it follows."""

    type: Label
    by: Label | None = None
    url: Identifier | None = None


class AlignedSkill(Closed):
    """A skill with its place in a framework. `skill` is the name that the catalog's `skills` use for it.

    Source: Open Badges 3.0, Alignment (targetUrl, targetFramework).
    """

    skill: Identifier
    url: Identifier
    framework: Label | None = None
    name: Label | None = None


class Validity(Closed):
    """How long an award of it stands: for a period, or without an end; and what keeps it going after that."""

    period: Duration | None = None
    unlimited: bool = False
    renewal: Sentence | None = None


class Recognition(Closed):
    """What somebody takes it for, beyond the stacks of this catalog."""

    by: Label
    as_: Annotated[Label, Field(alias="as")]
    credits: Credits | None = None
    url: Identifier | None = None


class Meaning(Closed):
    """All that is published about what an achievement stands for."""

    outcomes: Sentences = ()
    """What its holder knows, understands and is able to do."""
    workload: Workload | None = None
    """Where it is not given, the achievement's own credits and hours speak."""
    level: QualificationLevel | None = None
    assessment: Assessment | None = None
    participation: Participation | None = None
    quality: QualityAssurance | None = None
    trusted_type: TrustedType | None = None
    skills: tuple[AlignedSkill, ...] = ()
    prerequisites: Sentences | None = None
    """What one must have before; an empty list says that there is nothing."""
    validity: Validity | None = None
    recognition: tuple[Recognition, ...] = ()
    sources: tuple[Identifier, ...] = ()
    """Where the issuer publishes this."""
    checked_on: date | None = None
    """The day on which these sources said so."""
