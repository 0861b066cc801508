"""A message of xAPI statements from the inbox, put on the record store's log as if its source had sent it over HTTP.

There is no credential: the source that the header `ce_source` names is tenant and authority. Nobody waits for the
answer, so what the log decides against is refused by the writer, onto the rejected topic. Pure; the same message read
again gives the same message, and the store takes it once.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from services.ingest.dialects.xapi.identity import Naming
from services.ingest.lrs.arriving import Reader
from services.ingest.lrs.completion import Authority
from services.ingest.lrs.frames import Claim, statements_body, statements_message
from services.runtime.cloudevents import attribute, texts
from services.runtime.errors import Rejected
from services.runtime.producer import Message
from services.runtime.rejected import Payload

# WARNING: a change gives messages that are read again other ids, and so twice what decided them.
_NAMESPACE = UUID("5d0f8a52-0c0e-5b7e-8a54-6a3f6b0c9d11")


class Posted(NamedTuple):
    """What a message became: the source that it is of, the message for the log, how many statements it holds."""

    source: str
    message: Message
    statements: int


class Posting:
    """Puts the inbox's statements on the log's topic. `readers`: of 1.0.x and of 2.0.x."""

    def __init__(self, topic: str, readers: tuple[Reader, Reader]) -> None:
        self._topic = topic
        self._readers = readers

    def posted(self, payload: Payload, received_at: datetime) -> Posted:
        """The message for the log. `received_at`: the broker's time of the inbox's message.

        Raises: Rejected.
        """
        headers = texts(payload.headers)
        source = attribute(headers, "source")
        if source is None:
            raise Rejected.because("missing", "name the source in the header ce_source")
        reader = self._readers[headers.get("x-experience-api-version", "").startswith("2.")]
        content_type = headers.get("content-type", "application/json")
        naming = Naming(source, received_at.date())
        arrival = reader.read(payload.value, content_type, Authority(source, source), naming)
        body = statements_body([each.body for each in arrival.incoming], arrival.attachments, is_awaited=False)
        claims = [Claim(each.statement_id, each.stated) for each in arrival.incoming]
        message = statements_message(
            self._topic,
            source,
            _frame_id(payload),
            body,
            claims,
            at=received_at,
            traceparent=headers.get("traceparent"),
            voided=b"".join(each.voided for each in arrival.incoming),
        )
        return Posted(source, message, len(arrival.incoming))


def _frame_id(payload: Payload) -> UUID:
    origin = payload.origin
    place = "" if origin is None else f"{origin.topic} {origin.partition} {origin.offset}"
    return uuid5(_NAMESPACE, place)
