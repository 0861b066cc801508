"""Cursors: where a table that is read piece by piece goes on.

A table of the API is ordered by a key that no two rows share, and a cursor holds the key of the last row that was
given, so that rows which come or go meanwhile neither repeat nor hide others. Nothing secret is in a cursor, and it
decides nothing but where to go on: the employer comes from the credential.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import orjson

from services.core import base64url
from services.dashboard.errors import Refused
from services.dashboard.export_tables import Table
from services.dashboard.look import PAST

ROWS: Final = "rows"
SUFFIX: Final = "_after"
"""Ends the name of a query that goes on after a key."""
_TEXT: Final = "String"
_NUMBER: Final = "UInt64"
_INSTANT: Final = "DateTime64(6, 'UTC')"

KEYS: Final[Mapping[Table, Mapping[str, str]]] = {
    "workers": {"worker_id": _TEXT},
    "stacks": {"stack_id": _TEXT},
    "minutes": {"minute": "DateTime('UTC')"},
    "stalled": {"worker_id": _TEXT, "stack_id": _TEXT},
    "completions": {"week": "Date"},
    "expiring": {"expires_at": _INSTANT, "worker_id": _TEXT, "achievement_id": _TEXT},
    "sources": {"source": _TEXT},
    "worker_awards": {"issuer_id": _TEXT, "award_id": _TEXT},
    "worker_progress": {"stack_id": _TEXT},
    "stack_workers": {"worker_id": _TEXT},
    "stack_days": {"step": _NUMBER},
    "stack_spells": {"cohort": _NUMBER, "days": _NUMBER},
    "one_away": {"worker_id": _TEXT},
    "plans": {"worker_id": _TEXT, "stack_id": _TEXT},
    "team_skills": {"team": _TEXT, "skill": _TEXT},
    "role_gaps": {"role": _TEXT, "skill": _TEXT},
    "experts": {"skill": _TEXT},
    "equity": {"group_name": _TEXT},
    "source_health": {"source": _TEXT},
    "refusals": {"source": _TEXT, "reason": _TEXT, "stage": _TEXT},
}
"""For each table the columns of its key, with their types."""


def continued(named: Mapping[str, str]) -> dict[str, str]:
    """The queries that go on after a key: parameters key_0, key_1 ..., `is_first` for the beginning, and `rows`."""
    made = {}
    for table, key in KEYS.items():
        for name in (table, table + PAST):
            if name in named:
                made[name + SUFFIX] = _continued(named[name], key)
    return made


def _continued(sql: str, key: Mapping[str, str]) -> str:
    columns = ", ".join(key)
    values = ", ".join(f"{{key_{place}:{kind}}}" for place, kind in enumerate(key.values()))
    return (
        f"SELECT *\nFROM\n(\n{sql.rstrip()}\n)\n"
        f"WHERE if({{is_first:UInt8}}, 1, tuple({columns}) > tuple({values}))\n"
        f"ORDER BY {columns}\nLIMIT {{{ROWS}:UInt64}}\n"
    )


def cursor_of(table: Table, row: Mapping[str, Any]) -> str:
    """The cursor after a row."""
    return base64url.encoded(orjson.dumps([table, *(row[name] for name in KEYS[table])]))


def key_after(table: Table, cursor: str) -> dict[str, Any]:
    """The parameters that go on after a cursor, "" for the beginning. Raises: Refused when it is of another table."""
    values = _values(table, cursor) if cursor else [_least(kind) for kind in KEYS[table].values()]
    return {f"key_{place}": value for place, value in enumerate(values)} | {"is_first": int(not cursor)}


def _values(table: Table, cursor: str) -> list[Any]:
    try:
        of, *values = orjson.loads(base64url.decoded(cursor))
        kinds = KEYS[table].values() if of == table else ()
        return [_read(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, TypeError):
        raise Refused("bad_cursor", "This cursor is not one of this table; leave it out to begin anew.") from None


def _read(value: Any, kind: str) -> Any:
    if kind == _TEXT:
        return str(value)
    if kind == _NUMBER:
        return int(value)
    return date.fromisoformat(value) if kind == "Date" else datetime.fromisoformat(value)


def _least(kind: str) -> Any:
    return {_TEXT: "", _NUMBER: 0, "Date": date(1970, 1, 2)}.get(kind, datetime.fromisoformat("1970-01-02T00:00:00Z"))
