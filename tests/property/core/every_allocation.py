"""Every allocation there is, tried one by one: what the stack engine's answer must equal. Shares no code with it.

Rules are plain documents and awards plain values. An achievement that is held twice is one thing that one rule may
use; every award of it may be the one that is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from services.core.facts import Held

Document = dict[str, Any]
Given = dict[int, list[str]]


def best(rule: Document, awards: Sequence[Held]) -> tuple[bool, Fraction]:
    """Whether any allocation meets the rule, and the greatest progress that one has."""
    leaves: list[Document] = []
    _gather(rule, leaves)
    outcomes = [_judge(rule, iter(range(len(leaves))), given, awards) for given in _allocations(leaves, awards)]
    return any(met for met, _ in outcomes), max(fraction for _, fraction in outcomes)


def _gather(rule: Document, leaves: list[Document]) -> None:
    if children(rule) is None:
        leaves.append(rule)
    for child in children(rule) or ():
        _gather(child, leaves)


def children(rule: Document) -> list[Document] | None:
    """The rules beneath a rule; None for one that looks at awards."""
    found = rule.get("all") or rule.get("any") or (rule.get("n_of") or {}).get("of")
    return list(found) if found else None


def wanted(leaf: Document) -> set[str]:
    """The achievements that a rule selects."""
    selector = leaf["award"] if "award" in leaf else (leaf.get("count") or leaf["sum"])["from"]
    return {selector} if isinstance(selector, str) else set(selector)


def _allocations(leaves: list[Document], awards: Sequence[Held]) -> Iterator[Given]:
    achievements = sorted({award.achievement for award in awards})
    choices = [[None, *(n for n, leaf in enumerate(leaves) if name in wanted(leaf))] for name in achievements]
    for way in product(*choices):
        given: Given = {number: [] for number in range(len(leaves))}
        for name, number in zip(achievements, way, strict=True):
            if number is not None:
                given[number].append(name)
        yield given


def _judge(rule: Document, numbers: Iterator[int], given: Given, awards: Sequence[Held]) -> tuple[bool, Fraction]:
    below = children(rule)
    if below is None:
        return _leaf(rule, given[next(numbers)], awards)
    judged = [_judge(child, numbers, given, awards) for child in below]
    if "all" in rule:
        weights = [Fraction(child.get("weight", 1)) for child in below]
        parts = [weight * fraction for weight, (_, fraction) in zip(weights, judged, strict=True)]
        return all(met for met, _ in judged), sum(parts, Fraction(0)) / sum(weights)
    least = 1 if "any" in rule else rule["n_of"]["n"]
    highest = sorted((fraction for _, fraction in judged), reverse=True)[:least]
    return sum(met for met, _ in judged) >= least, sum(highest, Fraction(0)) / least


def _leaf(leaf: Document, names: list[str], awards: Sequence[Held]) -> tuple[bool, Fraction]:
    if "sum" in leaf:
        have, need = sum((_credits(name, awards) for name in names), Fraction(0)), Fraction(leaf["sum"]["min"])
    else:
        have, need = Fraction(len(names)), Fraction((leaf.get("count") or {}).get("min", 1))
    return have >= need, Fraction(1) if have >= need else have / need


def _credits(name: str, awards: Sequence[Held]) -> Fraction:
    return max(Fraction(award.credits or 0) for award in awards if award.achievement == name)
