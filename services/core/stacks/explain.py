"""Evaluations in plain sentences: what each rule asks and has, what it uses, and why an award does not count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import floor

from services.core.facts import Excepted
from services.core.stacks.outcome import Evaluation, Outcome
from services.core.stacks.refusals import Refusal, refusals
from services.core.stacks.rules import AverageLeaf, CountLeaf, LastLeaf, Leaf, SumLeaf, WaivedNode

WORDS = {
    "semester_hour": "semester hours",
    "quarter_hour": "quarter hours",
    "ects": "ECTS credits",
    "ceu": "continuing-education units",
    "hour": "hours",
    "year": "years",
    "point": "points",
    "competency_unit": "competency units",
}
_NOUNS = {"achievement": "achievements", "issuer": "issuers", "subject": "subjects", "term": "terms"}
_MOST_REASONS = 3
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule explained: a sentence, the awards used, those that do not count and why, and the rules beneath."""

    path: str
    rule: str
    is_met: bool
    sentence: str
    used: tuple[str, ...]
    refused: tuple[Refusal, ...]
    children: tuple[Explained, ...]


def explained(evaluation: Evaluation) -> Explained:
    """The whole stack explained, rule by rule."""
    return _explained(evaluation.root, evaluation)


def missing_sentence(outcome: Outcome, evaluation: Evaluation) -> str:
    """What a rule still wants, in a sentence; and why awards that it asks for do not count there."""
    node = outcome.node
    if isinstance(node, Leaf) and outcome.is_out_of_order:
        return f"{wanted(node, evaluation)} is held, but was earned before what must come first."
    if isinstance(node, CountLeaf) and node.kind == "award":
        reasons = [one.reason for one in islice(refusals(outcome, evaluation), _MOST_REASONS)]
        return not_held(node, evaluation, reasons)
    refused = list(islice(_refused_beneath(outcome, evaluation), _MOST_REASONS))
    told = ", ".join(f"{_name(one.achievement, evaluation)} ({one.reason})" for one in refused)
    return f"{_wanting(outcome)} Not counted: {told}." if told else _wanting(outcome)


def _refused_beneath(outcome: Outcome, evaluation: Evaluation) -> Iterator[Refusal]:
    """What does not count for a rule, or for the options of a choice."""
    if outcome.is_met or outcome.is_out_of_order:
        return
    if isinstance(outcome.node, CountLeaf | SumLeaf):
        yield from refusals(outcome, evaluation)
    for child in outcome.children:
        yield from _refused_beneath(child, evaluation)


def _wanting(outcome: Outcome) -> str:
    """What a rule still wants."""
    if outcome.nested is not None:
        return f"{title(outcome.nested)} {'has lapsed' if outcome.nested.status == 'lapsed' else 'is not complete'}."
    if outcome.is_out_of_order:
        return "What it asks is held, but was earned before what must come first."
    return _amount_sentence(outcome)


def not_held(leaf: Leaf, evaluation: Evaluation, reasons: Sequence[str] = ()) -> str:
    """One sentence that says that a rule wants an award, and why those that are there do not count."""
    return f"{wanted(leaf, evaluation)} is not held{': ' + '; '.join(reasons) if reasons else ''}."


def _amount_sentence(outcome: Outcome) -> str:
    node, have, need = outcome.node, number(outcome.have), number(outcome.need)
    if isinstance(node, CountLeaf):
        if outcome.have > outcome.need:
            return f"{have} count where at most {need} may."
        return f"{have} of {need} {_NOUNS[node.distinct]} count."
    if isinstance(node, SumLeaf):
        spread = "" if node.spread_by is None else f", from at least {node.spread_min} {_NOUNS[node.spread_by]}"
        return f"{have} of {need} {WORDS[node.unit]} count{spread}."
    if isinstance(node, AverageLeaf):
        return f"The average {node.of} is {have}, and must be {need}."
    if isinstance(node, LastLeaf):
        return f"Of the newest {need} {WORDS[node.unit]}, {have} are of the kind asked for."
    return f"{have} of {need} {'rules' if node.kind in {'all', 'seq'} else 'choices'} met."


