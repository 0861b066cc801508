"""API keys in ClickHouse, and the commands that give them out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.cli import main_app
from services.runtime.clickhouse import connect
from services.runtime.keys import Verifier, digest, issue, name_employer, revoke, stored_keys


@pytest.fixture
def client(database: tuple[str, str]) -> Any:
    """A client on the test's database."""
    return connect(*database)


async def test_an_issued_key_is_good_until_it_is_revoked(client: Any) -> None:
    """Its secret is nowhere in the table, only its digest."""
    issued = issue(client, "source", "acme", ["award"])
    credential = await Verifier(lambda: stored_keys(client, "source")).verify(issued.key, issued.secret)
    assert credential is not None
    assert (credential.owner, credential.scopes) == ("acme", frozenset(("award",)))
    rows = client.query("SELECT * FROM api_keys").result_rows
    assert issued.secret not in str(rows)
    assert stored_keys(client, "source")[issued.key].secret_sha256 == digest(issued.secret)
    assert revoke(client, "source", issued.key) == (issued.key,)
    assert await Verifier(lambda: stored_keys(client, "source")).verify(issued.key, issued.secret) is None


def test_roles_are_kept_apart(client: Any) -> None:
    """An employer's token sends nothing, and a source's key sees nothing."""
    issued = issue(client, "employer", "globex")
    assert issued.key not in stored_keys(client, "source")
    assert issued.key in stored_keys(client, "employer")


def test_all_keys_of_an_owner_are_revoked_by_name(client: Any) -> None:
    """Without a list of them at hand."""
    issued = {issue(client, "source", "acme").key, issue(client, "source", "acme").key}
    other = issue(client, "source", "other").key
    assert set(revoke(client, "source", "acme")) == issued
    assert list(stored_keys(client, "source")) == [other]


def test_an_employers_title_stays_until_another_is_given(client: Any) -> None:
    """A second token does not rename the employer."""
    titles = []
    for title in (None, "Globex Corporation", None):
        name_employer(client, "globex", title)
        titles.append(client.query("SELECT name FROM employers FINAL").result_rows[0][0])
    assert titles == ["globex", "Globex Corporation", "Globex Corporation"]


def run(capsys: pytest.CaptureFixture[str], database: tuple[str, str], *words: str) -> Any:
    """What a command prints as JSON."""
    main_app()([*words, "--json", "--clickhouse", database[0], "--database", database[1]], result_action="return_value")
    return json.loads(capsys.readouterr().out)


def test_commands_add_list_and_revoke(capsys: pytest.CaptureFixture[str], database: tuple[str, str]) -> None:
    """`source add` prints what scripts need; nothing else ever prints the secret."""
    made = run(capsys, database, "source", "add", "acme", "--scope", "award", "--scope", "revocation")
    assert made.keys() == {"key", "secret", "name", "scopes"}
    assert made["scopes"] == ["award", "revocation"]
    own = run(
        capsys, database, "source", "add", "lms", "--scope", "statements/write", "--scope", "statements/read/mine"
    )
    assert own["scopes"] == ["statements/write", "statements/read/mine"]
    run(capsys, database, "source", "revoke", "lms")
    listed = run(capsys, database, "source", "list")
    assert [(row["name"], row["key"]) for row in listed] == [("acme", made["key"])]
    assert made["secret"] not in str(listed)
    assert run(capsys, database, "source", "revoke", "acme") == {"revoked": [made["key"]]}
    token = run(capsys, database, "employer", "add", "globex", "--title", "Globex")
    assert token["employer"] == "globex"
    assert token["token"].startswith(token["key"] + ".")


@pytest.mark.parametrize("words", [("source", "add", "acme", "--scope", "nonsense"), ("source", "revoke", "nobody")])
def test_what_makes_no_sense_is_one_sentence(
    capsys: pytest.CaptureFixture[str], database: tuple[str, str], words: tuple[str, ...]
) -> None:
    """Exit code 1, on stderr, and no traceback."""
    with pytest.raises(SystemExit) as exit_:
        run(capsys, database, *words)
    assert exit_.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1
