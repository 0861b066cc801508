"""Grafana's macros and variables put into a panel's SQL, as its ClickHouse plugin puts them."""

from __future__ import annotations

import re
from typing import Final

SINCE: Final = "now() - toIntervalDay(365)"
MACROS: Final = {
    r"\$__timeFilter\((\w+)\)": rf"(\1 >= {SINCE} AND \1 <= now())",
    r"\$__dateFilter\((\w+)\)": rf"(\1 >= toDate({SINCE}) AND \1 <= today())",
}


def expanded(sql: str, employer_id: str) -> str:
    """The SQL that reaches ClickHouse, of the last year, for that employer."""
    for macro, meant in MACROS.items():
        sql = re.sub(macro, meant, sql)
    quoted = "'" + employer_id.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return sql.replace("${employer:sqlstring}", quoted)
