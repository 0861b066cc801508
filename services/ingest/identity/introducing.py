"""Which accounts a process has yet to introduce: each is published once in a while, not with each of its records.

An introduction that is repeated changes nothing, so the memory may be short, bounded and a process's own; it must be
short enough that somebody who was forgotten and comes back is known again soon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from services.core.pseudonyms import Stated
from services.ingest.identity.introductions import Introduction, kind_of, message_of
from services.runtime.identity import IdentityKey
from services.runtime.producer import Message

REMEMBERED = timedelta(hours=1)
_MAX_REMEMBERED = 200_000

Known = tuple[str, str]
"""Worker id and kind of account."""


class Introducing:
    """Makes the messages that introduce accounts."""

    def __init__(self, topic: str, key: Callable[[], IdentityKey]) -> None:
        self._topic = topic
        self._key = key
        self._until: dict[Known, datetime] = {}

    def messages(self, stated: Iterable[Stated], source: str, now: datetime) -> list[Message]:
        """Messages for the accounts that were not introduced lately. `forget` them again when publishing failed."""
        made: list[Message] = []
        for worker_id, account in stated:
            known = (worker_id, kind_of(account))
            if self._until.get(known, now) > now:
                continue
            self._remember(known, now)
            key = self._key()
            sealed = key.sealed(account, worker_id)
            made.append(message_of(Introduction(*known, sealed, key.key_id, source, now), self._topic))
        return made

    def forget(self, stated: Iterable[Stated]) -> None:
        """Introduce these again the next time."""
        for worker_id, account in stated:
            self._until.pop((worker_id, kind_of(account)), None)

    def forget_worker(self, worker_id: str) -> None:
        """The same for all accounts of a worker."""
        for known in [known for known in self._until if known[0] == worker_id]:
            del self._until[known]

    def _remember(self, known: Known, now: datetime) -> None:
        if len(self._until) >= _MAX_REMEMBERED:
            self._until.clear()
        self._until[known] = now + REMEMBERED
