"""Changing documents: read, decide, put the change on the log, and hear from the writer whether it applied.

A change names the ETag that it was decided on and applies only to that, so of two changes decided on one document the
later in the log does not apply; it is then decided again on what is there by now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.ingest.lrs.documents import Edit, Outcome, edited
from services.ingest.lrs.following import Following
from services.ingest.lrs.frames import DocumentChange, DocumentKey, Envelope, document_message
from services.ingest.lrs.reading import Reading
from services.runtime.errors import Unavailable
from services.runtime.producer import Producer

ATTEMPTS = 8


class Changing:
    """Changes documents. `new_id` makes ids of messages."""

    def __init__(
        self,
        following: Following,
        reading: Reading,
        producer: Producer,
        topic: str,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._following = following
        self._reading = reading
        self._producer = producer
        self._topic = topic
        self._clock = clock
        self._new_id = new_id

    async def change(self, tenant: str, key: DocumentKey, edit: Edit) -> None:
        """Change a document; return once the change can be read.

        Raises: Unmet, Rejected as `edited`; Unavailable.
        """
        for _ in range(ATTEMPTS):
            await self._settle(tenant)
            current = await asyncio.to_thread(self._reading.document, tenant, key)
            outcome = edited(current, edit)
            if outcome is None:
                return
            if await self._is_applied(tenant, key, "" if current is None else current.etag, outcome):
                return
        raise Unavailable("the document", "others keep changing it")

    async def _is_applied(self, tenant: str, key: DocumentKey, expected: str, outcome: Outcome) -> bool:
        frame_id = self._new_id()
        change = DocumentChange(key, expected, outcome.etag, outcome.content_type, outcome.content)
        message = document_message(self._topic, tenant, frame_id, change, at=self._clock())
        self._following.expect(Envelope(str(frame_id), tenant, []))
        try:
            place = await self._producer.publish_one(message)
        except BaseException:
            self._following.forget(str(frame_id))
            raise
        self._following.acknowledged(str(frame_id), place)
        await self._settle(tenant)
        return bool(await asyncio.to_thread(self._reading.is_applied, tenant, frame_id))

    async def _settle(self, tenant: str) -> None:
        if not await self._following.settled(tenant):
            raise Unavailable("the xAPI store", "the tables are behind the log", 5)
