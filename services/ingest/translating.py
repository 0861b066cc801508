"""A payload of some dialect taken in whole or not at all: what every HTTP route of a dialect does with a body.

Apart from the routes so that all of them refuse and keep alike. Order matters: nothing is published before all of a
payload is good, a refused payload is kept before the sender hears so, and "taken" is said only once Kafka has all.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from services.ingest.dialects.dialect import Arrival, Dialect
from services.ingest.intake import Intake, Sender, Settled
from services.runtime.errors import Rejected
from services.runtime.keys import Credential
from services.runtime.rejected import Payload

KEPT_HEADERS = ("content-type", "traceparent", "x-experience-api-version")
"""Headers of a request that are kept with a refused body; never its credentials."""


def arrival_of(request: Request, body: bytes, source: str, intake: Intake) -> Arrival:
    """The request as dialects see it."""
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower() != "authorization"}
    return Arrival(body, headers, source, received_at=intake.clock())


def sender_of(request: Request, credential: Credential, dialect: str) -> Sender:
    """Who sent the request."""
    return Sender(credential.owner, dialect, credential.allows, "http", request.headers.get("traceparent"))


async def take_in(arrival: Arrival, dialect: Dialect, sender: Sender, intake: Intake) -> Settled:
    """The records that the payload became, settled and acknowledged by Kafka.

    Raises: Rejected when any of it is at fault, once the payload is kept; Unavailable.
    """
    try:
        translated = dialect.translate(arrival, intake.meanings())
        settled = intake.settled(translated.whole(), sender, translated.originals)
    except Rejected as refusal:
        await intake.keep_refused(payload_of(arrival), refusal, sender)
        raise
    await intake.publish(settled, sender)
    if translated.unattributed:
        await intake.keep_unattributed(payload_of(arrival), translated.unattributed, sender)
    return settled


def payload_of(arrival: Arrival, headers: Mapping[str, str] | None = None) -> Payload:
    """The payload as it is kept when it is refused: to be read again, it says its source and dialect."""
    kept = {name: arrival.headers[name] for name in KEPT_HEADERS if name in arrival.headers}
    kept |= {"ce_source": arrival.source, **(headers or {})}
    return Payload(arrival.payload, headers=tuple((name, value.encode()) for name, value in kept.items()))
