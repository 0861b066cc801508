"""The answers that a catalog gives to the checklist's questions, each in one line of plain words.

An answer is what its issuer publishes or what follows from the stacks in force. Where the catalog says something that
is not what the question asks for (a level in no framework, a skill with no address) it is no answer, but a note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemas.catalog import Issuer, Offered, Renewal
from schemas.meaning import Assessment, Meaning
from services.core.meaning.questions import Key
from services.core.meaning.recognition import Recognised, earned_by
from services.core.meaning.wording import IDENTITY, PARTICIPATION, SUPERVISION, TRUSTED_TYPES, amount, period
from services.core.stacks.compiled import CompiledCatalog

CATALOG = "the catalog"
EACH_AWARD = "each award"
STACKS = "the stacks in force here"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to one question and by whom; `value` None when nothing is. A note tells what falls short."""

    value: str | None
    stated_by: str | None = None
    url: str | None = None
    note: str | None = None


NOTHING = Answer(None)


@dataclass(frozen=True, slots=True)
class Subject:
    """One achievement with all that its answers are made from."""

    offered: Offered
    issuer: Issuer | None
    catalog: CompiledCatalog
    recognised: tuple[Recognised, ...]

    @property
    def meaning(self) -> Meaning:
        """What its issuer publishes."""
        return self.offered.meaning


def _said(value: str | None, url: str | None = None) -> Answer:
    return NOTHING if not value else Answer(value, CATALOG, url)


def _learner(_: Subject) -> Answer:
    return Answer("every award recorded here names the worker it was made to", EACH_AWARD)


def _date_of_issue(_: Subject) -> Answer:
    return Answer("every award recorded here has the date it was earned", EACH_AWARD)


def _title(subject: Subject) -> Answer:
    return _said(subject.offered.name)


def _country(subject: Subject) -> Answer:
    return _said(None if subject.issuer is None else subject.issuer.country)


def _awarding_body(subject: Subject) -> Answer:
    issuer = subject.issuer
    return _said(subject.offered.issuer) if issuer is None else _said(issuer.name or issuer.id, issuer.url)


def _learning_outcomes(subject: Subject) -> Answer:
    return _said("; ".join(subject.meaning.outcomes))


def _workload(subject: Subject) -> Answer:
    stated = subject.meaning.workload
    hours = subject.offered.hours if stated is None or stated.hours is None else stated.hours
    credits_ = subject.offered.credits if stated is None or stated.credits is None else stated.credits
    told = (None if hours is None else f"{hours:g} hours", None if credits_ is None else amount(credits_))
    return _said(", ".join(filter(None, told)))


def _level(subject: Subject) -> Answer:
    stated = subject.meaning.level
    if stated is None:
        own = subject.offered.level
        return NOTHING if own is None else Answer(None, note=f"the catalog's own level is {own}, in no framework")
    return _said(f"{stated.framework} {stated.level}" + (f", {stated.cycle}" if stated.cycle else ""), stated.url)


def _assessment(subject: Subject) -> Answer:
    stated = subject.meaning.assessment
    if stated is None:
        return NOTHING
    mark = f"pass mark {stated.pass_mark}" if stated.pass_mark else ""
    methods = ", ".join("not assessed" if method == "none" else method for method in stated.methods)
    return _said("; ".join(filter(None, (methods, mark, stated.description))), stated.url)


def _participation(subject: Subject) -> Answer:
    stated = subject.meaning.participation
    return NOTHING if stated is None else _said(PARTICIPATION[stated])


def _quality_assurance(subject: Subject) -> Answer:
    stated = subject.meaning.quality
    if stated is None:
        claimed = subject.issuer is not None and subject.issuer.accreditation
        return Answer(None, note="the issuer claims an accreditation that nobody has confirmed") if claimed else NOTHING
    return _said(f"{stated.type}, {stated.by}" if stated.by else stated.type, stated.url)


def _prerequisites(subject: Subject) -> Answer:
    stated = subject.meaning.prerequisites
    return NOTHING if stated is None else _said("; ".join(stated) or "none")


def _supervision(subject: Subject) -> Answer:
    stated = subject.meaning.assessment
    return NOTHING if stated is None else _said(_watched(stated), stated.url)


def _watched(assessment: Assessment) -> str:
    told = (
        " or ".join(SUPERVISION[way] for way in assessment.supervision),
        "" if assessment.identity_check is None else IDENTITY[assessment.identity_check],
    )
    return ", ".join(filter(None, told))


def _trusted_type(subject: Subject) -> Answer:
    stated = subject.meaning.trusted_type
    return NOTHING if stated is None else _said(TRUSTED_TYPES[stated])


def _skills(subject: Subject) -> Answer:
    aligned = {one.skill: one for one in subject.meaning.skills}
    bare = [skill for skill in subject.offered.skills if skill not in aligned]
    note = f"named without an address in a framework: {', '.join(bare)}" if bare else None
    told = "; ".join(f"{one.name or one.skill} ({one.framework or one.url})" for one in aligned.values())
    return Answer(told or None, CATALOG if told else None, note=note)


def _validity(subject: Subject) -> Answer:
    stated = subject.meaning.validity
    if stated is not None and (stated.period is not None or stated.unlimited):
        return _said("without an end" if stated.period is None else period(stated.period))
    found = _renewal_of(subject)
    return NOTHING if found is None else Answer(period(found[1].period), STACKS, found[2])


def _renewal(subject: Subject) -> Answer:
    stated = subject.meaning.validity
    if stated is not None and stated.renewal is not None:
        return _said(stated.renewal)
    if stated is not None and stated.unlimited:
        return _said("not needed")
    found = _renewal_of(subject)
    if found is None:
        return NOTHING
    title, renewal, url = found
    missed = f"; if missed: {renewal.if_missed}" if renewal.if_missed else ""
    return Answer(f"by the renewal rule of {title}{missed}", STACKS, url)


def _renewal_of(subject: Subject) -> tuple[str, Renewal, str | None] | None:
    for stack in earned_by(subject.offered.id, subject.catalog):
        document = stack.document
        if document.renewal is not None:
            return document.title or document.id, document.renewal, document.source
    return None


def _recognition(subject: Subject) -> Answer:
    titles = tuple(dict.fromkeys(one.stack_title for one in subject.recognised))
    stated = tuple(
        f"{one.as_} at {one.by}" + (f" ({amount(one.credits)})" if one.credits is not None else "")
        for one in subject.meaning.recognition
    )
    told = (*(f"counts in {title}" for title in titles), *stated)
    return NOTHING if not told else Answer("; ".join(told), STACKS if titles else CATALOG)


ANSWERS: Mapping[Key, Callable[[Subject], Answer]] = {
    "learner": _learner,
    "title": _title,
    "country": _country,
    "awarding_body": _awarding_body,
    "date_of_issue": _date_of_issue,
    "learning_outcomes": _learning_outcomes,
    "workload": _workload,
    "level": _level,
    "assessment": _assessment,
    "participation": _participation,
    "quality_assurance": _quality_assurance,
    "prerequisites": _prerequisites,
    "supervision_and_identity": _supervision,
    "trusted_type": _trusted_type,
    "skills": _skills,
    "validity": _validity,
    "renewal": _renewal,
    "recognition": _recognition,
}
"""One for each question."""
