"""The drawing of a stack's rules: where each box stands, what joins them, and which are bracketed as a choice.

Pure geometry over an outline, in the units of the SVG: the stack on the right, what it asks for in columns to its left
by depth, what must come first in a sequence further left. Laws: no two boxes overlap, and every line runs rightward.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from services.dashboard.rules_outline import Rule

BOX_WIDTH: Final = 188
BOX_HEIGHT: Final = 62
_ACROSS: Final = 52
_DOWN: Final = 12
_EDGE: Final = 8
_LETTERS: Final = 23
_MOST_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Box:
    """One rule's box: its upper left corner, and its label in at most two lines."""

    rule: Rule
    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + BOX_HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line from what is asked for to what asks for it, as an SVG path; dashed where it is one way of several."""

    path: str
    is_dashed: bool
    is_order: bool = False


@dataclass(frozen=True, slots=True)
class Bracket:
    """What joins the ways of a choice: a path along them, and how many of them are asked for."""

    path: str
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole drawing."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    brackets: tuple[Bracket, ...]


def graph_of(rules: Sequence[Rule]) -> Graph:
    """The drawing of an outline."""
    columns = columns_of(rules)
    rows = _rows(rules)
    deepest = max(columns.values())
    boxes = {
        rule.path: Box(
            rule,
            _EDGE + (deepest - columns[rule.path]) * (BOX_WIDTH + _ACROSS),
            _EDGE + rows[rule.path] * (BOX_HEIGHT + _DOWN),
            _lines(rule.label),
        )
        for rule in rules
    }
    return Graph(
        width=2 * _EDGE + (deepest + 1) * BOX_WIDTH + deepest * _ACROSS,
        height=2 * _EDGE + (max(rows.values()) + 1) * (BOX_HEIGHT + _DOWN) - _DOWN,
        boxes=tuple(boxes.values()),
        lines=tuple(_line(boxes[rule.path], boxes, rules) for rule in rules if rule.parent is not None),
        brackets=tuple(filter(None, (_bracket(rule, boxes, rules) for rule in rules))),
    )


def _children(rule: Rule, rules: Sequence[Rule]) -> list[Rule]:
    return [one for one in rules if one.parent == rule.path]


def columns_of(rules: Sequence[Rule]) -> dict[str, int]:
    """How many columns from the right: beyond what a rule is for, and beyond all that comes after it in a sequence."""
    columns: dict[str, int] = {}
    for rule in rules:
        if rule.parent is None:
            _place(rule, 0, rules, columns)
    return columns


def _place(rule: Rule, column: int, rules: Sequence[Rule], columns: dict[str, int]) -> int:
    """Put a rule into a column and what is beneath it further left; the leftmost column taken comes back."""
    columns[rule.path] = leftmost = column
    is_followed = False
    for child in reversed(_children(rule, rules)):
        taken = _place(child, (leftmost if is_followed else column) + 1, rules, columns)
        leftmost, is_followed = max(leftmost, taken), child.follows is not None
    return leftmost


def _rows(rules: Sequence[Rule]) -> dict[str, float]:
    """The row of each rule: leaves one below the other, the rest half way between their first and last."""
    rows: dict[str, float] = {}
    leaves = [rule for rule in rules if not _children(rule, rules)]
    for number, rule in enumerate(leaves):
        rows[rule.path] = float(number)
    for rule in reversed(rules):
        beneath = [rows[one.path] for one in _children(rule, rules)]
        if beneath:
            rows[rule.path] = (beneath[0] + beneath[-1]) / 2
    return rows


def _line(box: Box, boxes: Mapping[str, Box], rules: Sequence[Rule]) -> Line:
    following = next((one for one in rules if one.follows == box.rule.path), None)
    target = boxes[following.path if following is not None else box.rule.parent or ""]
    parent = next(one for one in rules if one.path == box.rule.parent)
    return Line(_curve(box, target), is_dashed=parent.is_choice, is_order=following is not None)


def _curve(start: Box, end: Box) -> str:
    x0, y0, x1, y1 = start.x + BOX_WIDTH, start.middle, end.x, end.middle
    half = (x1 - x0) / 2 if x1 - x0 <= _ACROSS else x1 - x0 - _ACROSS / 2
    return f"M{x0:g} {y0:g}C{x0 + half:g} {y0:g} {x1 - _ACROSS / 2:g} {y1:g} {x1:g} {y1:g}"


def _bracket(rule: Rule, boxes: Mapping[str, Box], rules: Sequence[Rule]) -> Bracket | None:
    ways = [boxes[one.path] for one in _children(rule, rules)]
    if not rule.is_choice or not ways:
        return None
    x = max(way.x for way in ways) + BOX_WIDTH + 10
    top, bottom = ways[0].y + 6, ways[-1].y + BOX_HEIGHT - 6
    return Bracket(f"M{x - 6:g} {top:g}h6V{bottom:g}h-6", x + 5, (top + bottom) / 2, rule.asks)


def _lines(label: str) -> tuple[str, ...]:
    lines = wrap(label, _LETTERS) or [""]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], wrap(" ".join(lines[_MOST_LINES - 1 :]), _LETTERS - 1)[0] + "\u2026"]
    return tuple(lines)
