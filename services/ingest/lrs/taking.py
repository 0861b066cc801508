"""Taking statements in: what is there already, what contradicts it, and what goes on the log.

"Taken" means acknowledged by Kafka, and, where a statement brought its own id, that the log shows nothing against it.
Source: xAPI 1.0.3 Data 2.3.1 (immutability), Communication 2.1.1, 2.1.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from services.ingest.lrs.arriving import Arrival
from services.ingest.lrs.familiar import Familiar
from services.ingest.lrs.following import READY_SECONDS, Following
from services.ingest.lrs.frames import Claim, Envelope, statements_body, statements_message
from services.ingest.lrs.reading import Reading
from services.ingest.lrs.same import NOT_TIMED, UNKNOWN, Stated, is_same
from services.ingest.lrs.window import Verdict
from services.runtime.errors import Conflict, Unavailable
from services.runtime.producer import Producer

MOST_CLAIMS = 2_000_000
"""The most statements that may be on the log and not in the tables before statements with ids must wait."""


class Taking:
    """Puts statements on the log. `new_id` makes ids of messages."""

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

    async def take(self, tenant: str, arrival: Arrival, traceparent: str | None, *, is_defining: bool) -> None:
        """Take all of a request's statements, or none. `is_defining`: they may say what activities are.

        Raises: Conflict when a statement contradicts one of the same id; Unavailable when Kafka, or what must be asked
            about ids, does not answer.
        """
        incoming = arrival.incoming
        claims = [Claim(each.statement_id, each.stated) for each in incoming]
        noted = self._following.familiar if any(each.is_own_id for each in incoming) else None
        if noted is not None:
            known = await self._known(tenant, claims, noted)
            incoming = [each for each in incoming if each.statement_id not in known]
            claims = [claim for claim in claims if claim.statement_id not in known]
        if not incoming:
            return
        bodies = [each.body for each in incoming]
        body = statements_body(bodies, arrival.attachments, is_defining=is_defining)
        voided = [each.voided for each in incoming if each.voided]
        await self._publish(tenant, body, claims, voided, traceparent, noted)

    async def _known(self, tenant: str, claims: Sequence[Claim], familiar: Familiar) -> set[bytes]:
        """Which of the statements are there already, and say the same; all are `familiar` from then on.

        Raises: Conflict.
        """
        await self._following.ready()
        if self._following.window.size > MOST_CLAIMS:
            raise Unavailable("the xAPI store", "too much is on the log and not in the tables yet", 10)
        found = dict(self._following.window.known(tenant, (claim.statement_id for claim in claims)))
        unsure = {claim.statement_id for claim in claims if _is_unsure(found.get(claim.statement_id), claim.stated)}
        if unsure:
            await self._following.settled(tenant)
            found = {each: earlier for each, earlier in found.items() if each not in unsure}
        missing = familiar.note(each.statement_id for each in claims if each.statement_id not in found)
        if missing:
            found.update(await asyncio.to_thread(self._reading.stated, tenant, missing))
        if any(
            _needs_stored(found[claim.statement_id], claim.stated) for claim in claims if claim.statement_id in found
        ):
            await self._following.settled(tenant)
            found.update(await asyncio.to_thread(self._reading.stated, tenant, list(found)))
        for claim in claims:
            if claim.statement_id in found and claim.stated.digest != UNKNOWN:
                _refuse_difference(found[claim.statement_id], claim)
        return set(found)

    async def _publish(
        self,
        tenant: str,
        body: bytes,
        claims: Sequence[Claim],
        voided: Sequence[bytes],
        traceparent: str | None,
        noted: Familiar | None,
    ) -> None:
        """Publish; where ids are the sender's own, and so `noted`, return once the log shows nothing against them."""
        frame_id = self._new_id()
        message = statements_message(
            self._topic,
            tenant,
            frame_id,
            body,
            claims,
            at=self._clock(),
            traceparent=traceparent,
            voided=b"".join(voided),
        )
        verdict = self._following.expect(Envelope(str(frame_id), tenant, claims, voided), noted)
        try:
            place = await self._producer.publish_one(message)
        except BaseException:
            self._following.forget(str(frame_id))
            raise
        self._following.acknowledged(str(frame_id), place)
        if noted is not None and not await self._is_taken(tenant, frame_id, verdict):
            raise Conflict("statement", "another statement with the same id was sent at the same time")

    async def _is_taken(self, tenant: str, frame_id: UUID, verdict: asyncio.Future[Verdict]) -> bool:
        try:
            async with asyncio.timeout(READY_SECONDS):
                decided = await self._following.decided(verdict)
        except TimeoutError as error:
            raise Unavailable("the xAPI log", "it does not show the request yet") from error
        if decided is not Verdict.ASK:
            return decided is Verdict.TAKEN
        await self._following.settled(tenant)
        return await asyncio.to_thread(self._reading.is_applied, tenant, frame_id) is not False


def _is_unsure(earlier: Stated | None, later: Stated) -> bool:
    """Whether the log does not say what was stated of an id that is now claimed with content.

    Two claims without content have ids made of it, so the same id is the same statement and nothing need be asked.
    """
    return earlier is not None and earlier.digest == UNKNOWN != later.digest


def _needs_stored(earlier: Stated, later: Stated) -> bool:
    """Whether only the stored statement can tell: the earlier was given no timestamp and the later one was."""
    return earlier.timestamp == NOT_TIMED != later.timestamp and earlier.digest == later.digest


def _refuse_difference(earlier: Stated, claim: Claim) -> None:
    if not is_same(earlier, claim.stated):
        statement_id = UUID(bytes=claim.statement_id)
        raise Conflict(f"statement {statement_id}", "another statement has this id; statements never change")
