"""Changing the key that hides addresses while all runs: announced, put in force, accounts moved, the old one taken out.

Order matters. Every service can open what is sealed under a key before anything is. Accounts are moved only when every
service hides by the new key, since a link that came under the old one after that would call the account in question; so
for a minute what is new of a person stands beside what was. A key is taken out only when nothing is sealed under it any
more, on its topic or in the table. For each account: its claims and its new seal are on the log before the old id is
sent on, and that before its old seal is taken away.

So a crash at any moment loses nothing: what is left to do is what is still sealed under another key, and starting again
goes on from there with the same key.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from schemas.records import Link
from services.core.links import registers
from services.ingest.identity.introductions import Forgetting, message_of, retraction
from services.ingest.identity.moving import SOURCE, Moved, aliases_in, aliases_of, moved, retargeted
from services.ingest.identity.table import Earlier, IdentityTable
from services.ingest.intake import Intake, Sender
from services.runtime.clickhouse import Client
from services.runtime.identity import IdentityKey
from services.runtime.identity_keys import (
    drop_identity_keys,
    in_force,
    next_key,
    store_identity_key,
    stored_identity_keys,
)
from services.runtime.links import stored_links

PAGE = 500
_NEXT = timedelta(microseconds=1)
END = datetime(2299, 1, 1, tzinfo=UTC)


class Done(NamedTuple):
    """What a rotation came to: accounts moved, links published, accounts that no key opens, and all that are left."""

    moved: int = 0
    links: int = 0
    unreadable: int = 0
    left: int = 0

    def then(self, other: Done) -> Done:
        """What this and another after it came to."""
        return other._replace(moved=self.moved + other.moved, links=self.links + other.links)


@dataclass(frozen=True, slots=True)
class Rotation:
    """Where accounts are moved. `said` is told of each step."""

    client: Client
    intake: Intake
    pause: Callable[[], None]
    """Waits until services have heard of a key."""
    kept: Callable[[], None]
    """Waits until all accounts that were introduced so far are in the table. Raises: Unavailable when they are not."""
    said: Callable[[str], None]
    page: int = PAGE


async def rotated(rotation: Rotation) -> Done:
    """Change the key that ClickHouse keeps, or go on with a change that was begun.

    Raises: Unavailable; then the same call goes on.
    """
    keys = await asyncio.to_thread(stored_identity_keys, rotation.client)
    if len(keys) == 1:
        keys = [*keys, next_key(keys)]
        await asyncio.to_thread(store_identity_key, rotation.client, keys[-1])
        rotation.said("announced the next key")
    newest = keys[-1]._replace(is_coming=False)
    if keys[-1].is_coming:
        await asyncio.to_thread(rotation.pause)
        await asyncio.to_thread(store_identity_key, rotation.client, newest)
        rotation.said("put it in force")
    await asyncio.to_thread(rotation.pause)
    done = await all_moved_to(in_force([*keys[:-1], newest]), rotation)
    await asyncio.to_thread(drop_identity_keys, rotation.client, newest.generation)
    rotation.said("took the earlier key out")
    return done


async def all_moved_to(key: IdentityKey, rotation: Rotation) -> Done:
    """Move every account that is, or is yet to be kept, under another key, but for those that no key opens.

    Raises: Unavailable; then the same call goes on.
    """
    done = Done(left=1)
    while done.left > done.unreadable:
        done = done.then(await moved_to(key, rotation))
        await asyncio.to_thread(rotation.kept)
        done = done._replace(left=await asyncio.to_thread(IdentityTable(rotation.client).left, key.key_id))
    return done


async def left_to_move(rotation: Rotation, key: IdentityKey | None = None) -> Done:
    """What moving to a key would come to; by default to the one that was begun, or the next. Changes nothing.

    Raises: Unavailable.
    """
    keys = await asyncio.to_thread(stored_identity_keys, rotation.client) if key is None else []
    newest = key or (IdentityKey(keys[-1].secret) if len(keys) > 1 else None)
    key_id = "" if newest is None else newest.key_id
    return Done(left=await asyncio.to_thread(IdentityTable(rotation.client).left, key_id))


async def moved_to(key: IdentityKey, rotation: Rotation) -> Done:
    """Move every account that the table has under another key; how many are left is not said.

    Raises: Unavailable; then the same call goes on.
    """
    table, done, after = IdentityTable(rotation.client), Done(), ("", "")
    links = await asyncio.to_thread(lambda: list(stored_links(rotation.client)))
    known = registers(links)
    aliases = {**aliases_in(known), **await asyncio.to_thread(_aliases, table, key, rotation.page)}
    total = await asyncio.to_thread(table.left, key.key_id)
    while rows := await asyncio.to_thread(table.earlier, key.key_id, after, rotation.page):
        found = [each for row in rows if (each := moved(row, key, known, aliases)) is not None]
        published = await _move(found, table, rotation.intake)
        done = done.then(Done(len(found), published, done.unreadable + len(rows) - len(found)))
        after = rows[-1].kind, rows[-1].worker_id
        rotation.said(f"moved {done.moved} of {total} accounts")
    again = retargeted(links, known, aliases)
    await _publish_by_source(again, rotation.intake)
    return done._replace(links=done.links + len(again))


async def _move(found: Sequence[Moved], table: IdentityTable, intake: Intake) -> int:
    restated = [pair for each in found for pair in each.restated]
    await _publish_by_source(restated, intake)
    topic = intake.topics.identities
    await intake.producer.publish([message_of(each.introduction, topic) for each in found])
    onward = [(SOURCE, link) for each in found for link in each.onward]
    await _publish_by_source(onward, intake)
    gone = await asyncio.to_thread(_forgotten_meanwhile, [each.old for each in found], table)
    forgotten = (each for each in found if (each.old.kind, each.old.worker_id) in gone)
    again = [Forgetting(each.introduction.worker_id, each.old.seen_at + _NEXT) for each in forgotten]
    old = [retraction(each.old.worker_id, each.old.kind, topic) for each in found]
    await intake.producer.publish([*(message_of(each, topic) for each in again), *old])
    await asyncio.to_thread(table.take_out, [each.old for each in found])
    return len(onward) + len(restated)


def _aliases(table: IdentityTable, key: IdentityKey, page: int) -> dict[str, str]:
    found: dict[str, str] = {}
    after = ("", "")
    while rows := table.earlier(key.key_id, after, page):
        found |= aliases_of(rows, key)
        after = rows[-1].kind, rows[-1].worker_id
    return found


async def _publish_by_source(links: Sequence[tuple[str, Link]], intake: Intake) -> None:
    by_source: dict[str, list[Link]] = defaultdict(list)
    for source, link in links:
        by_source[source].append(link)
    for source, said in by_source.items():
        sender = Sender(source, "native", lambda _kind: True, "identity")
        await intake.publish(intake.settled(enumerate(said), sender), sender)


def _forgotten_meanwhile(rows: Sequence[Earlier], table: IdentityTable) -> set[tuple[str, str]]:
    """Accounts that were erased while they were moved: their new seals have to go as well."""
    there = {(each.kind, each.worker_id) for each in table.of_workers([row.worker_id for row in rows], END)}
    return {(row.kind, row.worker_id) for row in rows} - there
