"""Canvas as a dialect: events of its own form. Their signatures are for the route to check (services/ingest/hooks).

Events of New Quizzes come on the same way and say `attributes` where others say `metadata`; none of them says who has
done what, so they are taken and left at that.
"""

from __future__ import annotations

from typing import Any

from services.ingest.dialects.building import UNATTRIBUTED
from services.ingest.dialects.canvas.meaning import BY_USER, record_of
from services.ingest.dialects.canvas.shapes import faults_in
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.dialects.payloads import documents_in
from services.runtime.errors import Fault, Rejected

NAME = "canvas"
_OF_NEW_QUIZZES = "attributes"


def speaks(arrival: Arrival) -> bool:
    """Whether the first item has metadata with the name of an event, and a body."""
    return _is_event(arrival.first_item, "metadata") or _is_event(arrival.first_item, _OF_NEW_QUIZZES)


def translate(arrival: Arrival, _meanings: Meanings) -> Translated:
    """The records that the events mean.

    Raises: Rejected when there is no JSON.
    """
    source = arrival.require_source()
    translated = Translated([], [])
    unattributed: list[Fault] = []
    for index, event in enumerate(documents_in(arrival.payload)):
        if _is_event(event.value, _OF_NEW_QUIZZES) and "metadata" not in event.value:
            continue
        faults = list(faults_in(event.value, event.pointer))
        translated.faults.extend(faults)
        if faults:
            continue
        try:
            record = record_of(event.value, event.pointer, source=source, received_at=arrival.received_at)
        except Rejected as refusal:
            translated.faults.extend(refusal.faults)
            continue
        if record is not None:
            translated.records.append((index, record))
        elif event.value["metadata"]["event_name"] in BY_USER and not event.value["metadata"].get("user_id"):
            detail = "user_id says whose quiz it is; Canvas leaves it out where nobody was logged in"
            unattributed.append(Fault(UNATTRIBUTED, f"{event.pointer}/metadata/user_id", detail))
    return translated._replace(unattributed=unattributed)


def _is_event(item: Any, head: str) -> bool:
    if not isinstance(item, dict) or "body" not in item or not isinstance(item.get(head), dict):
        return False
    return "event_name" in item[head]
