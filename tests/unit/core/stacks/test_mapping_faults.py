"""What `stepwell catalog check` says of mappings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.core.stacks import CatalogFaults, compile_texts


def faults(*mappings: dict[str, Any], achievements: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(path, reason) of every fault."""
    document = {"mappings": mappings, "achievements": [{"id": one} for one in achievements]}
    try:
        compile_texts({"catalog.json": json.dumps(document)})
    except CatalogFaults as refusal:
        return [(fault.path, fault.reason) for fault in refusal.faults]
    return []


def test_an_unknown_achievement_is_named() -> None:
    """A slip in the id would send every completion nowhere."""
    assert faults({"id": "7", "achievement": "networks-l"}, achievements=("networks-1",)) == [
        ("/mappings/0/achievement", "unknown achievement networks-l")
    ]


def test_what_cannot_be_read_is_told_in_its_place() -> None:
    """Every one of them."""
    found = faults({"pattern": "(", "achievement": "a"}, {"template": "course/{", "achievement": "a"})
    assert [path for path, _ in found] == ["/mappings/0/pattern", "/mappings/1/template"]


def test_the_same_said_twice_is_a_fault() -> None:
    """Whether or not it says the same: one of the two is a mistake."""
    one, other = {"id": "7", "achievement": "a"}, {"id": "7", "achievement": "b"}
    assert faults(one, other) == [("/mappings/1", "a mapping of 7 is there twice")]
    assert faults(one, {**other, "source": "lms"}, {**other, "dialect": "canvas"}) == []


@pytest.mark.parametrize(
    "first, second, disagree",
    [
        ({"template": "course/{a}/x"}, {"template": "course/{b}/x"}, True),
        ({"template": "course/{a}"}, {"prefix": "course/"}, True),
        ({"template": "course/{a}"}, {"template": "module/{a}"}, False),
        ({"prefix": "course/"}, {"prefix": "course/7/"}, False),
        ({"prefix": "course/"}, {"pattern": "course/.*"}, False),
        ({"id": "course/7"}, {"prefix": "course/"}, False),
    ],
)
def test_patterns_that_say_as_much_must_agree(first: dict[str, str], second: dict[str, str], *, disagree: bool) -> None:
    """Where one is more particular, it decides, and that is meant."""
    found = faults({**first, "achievement": "a"}, {**second, "achievement": "b"})
    assert [path for path, _ in found] == (["/mappings/1"] if disagree else [])
    assert faults({**first, "achievement": "a"}, {**second, "achievement": "a"}) == []
