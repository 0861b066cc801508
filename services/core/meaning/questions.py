"""The questions of the checklist, in the order they are shown, each with who asks it.

The eleven mandatory elements of the European standard come first and in its own order; what TrustEd and stacking ask
besides follows. Source: Council Recommendation 2022/C 243/02, Annex I,
https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32022H0627(02); TrustEd Microcredential Framework,
https://www.1edtech.org/program/tmc.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Basis = Literal["eu_mandatory", "eu_optional", "trusted", "stepwell"]
"""Who asks: the European standard (mandatory, optional), the TrustEd framework, or Stepwell."""
Key = Literal[
    "learner",
    "title",
    "country",
    "awarding_body",
    "date_of_issue",
    "learning_outcomes",
    "workload",
    "level",
    "assessment",
    "participation",
    "quality_assurance",
    "prerequisites",
    "supervision_and_identity",
    "trusted_type",
    "skills",
    "validity",
    "renewal",
    "recognition",
]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its short name, who asks it, and what one wants to know by it."""

    key: Key
    title: str
    basis: Basis
    asks: str


QUESTIONS: Final = (
    Question("learner", "Who earned it", "eu_mandatory", "Is the person it was made to identified?"),
    Question("title", "Title", "eu_mandatory", "What is it called?"),
    Question("country", "Country of the issuer", "eu_mandatory", "Where is whoever issues it?"),
    Question("awarding_body", "Awarding body", "eu_mandatory", "Who stands behind it?"),
    Question("date_of_issue", "Date of issue", "eu_mandatory", "Since when does one have it?"),
    Question("learning_outcomes", "Learning outcomes", "eu_mandatory", "What can its holder do?"),
    Question("workload", "Workload", "eu_mandatory", "How much work does it take?"),
    Question("level", "Level in a framework", "eu_mandatory", "How high is it, compared with others?"),
    Question("assessment", "Type of assessment", "eu_mandatory", "How was it found out that they can?"),
    Question("participation", "Form of participation", "eu_mandatory", "How did one take part?"),
    Question("quality_assurance", "Quality assurance", "eu_mandatory", "Who looks after its quality?"),
    Question("prerequisites", "Prerequisites", "eu_optional", "What must one have before?"),
    Question(
        "supervision_and_identity",
        "Supervision and identity check",
        "eu_optional",
        "Was somebody watching, and was it the right person?",
    ),
    Question("trusted_type", "TrustEd type", "trusted", "Knowledge, ability to apply it, or taking part?"),
    Question("skills", "Skills with framework addresses", "trusted", "Which skills, in words that others share?"),
    Question("validity", "Validity", "stepwell", "How long does it stand?"),
    Question("renewal", "Renewal", "stepwell", "What keeps it in force?"),
    Question("recognition", "Recognition", "eu_optional", "What does it count for, and at whom?"),
)
EU_MANDATORY: Final = tuple(question for question in QUESTIONS if question.basis == "eu_mandatory")
"""The eleven fields of Annex I."""
