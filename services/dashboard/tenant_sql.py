"""SQL of somebody's own, made into SQL that sees one employer's rows of the published views and nothing else.

The text is parsed, judged as a tree, and written anew from the tree: what runs is what was judged, whatever comments,
quotes or spellings the text had. Every table in it must be a published view and becomes a subquery that is filtered by
the employer; the name of a query given in WITH is prefixed, so that it can never mean a table. A construct that reads
otherwise (table functions, dictionaries, files, `IN table`, settings) is refused by name.
Invariant: each FROM and JOIN of the result is a filtered published view, a prefixed WITH name, or a subquery of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from schemas.views import Views
from services.dashboard.errors import Refused

DIALECT: Final = "clickhouse"
LONGEST: Final = 12_000
OWN: Final = "own_"
"""Put before the names that the text gives to queries of its own."""
PARAMETERS: Final = ("employer_id", "as_of")
"""Parameters that a text may use, as the pages' own queries do."""

_PLACEHOLDER: Final = re.compile(r"\{\s*(\w+)\s*:")
_FORBIDDEN: Final = re.compile(
    r"dict.*|join_?get.*|file|url.*|s3.*|hdfs.*|azure.*|remote.*|cluster.*|merge|view.*|input|executable.*|numbers.*|zeros.*"
    r"|generate_?random.*|sleep.*|get_?setting.*|get_?macro|get_?server_?port|get_?client.*|get_?os.*|host_?name|fqdn"
    r"|current_?(user|database|schemas?|roles?|profiles?)|user|initial_?.*|enabled_?.*|default_?(roles|profiles).*"
    r"|has_?column_?in_?table|filesystem.*|server_?uuid|uptime|version|tcp_?port|address_?to.*|demangle|log_?trace"
    r"|catboost.*|eval_?ml.*|embed.*|ai_.*|llm.*|(global_?)?(not_?|null_?)*in(_?ignore_?set)?|in|materialize_?.*table.*"
    r"|show_?certificate|get_?table.*|partition_?id|defragment.*|query_?id|initial_?query.*|connection_?id",
    re.IGNORECASE,
)
_UNWANTED: Final = ("settings", "format", "into", "sample", "hint", "prewhere", "locks", "kind")


def for_tenant(sql: str, views: Views) -> str:
    """The text as it may run, with `{employer_id:String}` for the employer.

    Raises: Refused, with a sentence that says what to write instead.
    """
    try:
        return _written(_parsed(sql), views)
    except RecursionError:
        raise Refused("too_deep", "This query has too many levels.") from None


def _written(query: exp.Query, views: Views) -> str:
    own = {cte.alias for cte in query.find_all(exp.CTE) if isinstance(cte.this, exp.Query)}
    for node in list(query.walk()):
        _judge(node)
    for table in list(query.find_all(exp.Table)):
        _replace(table, own, views)
    for cte in query.find_all(exp.CTE):
        if isinstance(cte.this, exp.Query) and not cte.alias.startswith(OWN):
            cte.set("alias", exp.TableAlias(this=exp.to_identifier(OWN + cte.alias, quoted=True)))
    _check(query, views)
    return query.sql(dialect=DIALECT, comments=False)


def _parsed(sql: str) -> exp.Query:
    if len(sql) > LONGEST:
        raise Refused("too_long", f"A query may have {LONGEST:,} characters.")
    try:
        statements = [one for one in sqlglot.parse(sql.strip().rstrip(";"), read=DIALECT) if one is not None]
    except SqlglotError as error:
        raise Refused("not_sql", f"This is not SQL that can be read: {_first_line(error)}") from None
    if len(statements) != 1:
        raise Refused("one_query", "Write one query.")
    if not isinstance(statements[0], exp.Query):
        raise Refused("only_select", "Only SELECT is possible here.")
    return statements[0]


def _judge(node: exp.Expr) -> None:
    """Refuse what reads or does anything besides selecting from named views."""
    if isinstance(node, exp.DDL | exp.DML | exp.Command | exp.Set | exp.Use) and not isinstance(node, exp.Query):
        raise Refused("only_select", "Only SELECT is possible here.")
    if isinstance(node, exp.Final):
        raise Refused("final", "Leave FINAL out: views show the newest of everything already.")
    if isinstance(node, exp.Select | exp.SetOperation | exp.Subquery):
        for name in _UNWANTED:
            if node.args.get(name):
                raise Refused("clause", f"{name.upper()} is not possible here.")
    if isinstance(node, exp.In) and _may_be_a_table(node):
        raise Refused("in_table", "After IN write a list of values in parentheses, or (SELECT ...).")
    if isinstance(node, exp.Placeholder | exp.Parameter):
        _judge_parameter(node)
    if isinstance(node, exp.Func):
        _judge_function(node)


def _may_be_a_table(node: exp.In) -> bool:
    """`x IN name` and `x IN (name)` read the table of that name, if there is one."""
    listed = node.expressions
    return node.args.get("field") is not None or (len(listed) == 1 and isinstance(listed[0].unnest(), exp.Column))


def _judge_parameter(node: exp.Expression) -> None:
    named = _PLACEHOLDER.match(node.sql(dialect=DIALECT))
    if named is None or named[1] not in PARAMETERS:
        raise Refused("parameter", f"The only parameters here are {' and '.join(PARAMETERS)}.")


def _judge_function(node: exp.Func) -> None:
    names = {node.name} if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc | exp.CombinedAggFunc) else set()
    names |= set() if isinstance(node, exp.Anonymous) else set(type(node).sql_names())
    for name in names:
        if _FORBIDDEN.fullmatch(name):
            raise Refused("function", f"The function {name} is not possible here.")


def _replace(table: exp.Table, own: set[str], views: Views) -> None:
    """Put a filtered subquery in the place of a view, and the prefixed name in that of a query of the text's own."""
    name = table.name
    if not isinstance(table.this, exp.Identifier):
        raise Refused("table_function", "Read from the published views; functions that make tables are not possible.")
    if table.args.get("db") or table.args.get("catalog"):
        raise Refused("database", f"Write {name} without the database.")
    alias = table.alias or name
    if name in own:
        table.replace(_aliased(exp.to_table(f'"{OWN}{name}"'), alias, table))
        return
    if name not in views:
        raise Refused("unknown_view", f"There is no published view {name}.")
    condition = f"{name}.employer_id = {{employer_id: String}}"
    filtered = exp.select("*").from_(exp.to_table(name)).where(condition, dialect=DIALECT)
    table.replace(_aliased(filtered.subquery(), alias, table))


def _aliased(source: exp.Expression, alias: str, table: exp.Table) -> exp.Expression:
    source.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
    for join in table.args.get("joins") or ():
        source.append("joins", join)
    return source


def _check(query: exp.Query, views: Views) -> None:
    """The invariant, looked at once more on what was made. Raises: Refused."""
    for table in query.find_all(exp.Table):
        inner = table.find_ancestor(exp.Select)
        is_own = table.name.startswith(OWN)
        is_filtered = inner is not None and "employer_id = {employer_id: String}" in inner.sql(dialect=DIALECT)
        if not is_own and not (table.name in views and is_filtered):
            raise Refused("unknown_view", f"There is no published view {table.name}.")


def _first_line(error: BaseException) -> str:
    return next(_lines(str(error)), "it cannot be parsed")


def _lines(text: str) -> Iterator[str]:
    return (re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in text.splitlines() if line.strip())
