"""Evaluations in plain sentences: what is missing, and why an award that is held does not count."""

from __future__ import annotations

from datetime import datetime

from services.core.facts import Held
from services.core.stacks.copies import Copy, copy_of
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.rules import AverageLeaf, CountLeaf, Filter, LastLeaf, Leaf, SumLeaf

_WORDS = {
    "semester_hour": "semester hours",
    "quarter_hour": "quarter hours",
    "ects": "ECTS credits",
    "ceu": "continuing-education units",
    "hour": "hours",
    "year": "years",
    "point": "points",
    "competency_unit": "competency units",
}


def missing_sentence(outcome: Outcome, evaluation: Evaluation) -> str:
    """One sentence that says what a rule still wants."""
    node = outcome.node
    if outcome.nested is not None:
        return f"{_title(outcome.nested)} is not complete."
    if isinstance(node, CountLeaf):
        return _count_sentence(node, outcome, evaluation)
    have, need = _number(outcome.have), _number(outcome.need)
    if isinstance(node, SumLeaf):
        return f"{have} of {need} {_WORDS[node.unit]} count."
    if isinstance(node, AverageLeaf):
        return f"The average {node.of} is {have}, below {need}."
    if isinstance(node, LastLeaf):
        return f"Of the newest {need} {_WORDS[node.unit]}, {have} are of the kind asked for."
    return f"{have} of {need} choices {'is' if outcome.need == 1 else 'are'} met."


def _count_sentence(leaf: CountLeaf, outcome: Outcome, evaluation: Evaluation) -> str:
    if leaf.kind == "award":
        refused = _refusals(leaf, evaluation)
        wanted = _named(leaf, evaluation)
        return f"{wanted} is not held{': ' + '; '.join(refused) if refused else ''}."
    if outcome.have > outcome.need:
        return f"{_number(outcome.have)} count where at most {_number(outcome.need)} may."
    noun = {"achievement": "achievements", "issuer": "issuers", "subject": "subjects", "term": "terms"}[leaf.distinct]
    return f"{_number(outcome.have)} of {_number(outcome.need)} {noun} count."


def _refusals(leaf: Leaf, evaluation: Evaluation) -> list[str]:
    """Why awards that the leaf selects do not count, at most three."""
    found = []
    offered = evaluation.ledger.catalog.achievements
    for held in evaluation.ledger.facts.awards:
        if leaf.selector.ids is not None and held.achievement not in leaf.selector.ids:
            continue
        copy = copy_of(held, offered.get(held.achievement))
        if leaf.selector.test(copy):
            reason = why_not(held, copy, leaf, evaluation)
            if reason is not None:
                found.append(reason)
    return found[:3]


def why_not(held: Held, copy: Copy, leaf: Leaf, evaluation: Evaluation) -> str | None:
    """Why an award that a leaf selects does not count there, or None when it does."""
    as_of = evaluation.as_of
    if held.revoked_at is not None and held.revoked_at <= as_of:
        return f"revoked {held.revoked_at.date()}"
    if copy.earned_at > as_of or copy.valid_from > as_of:
        return f"not valid before {max(copy.earned_at, copy.valid_from).date()}"
    if leaf.filter is not None:
        reason = _filtered(copy, leaf.filter, evaluation)
        if reason is not None:
            return reason
    return _used_elsewhere(copy, leaf, evaluation.root)


def _filtered(copy: Copy, asked: Filter, evaluation: Evaluation) -> str | None:
    as_of, scales = evaluation.as_of, evaluation.stack.scales
    reasons = (
        asked.active
        and copy.valid_until is not None
        and copy.valid_until <= as_of
        and f"expired {_day(copy.valid_until)}",
        asked.within is not None
        and asked.within.after(copy.earned_at) < as_of
        and f"earned {_day(copy.earned_at)}, not within {asked.within.text}",
        asked.min_score is not None
        and (copy.score is None or copy.score < asked.min_score)
        and ("no score" if copy.score is None else f"score {copy.score:g} below {asked.min_score:g}"),
        asked.min_grade is not None
        and not scales.is_at_least(copy.grade, asked.min_grade)
        and ("no grade" if copy.grade is None else f"grade {copy.grade} below {asked.min_grade}"),
        copy.trust < asked.trust and f"trust {copy.trust} below {asked.trust}",
        asked.where is not None and not asked.where.test(copy) and "not among the awards that this stack looks at",
    )
    return next((reason for reason in reasons if reason), None)


def _used_elsewhere(copy: Copy, leaf: Leaf, outcome: Outcome) -> str | None:
    node = outcome.node
    if isinstance(node, Leaf) and node is not leaf and node.claim == "exclusive":
        if any(used.achievement == copy.achievement for used in outcome.used):
            return f"already used for {node.name or node.path}"
        return None
    found = (_used_elsewhere(copy, leaf, child) for child in outcome.children)
    return next((reason for reason in found if reason is not None), None)


def _day(instant: datetime) -> str:
    return instant.date().isoformat()


def _named(leaf: Leaf, evaluation: Evaluation) -> str:
    if leaf.name is not None:
        return leaf.name
    if leaf.selector.ids is None:
        return "An award of the kind asked for"
    offered = evaluation.ledger.catalog.achievements
    names = [offered[one].name or one if one in offered else one for one in leaf.selector.ids[:4]]
    return " or ".join(names) + (" or another" if len(leaf.selector.ids) > len(names) else "")


def _title(evaluation: Evaluation) -> str:
    return evaluation.stack.document.title or evaluation.stack.id


def _number(amount: float) -> str:
    return f"{round(amount, 4):g}"
