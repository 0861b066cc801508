"""Which stacks an award concerns: all that it may move, and no others."""

from __future__ import annotations

from services.core.stacks import CompiledCatalog
from tests.builders.stacks import catalog, held, stack

ACHIEVEMENTS = [
    {"id": "a"},
    {"id": "b", "tags": ["safety"]},
    {"id": "plain-certificate"},
    {"id": "safety-certificate", "tags": ["safety"]},
]


def _catalog(awarded: str) -> CompiledCatalog:
    """A stack that awards something, and one that counts whatever is about safety."""
    return catalog(
        stack({"award": "a"}, "first", awards=awarded),
        stack({"count": {"min": 1, "from": {"tags": {"has": "safety"}}}}, "safety"),
        stack({"stack": "first"}, "above"),
        achievements=ACHIEVEMENTS,
    )


def _touched(compiled: CompiledCatalog, achievement: str) -> list[str]:
    return [one.id for one in compiled.touched([held(achievement)])]


def test_an_award_touches_the_stacks_that_select_it_and_those_above() -> None:
    """By its id, by what the catalog says of it, and through nesting."""
    assert _touched(_catalog("plain-certificate"), "a") == ["above", "first"]
    assert _touched(_catalog("plain-certificate"), "b") == ["safety"]


def test_a_stack_is_below_another_only_if_what_it_awards_may_count_there() -> None:
    """A selector by fields puts its stack above those whose achievement it may select, and above no others."""
    assert _touched(_catalog("safety-certificate"), "a") == ["above", "first", "safety"]
