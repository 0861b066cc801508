"""Caliper as a dialect: envelopes, and events or entities without one, as files of examples have them."""

from __future__ import annotations

from typing import Any

from services.ingest.dialects.caliper.described import Described
from services.ingest.dialects.caliper.envelope import is_envelope, opened
from services.ingest.dialects.caliper.meaning import record_of, untold
from services.ingest.dialects.caliper.shapes import faults_in, is_event, is_understood
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import Meanings
from services.ingest.dialects.payloads import Document, documents_in
from services.runtime.errors import Fault, Rejected

NAME = "caliper"


def speaks(arrival: Arrival) -> bool:
    """Whether it is an envelope, or its context is Caliper's."""
    return "caliper" in arrival.event_type or _is_caliper(arrival.first_item)


def translate(arrival: Arrival, meanings: Meanings) -> Translated:
    """The records that the events mean.

    Raises: Rejected when there is no JSON, or an envelope is not whole.
    """
    source = arrival.require_source()
    items = [item for document in documents_in(arrival.payload) for item in _items(document)]
    translated, described = Translated([], []), Described(item.value for item in items)
    unattributed: list[Fault] = []
    for index, item in enumerate(items):
        faults = list(faults_in(item.value, item.pointer))
        translated.faults.extend(faults)
        if faults or not is_event(item.value):
            continue
        try:
            record = record_of(item.value, item.pointer, source=source, meanings=meanings, described=described)
        except Rejected as refusal:
            translated.faults.extend(refusal.faults)
            continue
        if record is not None:
            translated.records.append((index, record))
        elif (missing := untold(item.value, item.pointer, described)) is not None:
            unattributed.append(missing)
    return translated._replace(unattributed=unattributed)


def _items(document: Document) -> list[Document]:
    if is_envelope(document.value):
        return [Document(item.value, document.pointer + item.pointer) for item in opened(document.value)]
    return [document]


def _is_caliper(item: Any) -> bool:
    if is_envelope(item):
        return True
    if isinstance(item, dict) and item.get("type") == "SystemIdentifier" and "identifierType" in item:
        return True  # the one thing of Caliper's that examples show without a context
    context = item.get("@context") if isinstance(item, dict) else None
    return any(is_understood(one) or _is_ours(one) for one in (context if isinstance(context, list) else [context]))


def _is_ours(context: Any) -> bool:
    return isinstance(context, dict) and "caliper" in context
