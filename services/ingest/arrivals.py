"""What arrived from one source, what it became and what was refused, newest first, page by page.

Three tables know a part: records, refusals, and the record store's statements, of which most become no record. They are
merged by time. What is kept is no record: a statement of no such meaning, or a payload that said more than its records
do, with why. A cursor is the place of the last item of a page, so that what arrives meanwhile moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from services.core import base64url
from services.ingest.queries import sql
from services.runtime.clickhouse import Client, unavailable
from services.runtime.errors import Rejected

Outcome = Literal["accepted", "kept", "refused"]
LAST = UUID(int=2**128 - 1)
END = datetime(2299, 1, 1, tzinfo=UTC)
START = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """Where in the list an item is: when it arrived, and its id."""

    at: datetime
    id: UUID

    def cursor(self) -> str:
        """The place as text."""
        return base64url.encoded(f"{self.at.isoformat()} {self.id}".encode())


NEWEST = Place(END, LAST)


def storable(moment: datetime) -> datetime:
    """The moment in UTC.

    Raises: ValueError when it is out of what ClickHouse's instants can say.
    """
    found = moment.astimezone(UTC)
    if not START <= found <= END:
        raise ValueError(f"a moment from {START:%Y} to {END:%Y}")
    return found


def place_of(cursor: str) -> Place:
    """The place that a cursor says.

    Raises: Rejected with code `cursor`.
    """
    try:
        at, _, id_ = base64url.decoded(cursor).decode().partition(" ")
        return Place(storable(datetime.fromisoformat(at)), UUID(id_))
    except (ValueError, OverflowError) as error:
        raise Rejected.because("cursor", "give the cursor as the last page had it", "/cursor") from error


@dataclass(frozen=True, slots=True)
class Asked:
    """Which arrivals are asked for; members left empty do not restrict. `until` is exclusive."""

    source: str
    limit: int
    before: Place = NEWEST
    since: datetime = START
    outcome: Outcome | None = None
    kind: str = ""
    dialect: str = ""
    reason: str = ""


class Item(NamedTuple):
    """One arrival, as the answer has it."""

    place: Place
    told: dict[str, Any]


class Page(NamedTuple):
    """Arrivals, newest first, and where the next page begins; None at the end."""

    items: list[dict[str, Any]]
    next: str | None


class Arrivals:
    """Asks the tables. Blocking: to be called in a thread; `connect` is called when first asked."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._client: Client | None = None

    def page(self, asked: Asked) -> Page:
        """One page.

        Raises: Unavailable.
        """
        with unavailable():
            self._client = self._client or self._connect()
            found = sorted(self._found(asked, self._client), key=lambda item: item.place, reverse=True)
        shown = found[: asked.limit]
        more = len(found) > asked.limit
        return Page([item.told for item in shown], shown[-1].place.cursor() if more else None)

    def _found(self, asked: Asked, client: Client) -> Iterable[Item]:
        wanted = asked.outcome
        if wanted in (None, "accepted") and not asked.reason:
            yield from map(_record, _rows(client, "arrivals_records", asked))
        if wanted != "accepted" and not asked.kind:
            yield from map(_refusal, _rows(client, "arrivals_refusals", asked))
        if wanted in (None, "kept") and not (asked.kind or asked.reason) and asked.dialect in ("", "xapi"):
            yield from _statements(client, asked)


def _rows(client: Client, query: str, asked: Asked) -> Iterable[dict[str, Any]]:
    parameters = {
        "source": asked.source,
        "before_at": asked.before.at,
        "before_id": str(asked.before.id),
        "since": asked.since,
        "kind": asked.kind,
        "dialect": asked.dialect,
        "reason": asked.reason,
        "outcome": asked.outcome or "",
        "limit": asked.limit + 1,
    }
    return client.query(sql(query), parameters=parameters).named_results()


def _record(row: dict[str, Any]) -> Item:
    place = Place(row["received_at"], row["record_id"])
    names = ("kind", "worker_id", "achievement_id", "issuer_id", "award_id")
    became = {name: row[name] for name in names if row[name]} | {"occurred_at": row["occurred_at"]}
    return Item(place, _told(place, "accepted", row["dialect"], record={"record_id": str(place.id), **became}))


def _refusal(row: dict[str, Any]) -> Item:
    place = Place(row["refused_at"], row["refusal_id"])
    names = ("reason", "pointer", "detail", "stage", "attempts", "octets", "digest")
    why = {name: row[name] for name in names} | {"sent_back": bool(row["is_redriven"])}
    outcome: Outcome = "kept" if row["is_kept"] else "refused"
    return Item(place, _told(place, outcome, row["dialect"], refusal={"refusal_id": str(place.id), **why}))


def _statements(client: Client, asked: Asked) -> Iterable[Item]:
    """Statements that are kept in the record store and that mean no learning record."""
    places = [Place(row["stored"], row["statement_id"]) for row in _rows(client, "arrivals_statements", asked)]
    ids = {"source": asked.source, "ids": [str(place.id) for place in places]}
    known = {row[0] for row in client.query(sql("arrivals_known"), parameters=ids).result_rows} if places else set()
    for place in places:
        if place.id not in known:
            yield Item(place, _told(place, "kept", "xapi", statement={"statement_id": str(place.id)}))


def _told(place: Place, outcome: Outcome, dialect: str, **what: dict[str, Any]) -> dict[str, Any]:
    return {"arrived_at": place.at, "outcome": outcome, "dialect": dialect, **what}
