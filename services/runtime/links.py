"""The links that ClickHouse has, as the records that they are: for commands and metrics that look at all of them."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.records import Link, record_adapter
from services.runtime.clickhouse import Client, unavailable

_LINKS = "SELECT body FROM records FINAL WHERE kind = 'link'"


def stored_links(client: Client) -> Iterator[Link]:
    """Every link that was ever stated. O(links).

    Raises: Unavailable.
    """
    with unavailable():
        bodies = [body for (body,) in client.query(_LINKS).result_rows]
    for body in bodies:
        record = record_adapter.validate_json(body)
        if isinstance(record, Link):
            yield record
