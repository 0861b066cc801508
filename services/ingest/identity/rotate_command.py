"""`stepwell people rotate-key`: another secret for the pseudonyms of addresses, with nobody lost on the way."""

from __future__ import annotations

import asyncio
import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from services.runtime.where import HERE, Place

if TYPE_CHECKING:
    from services.ingest.identity.rotating import Done
    from services.ingest.settings import Settings
    from services.runtime.where import Where

Flag = Annotated[bool, Parameter(negative="")]
Json = Annotated[bool, Parameter(name="--json", negative="")]
HEARD_SECONDS = 25.0
"""Until every service has looked for the key anew (identity/key.py), and its requests are done."""


KEPT_SECONDS = 120.0
"""How long the inbox may take to keep what was introduced."""
LOOK_SECONDS = 0.5


def rotate_key(
    *,
    dry_run: Flag = False,
    as_json: Json = False,
    wait: float = HEARD_SECONDS,
    page: Annotated[int, Parameter(show=False)] = 500,
    kafka: str | None = None,
    where: Place = HERE,
) -> None:
    """Change the key that hides addresses while everything runs. Stopped at any moment, it goes on when called again.

    Each account of an address gets another worker id; the old one forwards to it, and everybody keeps what they have,
    their links, and what is in question. Where the key is a setting, first give the gateway, the inbox and this command
    the new one as STEPWELL_IDENTITY_KEY and the old one as STEPWELL_IDENTITY_KEY_EARLIER.

    Parameters
    ----------
    dry_run
        Only say how many accounts would be moved.
    as_json
        One line: {"moved", "links", "unreadable", "left", "dry_run"}.
    wait
        Seconds to wait until the services have heard of a key.
    page
        How many accounts are moved at once.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from services.ingest.settings import Settings
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.errors import Rejected
    from services.runtime.instance import address_of

    with errors_in_a_sentence():
        clickhouse = address_of("clickhouse", where.clickhouse)
        # any broker will do: what is published twice changes nothing, so nothing is lost without idempotence
        settings = Settings(
            kafka=address_of("kafka", kafka), clickhouse=clickhouse, database=where.database, embedded=True
        )
        if settings.identity_key and not settings.identity_key_earlier:
            detail = "the key is a setting: give the earlier one as STEPWELL_IDENTITY_KEY_EARLIER, too"
            raise Rejected.because("identity_key", detail)
        done = asyncio.run(_done(settings, where, wait, page, dry_run=dry_run))
        if as_json:
            say_json({**done._asdict(), "dry_run": dry_run})
        elif dry_run:
            say(f"{done.left} accounts would be moved")
        else:
            say(f"{done.moved} accounts moved by {done.links} links, {done.left} left")


async def _done(settings: Settings, where: Where, wait: float, page: int, *, dry_run: bool) -> Done:
    from services.ingest.identity.rotating import Rotation, all_moved_to, left_to_move, rotated
    from services.ingest.intake_parts import intake_on, key_on
    from services.ingest.metrics import Metrics
    from services.runtime.producer import Producer

    producer, client = Producer(settings.producer("stepwell-rotation")), where.connect()
    intake = intake_on(producer, settings, Metrics())
    rotation = Rotation(client, intake, lambda: sleep(wait), lambda: _until_kept(settings), _tell, page)
    key = key_on(settings)() if settings.identity_key else None
    try:
        if dry_run:
            return await left_to_move(rotation, key)
        await producer.start()
        return await (rotated(rotation) if key is None else all_moved_to(key, rotation))
    finally:
        await producer.stop()
        client.close()


def _until_kept(settings: Settings) -> None:
    from services.runtime.errors import Unavailable
    from services.runtime.kafka_admin import unread

    until = monotonic() + KEPT_SECONDS
    while unread(settings.kafka, settings.inbox_group, settings.identities_topic):
        if monotonic() > until:
            raise Unavailable("inbox", "the inbox is behind with stepwell.identities.v1; call again when it is not")
        sleep(LOOK_SECONDS)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
