"""What is deployed elsewhere, held to the contracts that can be checked without deploying it."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.clickhouse.migrations import load, statements_of

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
ACCESS = DEPLOY / "clickhouse" / "access.sql"
MODULES = ["services.ingest.settings", "services.aggregate.settings", "services.dashboard.settings"]


def _services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    return services


def test_the_compose_file_is_one() -> None:
    """By the published schema of compose files."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_every_service_runs_a_module_that_exists() -> None:
    """The image's entry point is `python -m`, so each command begins with a module of ours."""
    modules = [service["command"][0] for service in _services().values() if service["image"].startswith("stepwell")]

    assert len(modules) > 4
    assert [module for module in modules if find_spec(module) is None] == []


def test_every_variable_is_a_setting_of_some_service() -> None:
    """A name that no service reads would be a setting that does nothing."""
    known = set()
    for module in MODULES:
        settings = next(
            value
            for name, value in vars(import_module(module)).items()
            if name.endswith("Settings")
            and name != "BaseSettings"
            and hasattr(value, "model_fields")
            and value.__module__ == module
        )
        known |= {f"STEPWELL_{name.upper()}" for name in settings.model_fields}
    set_here = {name for service in _services().values() for name in service["environment"] if "STEPWELL_" in name}

    assert set_here - known == set()


def test_no_service_may_gain_privileges() -> None:
    """Ours run without capabilities on a file system that they cannot write."""
    for name, service in _services().items():
        assert "no-new-privileges:true" in service["security_opt"], name
        if service["image"].startswith("stepwell"):
            assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """ClickHouse's own parser, in a process of its own: chDB cannot be in one with sockets watched."""
    script = (
        "import sys, chdb\n"
        "connection = chdb.connect(':memory:')\n"
        "statements = sys.stdin.read().split('\\0')\n"
        "for statement in statements:\n"
        "    try: connection.query('EXPLAIN AST ' + statement, 'TSV')\n"
        "    except Exception as error: print(statement.splitlines()[0], error)\n"
    )

    def parse(statements: tuple[str, ...]) -> str:
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, input="\0".join(statements), capture_output=True, text=True, check=True)
        return done.stdout

    return parse


def test_the_access_statements_parse(engine: Any) -> None:
    """Each is ClickHouse's SQL; the embedded engine has no users to try them on."""
    statements = statements_of(ACCESS.read_text("utf-8"))

    assert len(statements) > 20
    assert engine(statements) == ""


def test_the_parser_would_notice(engine: Any) -> None:
    """A misspelt statement is found, so the test above can fail."""
    assert "CREATE ROW POLICE" in engine(("CREATE ROW POLICE x ON t USING 1",))


def test_access_is_granted_on_what_exists() -> None:
    """Every table and view that a statement names is made by a migration."""
    made = set(re.findall(r"(?:TABLE|VIEW) IF NOT EXISTS (\w+)", "".join(migration.up for migration in load())))
    named = set(re.findall(r"stepwell\.(\w+)", ACCESS.read_text("utf-8")))

    assert named - made == set()
