"""The drawing of rules: whatever the stack, nothing overlaps, and lines lead to the right."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.graph import BOX_HEIGHT, BOX_WIDTH, graph_of
from services.dashboard.rules_outline import Rule, outline
from services.offline.catalog_files import catalog_at

CATALOG = catalog_at(Path(__file__).parents[3] / "catalogs")


def check(rules: tuple[Rule, ...]) -> None:
    """The laws, for one outline."""
    graph = graph_of(rules)
    for one, other in combinations(graph.boxes, 2):
        assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT, (one.rule.path, other.rule.path)
    for box in graph.boxes:
        assert 0 <= box.x <= graph.width - BOX_WIDTH
        assert 0 <= box.y <= graph.height - BOX_HEIGHT
    for line in graph.lines:
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", line.path)]
        assert numbers[0] < numbers[-2]
    assert len(graph.lines) == len(rules) - 1
    assert len(graph.brackets) == sum(rule.is_choice for rule in rules)


@st.composite
def outlines(draw: st.DrawFn) -> tuple[Rule, ...]:
    """Rules beneath each other in any way, in sequence or not."""
    rules = [Rule(path="", parent=None, kind="stack", label="S", asks="", depth=0)]
    last: dict[str, str] = {}
    sequences: dict[str, bool] = {}

    def grow(parent: Rule, depth: int) -> None:
        for number in range(draw(st.integers(0 if depth else 1, 3 if depth < 3 else 0))):
            in_order = sequences.setdefault(parent.path, draw(st.booleans()))
            path = f"{parent.path}/{number}"
            follows = last.get(parent.path) if in_order else None
            last[parent.path] = path
            rule = Rule(
                path=path,
                parent=parent.path,
                kind="group",
                label=draw(st.text("ab ", max_size=90)),
                asks="",
                depth=depth + 1,
                follows=follows,
            )
            rules.append(rule)
            grow(rule, depth + 1)

    grow(rules[0], 0)
    return tuple(rules)


@given(outlines())
def test_nothing_overlaps_and_lines_lead_to_the_right(rules: tuple[Rule, ...]) -> None:
    """For any tree of rules."""
    check(rules)


@pytest.mark.parametrize("stack_id", sorted(CATALOG.families))
def test_every_shipped_stack_can_be_drawn(stack_id: str) -> None:
    """The same for the stacks there really are."""
    check(outline(CATALOG.stack(stack_id), CATALOG))
