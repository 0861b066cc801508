"""`stepwell source`, `stepwell employer` and `stepwell operator`: give out, list and revoke keys. Secrets show once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from services.runtime.where import HERE, Place, Where

if TYPE_CHECKING:
    from services.runtime.clickhouse import Client
    from services.runtime.keys import Role
    from services.runtime.sql_users import SqlUser

source = App(name="source", help="API keys of the systems that send records.")
employer = App(name="employer", help="Tokens of the employers that look.")
operator = App(name="operator", help="Tokens of those who run this Stepwell, for its pages on refusals.")

Json = Annotated[bool, Parameter(name="--json", negative="")]
ListJson = Annotated[bool, Parameter(name="--json", negative="", help="One line, an array.")]
RevokeJson = Annotated[bool, Parameter(name="--json", negative="", help='One line: {"revoked": [...]}.')]
Revocable = Annotated[str, Parameter(help="A key, or the name of who has it.")]


@source.command(name="add")
def add_source(
    name: str,
    *,
    scope: Annotated[list[str] | None, Parameter(negative="")] = None,
    json_output: Json = False,
    where: Place = HERE,
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
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.keys import ALL, issue

    with errors_in_a_sentence():
        scopes = _known(scope or [ALL])
        issued = issue(where.connect(), "source", name, scopes)
        if json_output:
            say_json({"key": issued.key, "secret": issued.secret, "name": name, "scopes": scopes})
            return
        say(f"key     {issued.key}\nsecret  {issued.secret}\nscopes  {', '.join(scopes)}")
        say("The secret is not shown again.")


@employer.command(name="add")
def add_employer(
    name: str,
    *,
    title: str | None = None,
    json_output: Json = False,
    where: Place = HERE,
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
    """
    from services.runtime import sql_users
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.keys import name_employer

    with errors_in_a_sentence():
        client = where.connect()
        name_employer(client, name, title)
        _issue("employer", name, client, json_output, sql_users.add(client, name))


@operator.command(name="add")
def add_operator(name: str, *, json_output: Json = False, where: Place = HERE) -> None:
    """Make a token for somebody who runs this Stepwell: it opens the page on refusals, and no employer's pages.

    Parameters
    ----------
    name
        Who it is for.
    json_output
        One line: {"operator", "token", "key"}.
    """
    from services.runtime.console import errors_in_a_sentence

    with errors_in_a_sentence():
        _issue("operator", name, where.connect(), json_output)


def _list_and_revoke(app: App, role: Role) -> None:
    """Give an app the verbs that are the same for everyone who has keys."""

    @app.command(name="list", help=f"List the keys of every {role}, without their secrets.")
    def list_keys(*, json_output: ListJson = False, where: Place = HERE) -> None:
        _list(role, json_output, where)

    @app.command(name="revoke", help=f"Revoke one key, or all keys of one {role}; they stop within seconds.")
    def revoke_keys(key: Revocable, *, json_output: RevokeJson = False, where: Place = HERE) -> None:
        _revoke(role, key, json_output, where)


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


def _list(role: Role, json_output: bool, where: Where) -> None:
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
            for stored in stored_keys(where.connect(), role).values()
        ]
        if json_output:
            say_json(rows)
        else:
            say_table(
                ("name", "key", "scopes", "created_at"), [{**row, "scopes": ",".join(row["scopes"])} for row in rows]
            )


def _revoke(role: Role, key: str, json_output: bool, where: Where) -> None:
    from services.runtime import sql_users
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.errors import Rejected
    from services.runtime.keys import revoke

    with errors_in_a_sentence():
        client = where.connect()
        revoked = revoke(client, role, key)
        if not revoked:
            raise Rejected.because("unknown", f"no {role} has a key {key}, and none is named so")
        if role == "employer" and key not in revoked:
            sql_users.drop(client, key)
        if json_output:
            say_json({"revoked": list(revoked)})
        else:
            say(f"revoked {', '.join(revoked)}")


_list_and_revoke(source, "source")
_list_and_revoke(employer, "employer")
_list_and_revoke(operator, "operator")
