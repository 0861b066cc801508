"""Finding what was refused and mentions a person who is to be forgotten.

Apart from the eraser, which knows tables: refused payloads are on their topic alone, as they were sent, and are
nobody's records, so they are found by what they say, be it a number that only their dialect can tell the platform of.
Each gets a message without value, as if an operator purged it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from services.ingest.dialects.numbered import workers_named
from services.ingest.inbox.reading import arrival_of
from services.runtime.mentions import NOBODY, Person
from services.runtime.producer import Message
from services.runtime.rejected import Refusal, mentioned_in, purge, read, refusal_id
from services.runtime.whole_log import whole_log

Refused = Callable[[Person, datetime], list[Message]]
"""From a person and an instant to the messages that take away what was refused up to then and mentions the person."""


def purges(bootstrap: str, topic: str, person: Person, until: datetime) -> list[Message]:
    """The messages that purge refusals of a topic. Reads all of it; blocking: to be called in a thread.

    Raises: Unavailable when Kafka does not answer.
    """
    if person == NOBODY:
        return []
    found = {}
    for message in whole_log(bootstrap, topic):
        try:
            refusal = read(message.value, message.key, message.headers)
        except ValueError:
            continue  # a mark, or somebody else's message
        if message.value and refusal.refused_at <= until and is_about(refusal, person):
            found[refusal_id(refusal)] = purge(refusal_id(refusal), topic)
    return list(found.values())


def is_about(refusal: Refusal, person: Person) -> bool:
    """Whether what was refused mentions a person, or names one of their accounts by a platform's number."""
    if mentioned_in(refusal, person):
        return True
    arrival = arrival_of(refusal.payload, refusal.refused_at)
    told = arrival if arrival.source else replace(arrival, source=refusal.source)
    return not person.workers.isdisjoint(workers_named(told))


def nothing(_person: Person, _until: datetime) -> list[Message]:
    """For whoever has no topic of refusals."""
    return []