def decision_sentence(decision: Excepted) -> str:
    """One sentence that says what a registrar decided, and why."""
    what = {
        "waive": "waived",
        "substitute": f"took {decision.achievement} instead for",
        "also_allow": f"also allowed {decision.achievement} for",
        "apply_here": f"applied {decision.achievement} to",
        "change_min": f"set the minimum to {number(decision.min or 0)} for",
        "block": f"kept {decision.achievement} from",
    }[decision.type]
    return f"{decision.by} {what} {decision.rule or 'the whole stack'} on {decision.decided_at.date()}: {decision.why}"


def lines(evaluation: Evaluation) -> Iterator[str]:
    """The whole stack in plain lines, indented as its rules are."""
    yield f"{title(evaluation)} ({evaluation.stack.version}): {_standing(evaluation)}"
    yield from (f"  {decision_sentence(decision)}" for decision in evaluation.exceptions)
    if evaluation.credential is not None:
        yield f"  Proven by {evaluation.credential.key}, which is what the stack awards."
    yield from _lines(explained(evaluation), 1)


def title(evaluation: Evaluation) -> str:
    """What a stack is called."""
    return evaluation.stack.document.title or evaluation.stack.id


def wanted(leaf: Leaf, evaluation: Evaluation) -> str:
    """What a rule asks for, in words."""
    if leaf.name is not None:
        return leaf.name
    if leaf.selector.ids is None:
        return "An award of the kind asked for"
    names = [_name(one, evaluation) for one in leaf.selector.ids[:_MOST_NAMES]]
    return " or ".join(names) + (" or another" if len(leaf.selector.ids) > len(names) else "")


def percent(share: float) -> str:
    """0.996 -> "99 %": rounded down, so that only what is whole reads 100 %. Everywhere that progress is told."""
    return f"{floor(share * 100 + 1e-9)} %"


def _name(achievement: str, evaluation: Evaluation) -> str:
    offered = evaluation.ledger.catalog.achievements.get(achievement)
    return achievement if offered is None or offered.name is None else offered.name


def number(amount: float) -> str:
    """An amount as people write it."""
    return f"{round(amount, 4):g}"


def _explained(outcome: Outcome, evaluation: Evaluation) -> Explained:
    nested = () if outcome.nested is None else (_explained(outcome.nested.root, outcome.nested),)
    return Explained(
        path=outcome.node.path,
        rule=outcome.node.kind,
        is_met=outcome.is_met,
        sentence=_sentence(outcome, evaluation),
        used=tuple(copy.key for copy in outcome.used),
        refused=tuple(refusals(outcome, evaluation)),
        children=nested or tuple(_explained(child, evaluation) for child in outcome.children),
    )


def _sentence(outcome: Outcome, evaluation: Evaluation) -> str:
    node = outcome.node
    name = f"{node.name}: " if node.name is not None else ""
    if isinstance(node, WaivedNode):
        return f"{name}waived."
    if not outcome.is_met:
        return missing_sentence(outcome, evaluation) if node.kind == "award" else name + _wanting(outcome)
    if outcome.nested is not None:
        return f"{name}{title(outcome.nested)} is complete."
    if isinstance(node, CountLeaf) and node.kind == "award":
        return f"{wanted(node, evaluation)} is held."
    return name + _amount_sentence(outcome)


def _standing(evaluation: Evaluation) -> str:
    if evaluation.complete:
        until = f", until {evaluation.valid_until.date()}" if evaluation.valid_until is not None else ""
        return f"complete{until}."
    words = {"lapsed": "lapsed", "in_progress": "in progress", "not_started": "not started"}
    return f"{words[evaluation.status]}, {percent(evaluation.progress)}."


def _lines(one: Explained, depth: int) -> Iterator[str]:
    indent = "  " * depth
    uses = f" ({', '.join(one.used)})" if one.used else ""
    yield f"{indent}[{'x' if one.is_met else ' '}] {one.sentence}{uses}"
    for refusal in one.refused:
        yield f"{indent}    {refusal.key} does not count: {refusal.reason}."
    for child in one.children:
        yield from _lines(child, depth + 1)
