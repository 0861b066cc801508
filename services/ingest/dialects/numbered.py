"""Whom a payload names by nothing but a platform's number: Canvas's and Open edX's learners, earners of Credly.

Such a number is somebody else on every other platform, and which platform it is stands elsewhere in the payload, in its
headers, or nowhere but in who sent it. So only the dialect can tell the account. Apart from translating, because the
payloads that are asked about are those that could not be translated: whatever is wrong with them, their people must be
found when they ask to be forgotten. Invariant: nothing is raised, whatever the payload.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from schemas.values import Account
from services.core.ids import worker_id_of
from services.ingest.dialects import credly
from services.ingest.dialects.canvas import dialect as canvas
from services.ingest.dialects.canvas.meaning import user_account
from services.ingest.dialects.dialect import Arrival
from services.ingest.dialects.openedx import dialect as openedx
from services.ingest.dialects.openedx.meaning import home_page
from services.ingest.dialects.openedx.reading import event_in
from services.ingest.dialects.payloads import documents_in
from services.ingest.dialects.webhook import within
from services.runtime.errors import Rejected

MAX_VALUES = 100_000
"""How many values of one payload are looked at."""


def workers_named(arrival: Arrival) -> frozenset[str]:
    """The worker ids of the accounts that a payload names by number."""
    found = set()
    for account in _accounts(arrival):
        with suppress(ValueError):  # what no account can hold is nobody's
            found.add(worker_id_of(Account.model_validate(account, strict=False)))
    return frozenset(found)


def _accounts(arrival: Arrival) -> Iterator[dict[str, Any]]:
    if openedx.speaks(arrival):
        yield from _of_openedx(arrival)
        return
    inner = within(arrival) or arrival
    documents = _documents(inner)
    if canvas.speaks(inner):
        yield from (user_account(number, _root(event)) for event in documents for number in _numbers(event))
    elif credly.speaks(inner):
        users = (user for document in documents for user in _values_of(document, "user") if isinstance(user, dict))
        yield from (_at(credly.HOME_PAGE, user["id"]) for user in users if _is_number(user.get("id")))


def _of_openedx(arrival: Arrival) -> Iterator[dict[str, Any]]:
    document, source = arrival.first_item, arrival.source
    try:
        event = event_in(arrival)
        document, source = event.data, event.source or source
    except Rejected:
        if isinstance(document, dict) and isinstance(document.get("source"), str):
            source = document["source"]
    yield from (_at(home_page(source), number) for number in _numbers(document))


def _at(home: str, number: Any) -> dict[str, Any]:
    return {"account": {"homePage": home, "name": str(number)}}


def _documents(arrival: Arrival) -> list[Any]:
    try:
        return [document.value for document in documents_in(arrival.payload)]
    except Rejected:
        return [arrival.first_item]


def _root(event: Any) -> Any:
    metadata = event.get("metadata") if isinstance(event, dict) else None
    return metadata.get("root_account_id") if isinstance(metadata, dict) else None


def _numbers(document: Any) -> Iterator[Any]:
    """What stands as `user_id`, or as the `id` of a `user`, wherever it is."""
    yield from (number for number in _values_of(document, "user_id") if _is_number(number))
    for user in _values_of(document, "user"):
        if isinstance(user, dict) and _is_number(user.get("id")):
            yield user["id"]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool) and 0 < len(str(value)) <= 2048  # noqa: PLR2004 - as long as a name may be


def _values_of(document: Any, name: str) -> Iterator[Any]:
    waiting, seen = [document], 0
    while waiting and seen < MAX_VALUES:
        value, seen = waiting.pop(), seen + 1
        if isinstance(value, dict):
            if name in value:
                yield value[name]
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
