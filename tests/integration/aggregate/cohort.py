"""A small cohort with a catalog, and what must come of it, worked out from the records alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from schemas.catalog import Catalog
from schemas.records import Record
from services.core.holdings import facts
from services.core.people import gather
from services.core.stacks import compile_catalog, evaluate
from tests.builders.records import award, completion, employment, link, revocation

CATALOG = Catalog.model_validate(
    {
        "achievements": [{"id": name} for name in ("a", "b", "c", "d", "pair", "three")],
        "stacks": [
            {
                "id": "pair",
                "version": "1",
                "title": "Both of two",
                "awards": "pair",
                "requires": {"all": [{"award": "a"}, {"award": "b"}]},
            },
            {
                "id": "three",
                "version": "1",
                "title": "Any three",
                "awards": "three",
                "requires": {"count": {"min": 3, "from": ["a", "b", "c", "d"]}},
            },
        ],
    },
    strict=False,
)

Shown = dict[tuple[str, str], tuple[bool, float]]
"""(worker, stack) -> complete and progress."""


def records_of(workers: int, first: int = 0) -> list[Record]:
    """Some nine records a worker: an employer, awards, attempts, now and then a revocation or a linked account."""
    return [record for number in range(first, first + workers) for record in _records(number)]


def _records(number: int) -> list[Record]:
    who: dict[str, Any] = {"worker_id": f"w{number}"}
    records = [employment(f"e{number % 3}", **who)]
    for place, achievement in enumerate("abcd"[: 1 + number % 4]):
        records.append(award(achievement, award_id=f"{number}-{achievement}", on=place, **who))
        records.append(completion(f"lesson-{place}", attempt_id=f"{number}-{place}", on=place, **who))
    if number % 5 == 0:
        records.append(revocation(award_id=f"{number}-a", on=9, **who))
    if number % 7 == 0:
        name = f"alias{number}"
        alias = {"mbox": f"mailto:{name}@example.org"}
        records.append(award("d", award_id=f"{number}-alias", account=alias, on=3))
        records.append(link(name, f"w{number}", on=4))
    return records


def expected_progress(records: Sequence[Record]) -> Shown:
    """The progress of everybody on every stack that concerns them."""
    compiled, now = compile_catalog(CATALOG), datetime.now(UTC)
    shown: Shown = {}
    for worker_id, holdings in gather(records).items():
        known = facts(holdings, compiled.mappings)
        for stack in compiled.touched(known.awards):
            judged = evaluate(stack, known, now, compiled)
            shown[worker_id, stack.id] = (judged.complete, judged.progress)
    return shown
