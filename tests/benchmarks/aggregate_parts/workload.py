"""A realistic replay: workers on the stacks of three shipped catalogs, some 20 records each, arriving in bursts.

What a platform tells of a person is mostly its own: modules, compliance courses, attempts that no stack asks for. A
worker follows one stack or two, and a good third of the records count toward them. A platform sends what it has of a
person in one go (a transcript, a night's synchronisation) and then a little now and then: so a worker's records come in
a few bursts, workers interleaved, with duplicates and attempts that failed. All from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from schemas.catalog import Catalog
from schemas.records import Record, record_adapter
from services.core.facts import Held
from services.core.settle import routing_key, settle
from services.core.stacks import compile_catalog, parse_catalog
from services.runtime.cloudevents import RECORD_TYPE, Header, binary_headers

CATALOGS = Path(__file__).parents[3] / "catalogs"
SITE = ("comptia.yaml", "google.yaml", "mitx.yaml")
"""What one training provider offers."""
START = datetime(2024, 1, 8, tzinfo=UTC)
SOURCES = ("harborside-lms", "quayside-lms", "badge-issuer", "exam-centre")
EMPLOYERS = tuple(f"employer-{number}" for number in range(40))
GRADES = ("A", "A-", "B+", "B", "B-", "C+", "C")
DUPLICATES = 0.03
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ELSEWHERE = 400
"""Courses and modules that no stack asks for."""


@dataclass(frozen=True, slots=True)
class Message:
    """A record as it is on the log."""

    key: bytes
    value: bytes
    headers: list[Header]


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to earn: by stack, and elsewhere; achievements as records name them."""

    by_stack: dict[str, list[dict[str, Any]]]
    elsewhere: list[dict[str, Any]]


def catalog() -> Catalog:
    """The provider's catalogs, as one."""
    return parse_catalog({name: (CATALOGS / name).read_text() for name in SITE})


def messages(workers: int, seed: int = 7) -> list[Message]:
    """The log of so many workers, some 20 records each."""
    dice, offer = random.Random(seed), _offer(catalog())
    bursts = [burst for number in range(workers) for burst in _bursts(number, offer, dice)]
    bursts.sort(key=lambda burst: burst[0])
    return [message for _, burst in bursts for message in burst]


def _offer(document: Catalog) -> Offer:
    compiled = compile_catalog(document)
    by_stack: dict[str, list[dict[str, Any]]] = {stack.id: [] for stack in document.stacks}
    for offered in document.achievements:
        held = Held("k", "award", offered.id, offered.issuer or "", "1", START, type=offered.type, tags=offered.tags)
        described = offered.model_dump(mode="json", exclude_none=True, include={"id", "name", "type", "level", "tags"})
        for stack in compiled.touched([held]):
            by_stack[stack.id].append(described)
    elsewhere = [
        {"id": f"https://lms.example.org/mod/{number}", "name": f"Module {number}", "type": "module"}
        for number in range(ELSEWHERE)
    ]
    return Offer({stack_id: offered for stack_id, offered in by_stack.items() if offered}, elsewhere)


def _bursts(number: int, offer: Offer, dice: random.Random) -> Iterator[tuple[float, list[Message]]]:
    """A worker's records in one to four bursts, each with its place in time."""
    records = list(_records(number, offer, dice))
    cuts = sorted(dice.sample(range(1, len(records)), dice.choice((0, 1, 1, 2, 3))))
    for first, last in zip([0, *cuts], [*cuts, len(records)], strict=True):
        burst = [_message(record) for record in records[first:last]]
        yield dice.random(), [copy for one in burst for copy in [one] * (2 if dice.random() < DUPLICATES else 1)]


def _records(number: int, offer: Offer, dice: random.Random) -> Iterator[dict[str, Any]]:
    account = {"account": {"homePage": "https://lms.example.org", "name": f"learner-{number}"}}
    begun = START + timedelta(days=dice.random() * 200)
    common = {"account": account, "occurred_at": begun.isoformat()}
    followed = dice.sample(sorted(offer.by_stack), dice.choice((1, 1, 2)))
    yield {**common, "kind": "employment", "employer_id": dice.choice(EMPLOYERS), "from": begun.isoformat()}
    yield {**common, "kind": "enrolment", "stack_id": followed[0]}
    wanted = [one for stack_id in followed for one in offer.by_stack[stack_id]]
    counting = dice.sample(wanted, min(len(wanted), dice.randint(4, 9)))
    earned = counting + dice.sample(offer.elsewhere, 18 - len(counting))
    for place, achievement in enumerate(dice.sample(earned, len(earned))):
        at = begun + timedelta(days=7 * place + dice.random() * 5)
        yield _earned(account, at, achievement, f"{number}-{place}", dice)


def _earned(
    account: dict[str, Any], at: datetime, achievement: dict[str, Any], name: str, dice: random.Random
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "account": account,
        "occurred_at": at.isoformat(),
        "achievement": achievement,
        "score": {"scaled": round(dice.uniform(0.5, 1), 3)},
        "grade": dice.choice(GRADES),
        "credits": {"value": dice.choice((1, 3, 4)), "unit": "semester_hour"},
        "evidence": f"https://lms.example.org/results/{name}",
    }
    if dice.random() < 0.3:
        ends = (at + timedelta(days=3 * 365)).isoformat()
        dates = {"valid_from": at.isoformat(), "valid_until": ends}
        return {**record, **dates, "kind": "award", "issuer_id": "harborside", "award_id": name}
    return {**record, "kind": "completion", "success": dice.random() < 0.93, "attempt_id": name}


def _message(stated: dict[str, Any]) -> Message:
    record: Record = record_adapter.validate_python(stated, strict=False)
    settled = settle(record, source=SOURCES[hash_of(stated) % len(SOURCES)], received_at=START + timedelta(days=900))
    value = record_adapter.dump_json(settled, by_alias=True, exclude_none=True)
    headers = binary_headers(
        event_id=str(settled.record_id),
        source=str(settled.source),
        event_type=RECORD_TYPE,
        time=settled.occurred_at,
        traceparent=TRACEPARENT,
    )
    return Message(routing_key(settled).encode(), value, headers)


def hash_of(stated: dict[str, Any]) -> int:
    """A number that depends on nothing but the record, for choosing its source."""
    return sum(stated["occurred_at"].encode())
