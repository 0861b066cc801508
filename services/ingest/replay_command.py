"""`stepwell replay`: statements of the record store read again by the mappings in force."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

Flag = Annotated[bool, Parameter(negative="")]
Json = Annotated[bool, Parameter(name="--json", negative="")]


def replay(
    *,
    source: str = "",
    dry_run: Flag = False,
    as_json: Json = False,
    kafka: str | None = None,
    clickhouse: str | None = None,
    database: Annotated[str, Parameter(env_var="STEPWELL_DATABASE")] = "stepwell",
) -> None:
    """Publish the records that kept xAPI statements have become since the catalog maps their activities.

    Needed only for activities that are no achievements by themselves, such as videos: all else is judged by the
    mappings of the day without it. Doing it twice changes nothing.

    Parameters
    ----------
    source
        Only statements of this source; by default of all.
    dry_run
        Say how many there are, and publish nothing.
    as_json
        One line: {"statements", "records", "published"}.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    from services.ingest.replay import Replay, replayed
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.instance import address_of

    with errors_in_a_sentence():
        where = Replay(address_of("kafka", kafka), address_of("clickhouse", clickhouse), database)
        done = asyncio.run(replayed(where, source, is_trial=dry_run))
        if as_json:
            say_json(done._asdict())
        else:
            say(f"{done.statements} statements, {done.records} records, {done.published} published")
