"""`stepwell source`, `stepwell employer` and `stepwell operator`: give out, list and revoke keys. Secrets show once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

if TYPE_CHECKING:
    from services.runtime.clickhouse import Client
    from services.runtime.keys import Role
    from services.runtime.sql_users import SqlUser

source = App(name="source", help="API keys of the systems that send records.")
employer = App(name="employer", help="Tokens of the employers that look.")
operator = App(name="operator", help="Tokens of those who run this Stepwell, for its pages on refusals.")

Json = Annotated[bool, Parameter(name="--json", negative="")]
ClickHouse = Annotated[str | None, Parameter(name="--clickhouse")]
Database = Annotated[str, Parameter(env_var="STEPWELL_DATABASE")]


@source.command(name="add")
def add_source(
    name: str,
    *,
    scope: Annotated[list[str] | None, Parameter(negative="")] = None,
    json_output: Json = False,
    clickhouse: ClickHouse = None,
    database: Database = "stepwell",
) -> None:
    """Make a key for a source; it works within a second.

    Use key and secret as Basic user and password, or as Bearer token KEY.SECRET.

    Parameters
    ----------
    name
        The source that records sent with the key will bear.
    scope
        A kind of record the key may send (award, completion, ...), or a scope of xAPI (statements/write,
        statements/read/mine, ...); repeat it for more. All when not given.
    json_output
        One line: {"key", "secret", "name", "scopes"}.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.keys import ALL, issue

    with errors_in_a_sentence():
        scopes = _known(scope or [ALL])
        issued = issue(_client(clickhouse, database), "source", name, scopes)
        if json_output:
            say_json({"key": issued.key, "secret": issued.secret, "name": name, "scopes": scopes})
            return
        say(f"key     {issued.key}\nsecret  {issued.secret}\nscopes  {', '.join(scopes)}")
        say("The secret is not shown again.")


@source.command(name="list")
def list_sources(*, json_output: Json = False, clickhouse: ClickHouse = None, database: Database = "stepwell") -> None:
    """List the keys of all sources, without their secrets.

    Parameters
    ----------
    json_output
        One line, an array.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    _list("source", json_output, clickhouse, database)


@source.command(name="revoke")
def revoke_source(
    key: str, *, json_output: Json = False, clickhouse: ClickHouse = None, database: Database = "stepwell"
) -> None:
    """Revoke one key, or all keys of a source; they stop within seconds.

    Parameters
    ----------
    key
        A key, or the name of a source.
    json_output
        One line: {"revoked": [...]}.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    _revoke("source", key, json_output, clickhouse, database)


@employer.command(name="add")
def add_employer(
    name: str,
    *,
    title: str | None = None,
    json_output: Json = False,
    clickhouse: ClickHouse = None,
    database: Database = "stepwell",
) -> None:
    """Make a token for an employer: what its people log in to the dashboard with.

    On a ClickHouse server that deploy/clickhouse/access.sql was run on, the employer also gets a user of its own, which
    reads the published views and sees its own rows alone; where there is one already, it gets a new password.

    Parameters
    ----------
    name
        The employer's id, as employment records name it.
    title
        The name that pages show; the id when not given.
    json_output
        One line: {"employer", "token", "key"}, with {"sql_user", "sql_password"} where there is such a user.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    from services.runtime import sql_users
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.keys import name_employer

    with errors_in_a_sentence():
        client = _client(clickhouse, database)
        name_employer(client, name, title)
        _issue("employer", name, client, json_output, sql_users.add(client, name))


@employer.command(name="list")
def list_employers(
    *, json_output: Json = False, clickhouse: ClickHouse = None, database: Database = "stepwell"
) -> None:
    """List the tokens of all employers by their key, without their secrets.

    Parameters
    ----------
    json_output
        One line, an array.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    _list("employer", json_output, clickhouse, database)


