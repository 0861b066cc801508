"""A stack's rules as an outline."""

from __future__ import annotations

import json
from typing import Any

from schemas.catalog import catalog_from_json
from services.core.stacks import compile_catalog
from services.dashboard.rules_outline import Rule, outline, parts


def rules_of(requires: dict[str, Any], **stack: Any) -> tuple[Rule, ...]:
    """The outline of a stack that asks for this, over achievements a to f."""
    names = [{"id": name, "name": name.upper()} for name in "abcdef"]
    other = {"id": "inner", "title": "Inner", "requires": {"award": "f"}}
    document = {"achievements": names, "stacks": [other, {"id": "s", "title": "S", "requires": requires} | stack]}
    catalog = compile_catalog(catalog_from_json(json.dumps(document)))
    return outline(catalog.stack("s"), catalog)


def told(rules: tuple[Rule, ...]) -> list[tuple[str, str, str, str | None]]:
    """Path, kind, what it asks for, and parent of each."""
    return [(rule.path, rule.kind, rule.asks, rule.parent) for rule in rules]


def test_rules_are_told_in_the_document_s_order_with_what_they_ask_for() -> None:
    """The stack first; groups, choices, amounts and other stacks each in their own words."""
    rules = rules_of(
        {
            "all": [
                {"award": "a"},
                {"n_of": {"n": 2, "of": [{"award": "b"}, {"award": "c"}, {"award": "d"}]}, "name": "electives"},
                {"sum": {"of": "credits", "min": 12, "from": {"type": "course"}}, "name": "credits"},
                {"stack": "inner"},
            ]
        }
    )

    assert told(rules) == [
        ("", "stack", "all 4", None),
        ("/all/0", "award", "", ""),
        ("/all/1", "choice", "at least 2 of 3", ""),
        ("/all/1/n_of/of/0", "award", "", "/all/1"),
        ("/all/1/n_of/of/1", "award", "", "/all/1"),
        ("/all/1/n_of/of/2", "award", "", "/all/1"),
        ("/all/2", "amount", "12 semester hours", ""),
        ("/all/3", "nested", "the whole stack", ""),
    ]
    assert [rule.label for rule in rules[:3]] == ["S", "A", "electives"]
    assert [rule.label for rule in rules[-2:]] == ["credits", "Inner"]


def test_parts_are_what_a_worker_with_nothing_misses() -> None:
    """A choice is one part and its ways none; groups are as many as are beneath them."""
    choice = {"any": [{"award": "a"}, {"all": [{"award": "b"}, {"award": "c"}]}]}

    assert parts(rules_of({"all": [{"award": "d"}, choice, {"all": [{"award": "e"}, {"award": "f"}]}]})) == 4
    assert parts(rules_of(choice)) == 1
    assert parts(rules_of({"award": "a"})) == 1


def test_a_stack_of_one_rule_is_drawn_as_two() -> None:
    """The stack, and what it asks for, which is told at the stack's own place."""
    stack, sole = rules_of({"award": "a"})

    assert (stack.kind, stack.label, sole.kind, sole.label) == ("stack", "S", "award", "A")
    assert (sole.parent, sole.path.removesuffix("/")) == (stack.path, stack.path)


def test_what_comes_first_in_a_sequence_is_told() -> None:
    """Each but the first follows the one before it."""
    rules = rules_of({"seq": [{"award": "a"}, {"award": "b"}, {"award": "c"}]})

    assert [rule.follows for rule in rules] == [None, None, "/seq/0", "/seq/1"]
