"""`stepwell replay`: statements of the record store read again by the mappings in force."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

from services.runtime.where import HERE, Place

Flag = Annotated[bool, Parameter(negative="")]
Json = Annotated[bool, Parameter(name="--json", negative="")]


def replay(
    *,
    source: str = "",
    dry_run: Flag = False,
    as_json: Json = False,
    kafka: str | None = None,
    where: Place = HERE,
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
    """
    from services.ingest.replay import Replay, replayed
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.instance import address_of

    with errors_in_a_sentence():
        told = Replay(address_of("kafka", kafka), address_of("clickhouse", where.clickhouse), where.database)
        done = asyncio.run(replayed(told, source, is_trial=dry_run))
        if as_json:
            say_json(done._asdict())
        else:
            say(f"{done.statements} statements, {done.records} records, {done.published} published")