@employer.command(name="revoke")
def revoke_employer(
    key: str, *, json_output: Json = False, clickhouse: ClickHouse = None, database: Database = "stepwell"
) -> None:
    """Revoke one token by its key, or all tokens of an employer; they stop within seconds.

    Parameters
    ----------
    key
        A key, or the id of an employer.
    json_output
        One line: {"revoked": [...]}.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    _revoke("employer", key, json_output, clickhouse, database)


@operator.command(name="add")
def add_operator(
    name: str, *, json_output: Json = False, clickhouse: ClickHouse = None, database: Database = "stepwell"
) -> None:
    """Make a token for somebody who runs this Stepwell: it opens the page on refusals, and no employer's pages.

    Parameters
    ----------
    name
        Who it is for.
    json_output
        One line: {"operator", "token", "key"}.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    from services.runtime.console import errors_in_a_sentence

    with errors_in_a_sentence():
        _issue("operator", name, _client(clickhouse, database), json_output)


@operator.command(name="list")
def list_operators(
    *, json_output: Json = False, clickhouse: ClickHouse = None, database: Database = "stepwell"
) -> None:
    """List the tokens of all operators by their key, without their secrets.

    Parameters
    ----------
    json_output
        One line, an array.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    _list("operator", json_output, clickhouse, database)


@operator.command(name="revoke")
def revoke_operator(
    key: str, *, json_output: Json = False, clickhouse: ClickHouse = None, database: Database = "stepwell"
) -> None:
    """Revoke one token by its key, or all tokens of an operator; they stop within seconds.

    Parameters
    ----------
    key
        A key, or the name of an operator.
    json_output
        One line: {"revoked": [...]}.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    _revoke("operator", key, json_output, clickhouse, database)


def _client(clickhouse: str | None, database: str) -> Client:
    from services.runtime.clickhouse import connect
    from services.runtime.instance import address_of

    return connect(address_of("clickhouse", clickhouse), database)


def _issue(role: Role, name: str, client: Client, json_output: bool, user: SqlUser | None = None) -> None:
    """Make a token that opens pages, and say it; and the ClickHouse user, if one was made for the same employer."""
    from services.runtime.console import say, say_json
    from services.runtime.keys import issue

    issued = issue(client, role, name)
    if json_output:
        made = {"sql_user": user.name, "sql_password": user.password} if user else {}
        say_json({role: name, "token": issued.token, "key": issued.key, **made})
        return
    say(f"token  {issued.token}")
    if user:
        say(f"ClickHouse user      {user.name}\nClickHouse password  {user.password}")
    say("What is secret here is not shown again.")


def _known(scopes: list[str]) -> list[str]:
    from schemas.records import SENT_KINDS
    from services.runtime.errors import Rejected
    from services.runtime.keys import ALL, XAPI_SCOPES

    known = (ALL, *SENT_KINDS, *XAPI_SCOPES)
    for scope in scopes:
        if scope not in known:
            raise Rejected.because("scope", f"{scope} is no scope; use {', '.join(known)}")
    return list(dict.fromkeys(scopes))


def _list(role: Role, json_output: bool, clickhouse: str | None, database: str) -> None:
    from services.runtime.console import errors_in_a_sentence, say_json, say_table
    from services.runtime.keys import stored_keys

    with errors_in_a_sentence():
        rows: list[dict[str, Any]] = [
            {
                "name": stored.credential.owner,
                "key": stored.credential.key,
                "scopes": sorted(stored.credential.scopes),
                "created_at": stored.created_at,
            }
            for stored in stored_keys(_client(clickhouse, database), role).values()
        ]
        if json_output:
            say_json(rows)
        else:
            say_table(
                ("name", "key", "scopes", "created_at"), [{**row, "scopes": ",".join(row["scopes"])} for row in rows]
            )


def _revoke(role: Role, key: str, json_output: bool, clickhouse: str | None, database: str) -> None:
    from services.runtime import sql_users
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.errors import Rejected
    from services.runtime.keys import revoke

    with errors_in_a_sentence():
        client = _client(clickhouse, database)
        revoked = revoke(client, role, key)
        if not revoked:
            raise Rejected.because("unknown", f"no {role} has a key {key}, and none is named so")
        if role == "employer" and key not in revoked:
            sql_users.drop(client, key)
        if json_output:
            say_json({"revoked": list(revoked)})
        else:
            say(f"revoked {', '.join(revoked)}")
