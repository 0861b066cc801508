"""The core asks neither clock nor chance: import contracts say which modules are barred, this says which calls."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(ROOT.glob("services/core/**/*.py"))
FORBIDDEN = frozenset(
    {"now", "utcnow", "today", "uuid1", "uuid4", "uuid6", "uuid7", "open", "print", "input", "getenv", "read_text"}
)


def _called(tree: ast.AST) -> set[str]:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    attributes = {function.attr for function in functions if isinstance(function, ast.Attribute)}
    return attributes | {function.id for function in functions if isinstance(function, ast.Name)}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_core_module_calls_nothing_impure(module: Path) -> None:
    """What the core answers depends on its arguments alone."""
    assert _called(ast.parse(module.read_text("utf-8"))) & FORBIDDEN == set()


def test_the_check_sees_an_impure_call() -> None:
    """The check can fail."""
    assert _called(ast.parse("from datetime import datetime\nwhen = datetime.now()")) & FORBIDDEN == {"now"}
