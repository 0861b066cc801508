"""Every setting of every service stands in docs/settings.md, with its default and the words of the code."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/settings.md"
MODULES = ["services.ingest.settings", "services.aggregate.settings", "services.dashboard.settings"]


def _settings(module: str) -> type[BaseSettings]:
    """The one settings class that a module defines."""
    (found,) = (
        value
        for value in vars(import_module(module)).values()
        if isinstance(value, type) and issubclass(value, BaseSettings) and value.__module__ == module
    )
    return found


def _section(module: str) -> str:
    """The part of the page that a service's heading opens."""
    service = module.split(".")[1].capitalize()
    _, _, rest = PAGE.read_text("utf-8").partition(f"\n## {service}\n")
    return rest.partition("\n## ")[0]


def _row(prefix: str, name: str, field: Any) -> str:
    default = "required" if field.default is PydanticUndefined else _written(field.default)
    return f"| `{prefix}{name.upper()}` | {default} | {' '.join((field.description or '').split())} |"


def _written(default: object) -> str:
    if default in (None, ""):
        return "empty" if default == "" else "none"
    if isinstance(default, bool):
        return "`1`" if default else "`0`"
    return f"`{default}`"


@pytest.mark.parametrize("module", MODULES)
def test_every_setting_is_documented_as_the_code_has_it(module: str) -> None:
    """A reader of the page knows each name, default and meaning; a setting cannot be added in silence."""
    settings = _settings(module)
    prefix = str(settings.model_config.get("env_prefix", ""))
    rows = [_row(prefix, name, field) for name, field in settings.model_fields.items()]
    section = _section(module)
    assert [row for row in rows if row not in section] == []
    assert section.count("\n| `") == len(rows)


@pytest.mark.parametrize("module", MODULES)
def test_every_setting_says_what_it_is_for(module: str) -> None:
    """Each field has a docstring."""
    fields = _settings(module).model_fields
    assert [name for name, field in fields.items() if not field.description] == []


@pytest.mark.parametrize("module", MODULES)
def test_settings_are_frozen(module: str) -> None:
    """Settings are read once at the start and handed down; nothing changes them afterwards."""
    assert _settings(module).model_config.get("frozen") is True
