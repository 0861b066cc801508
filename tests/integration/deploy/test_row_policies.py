"""Row policies, tried for real: the embedded engine reads its users from a file, and rows can be filtered there.

The condition is the one of access.sql, on a setting that the embedded engine knows; the reader is read-only. It has no
definer views and no roles, so what is tried is that the policies alone, through every view and with no WHERE, show an
employer its own rows and nothing else.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.clickhouse.access import OPEN_TO_ALL, policy_condition, tenant_tables
from deploy.clickhouse.migrations import migrate
from deploy.embedded.clickhouse.start import start
from schemas.views import published
from services.runtime.sql_users import EVERYBODY
from tests.builders.analytics import Tables
from tests.integration.dashboard.conftest import MARK, STACK, filled

SETTING = "log_comment"
READ = """
import json, sys
sys.modules.setdefault("pyarrow", None)
import chdb
folder, config, views, employers = json.loads(sys.argv[1])
owner = chdb.connect(f"{folder}?config-file={config}")
connection = owner._conn
found = {}
for employer in employers:
    connection.query(f"SET log_comment = '{employer}', readonly = 0", "TSV")
    for view in views:
        answer = connection.query(f"SELECT * FROM policies.{view} SETTINGS readonly = 1", "TSV")
        text = answer.error_message() if answer.has_error() else bytes(answer.bytes() or b"").decode()
        found[f"{employer} {view}"] = text
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each of two employers, and whoever sees all, finds in each view: "employer view" -> text."""
    folder = tmp_path_factory.mktemp("policies")
    child, url = start(folder / "data", folder / "clickhouse.log")
    migrate(url, "policies")
    tables = filled(Tables(url, "policies"))
    tables.close()
    child.stop()
    asked = [str(folder / "data"), str(_configured(folder)), sorted(published()), ["acme", "other", EVERYBODY]]
    done = subprocess.run(
        [sys.executable, "-c", READ, json.dumps(asked)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: dict[str, str] = json.loads(done.stdout)
    return answers


def _configured(folder: Path) -> Path:
    """A configuration whose one user sees rows by the policies' condition."""
    condition = policy_condition(SETTING).replace("<", "&lt;")
    filters = "".join(
        f"<{table}><filter>{condition}</filter></{table}>" for table in tenant_tables() if table not in OPEN_TO_ALL
    )
    users = (
        "<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users><default><password></password>"
        "<networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>"
        f"<databases><policies>{filters}</policies></databases></default></users></clickhouse>"
    )
    (folder / "users.xml").write_text(users)
    config = folder / "server.xml"
    config.write_text(f"<clickhouse><users_config>{folder / 'users.xml'}</users_config></clickhouse>")
    return config


def private(text: str) -> str:
    """What was found, without what the catalog says to everybody."""
    return text.replace(STACK, "").replace(f"Stack <{MARK}>", "").replace(f"Known as {MARK}", "")


@pytest.mark.parametrize("view", sorted(published()))
def test_no_view_shows_another_employer_s_rows(found: dict[str, str], view: str) -> None:
    """Without any WHERE, by the policy alone."""
    assert "DB::Exception" not in found[f"other {view}"]
    assert MARK not in private(found[f"other {view}"])


def test_the_filter_lets_one_s_own_rows_through(found: dict[str, str]) -> None:
    """So the test above can fail: acme finds its own in most views, and who sees all finds both."""
    own = [view for view in published() if MARK in found[f"acme {view}"]]

    assert len(own) >= len(published()) // 2
    assert "bob" in found[f"{EVERYBODY} v_workers"]
    assert MARK in found[f"{EVERYBODY} v_workers"]


def test_access_is_as_it_is_generated(capsys: Any) -> None:
    """access.sql names every published view and every table of a tenant."""
    from deploy.clickhouse.access import main  # noqa: PLC0415

    assert main(["--check"]) == 0
