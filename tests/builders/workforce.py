"""A believable workforce of one employer, for pages that are looked at: a seed gives the same people each time.

What people hold is drawn by chance from the stacks of the shipped catalogs; how far they are is judged by the rules
themselves, at several moments, so that the past is there too and everything a page explains is true.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from schemas.catalog import catalog_json
from services.core.stacks import CompiledCatalog, compile_catalog, evaluate_all, progress_of
from services.dashboard.awards import HeldAward
from services.dashboard.known_facts import facts_of
from services.offline.catalog_files import catalog_at
from tests.builders.analytics import (
    DAY,
    NOW,
    Row,
    Tables,
    achievement_name,
    award,
    employment,
    progress,
    refusal,
    stack_title,
)

CATALOGS: Final = Path(__file__).parents[2] / "catalogs"
STACKS: Final = (
    "google.it-support",
    "comptia.csis-stack",
    "mitx.dedp-mm",
    "mitx.scm-mm",
    "rvcc.lpn-to-as",
    "wgu.bs-network",
    "cisco.ccnp-ent",
)
LOOKS_BACK: Final = (300, 150, 60, 20)
"""Days ago at which it was judged, besides today."""
_BESIDES: Final = ("ladder.it-operations", "aws.sa-pro", "ms.azure-architect-expert", "cisco.ccna")
"""Stacks of the catalog that nobody aims at; degrees that any course counts in are left out."""
TEAMS: Final = ("Depot North", "Depot South", "Head office", "Night shift")
ROLES: Final = {
    "Technician": ("hardware", "networking", "security"),
    "Planner": ("logistics", "analytics"),
    "Operator": ("linux", "scripting", "automation"),
}
GROUPS: Final = {
    "age": (("under 30", "30 to 49", "50 and over"), (4, 5, 3)),
    "contract": (("full time", "part time", "agency"), (8, 3, 0.2)),
}
_LASTING: Final = ("comptia", "nursing", "cisco", "nln")
_SOURCES: Final = ("moodle.example", "credly.example", "openedx.example", "hr-uploads.example")


def fill(
    tables: Tables, employer_id: str = "northwind", name: str = "Northwind Logistics", people: int = 120, seed: int = 7
) -> list[str]:
    """Write an employer, the catalog, its workers, what they hold and how far they are; the workers' ids, in order."""
    chance, catalog = Random(seed), _catalog()
    workers = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(people)]
    tables.put("employers", {"employer_id": employer_id, "name": name, "version": 1})
    tables.put("employments", *(employment(worker, employer_id, started_at=_started(chance)) for worker in workers))
    _put_catalog(tables, catalog)
    held = {worker: _held(chance, worker, employer_id, catalog) for worker in workers}
    tables.put("awards", *(row for rows in held.values() for row in rows))
    tables.put("records", *(_record(worker, row) for worker, rows in held.items() for row in rows))
    _put_teams(tables, chance, workers, employer_id)
    tables.put("refusals", *(refusal(source, reason) for source in _SOURCES for reason in ("invalid", "unknown_kind")))
    for days in (*LOOKS_BACK, 0):
        rows = [
            one
            for worker in workers
            for one in judged(worker, employer_id, held[worker], catalog, _moment(chance, days))
        ]
        tables.put("progress", *rows)
    return sorted(workers)


def _catalog() -> CompiledCatalog:
    document = catalog_at(CATALOGS).document
    stacks = tuple(one for one in document.stacks if one.id in (*STACKS, *_BESIDES))
    return compile_catalog(document.model_copy(update={"stacks": stacks}))


def _put_catalog(tables: Tables, catalog: CompiledCatalog) -> None:
    document = catalog_json(catalog.document).decode()
    tables.put("catalogs", {"catalog_id": "default", "document": document, "version": 1})
    titles = {stack.id: stack.document.title or stack.id for stack in catalog.stacks}
    tables.put("catalog_stacks", *(stack_title(stack_id, title) for stack_id, title in titles.items()))
    names = {one.id: one.name or one.id for one in catalog.achievements.values()}
    tables.put("catalog_achievements", *(achievement_name(*pair) for pair in names.items()))


def _put_teams(tables: Tables, chance: Random, workers: list[str], employer_id: str) -> None:
    """Teams, roles, what these expect, and groups that nobody may be told of one by one."""
    of_employer = {"employer_id": employer_id, "version": 1}
    tables.put(
        "worker_roles",
        *(
            of_employer | {"worker_id": worker, "team": chance.choice(list(TEAMS)), "role": chance.choice(list(ROLES))}
            for worker in workers
        ),
    )
    expected = [(role, skill) for role, skills in ROLES.items() for skill in skills]
    tables.put("role_skills", *(of_employer | {"role": role, "skill": skill} for role, skill in expected))
    groups = (
        of_employer | {"worker_id": worker, "dimension": dimension, "group_name": chance.choices(names, shares)[0]}
        for worker in workers
        for dimension, (names, shares) in GROUPS.items()
    )
    tables.put("worker_groups", *groups)
    tables.put("privacy", {"name": "minimum_cell", "value": 5, "version": 1})  # so that little is hidden of so few


def _started(chance: Random) -> datetime:
    return NOW - timedelta(days=chance.randint(30, 2400))


def _held(chance: Random, worker: str, employer_id: str, catalog: CompiledCatalog) -> list[Row]:
    wanted = chance.sample(STACKS, chance.choice((1, 1, 2, 3)))
    eager = chance.choice((0.45, 0.7, 0.9, 0.97))
    parts = {part for stack in wanted for part in _parts(catalog, stack) if chance.random() < eager}
    return [_award(chance, worker, employer_id, part, catalog) for part in sorted(parts)]


def _parts(catalog: CompiledCatalog, stack_id: str) -> Iterator[str]:
    """What the rules of a stack name, one of each."""
    for leaf in catalog.stack(stack_id).leaves:
        if leaf.selector.ids:
            yield leaf.selector.ids[0]


def _award(chance: Random, worker: str, employer_id: str, part: str, catalog: CompiledCatalog) -> Row:
    earned_at = NOW - timedelta(days=int(chance.triangular(0, 700, 90)), hours=chance.randint(0, 23))
    offered = catalog.achievements[part]
    lasts = part.startswith(_LASTING)
    revoked = chance.random() < 0.02
    is_course = offered.type == "course"
    return award(
        worker,
        part,
        employer_id,
        issuer_id=offered.issuer or "college.example",
        award_id=f"{part}/{chance.getrandbits(32):08x}",
        achievement_name=offered.name or part,
        basis="completion" if is_course else "award",
        type=offered.type or "course",
        level="" if offered.level is None else str(offered.level),
        skills=list(offered.skills),
        trust=chance.choices((0, 1, 2, 3, 4), (1, 5, 4, 5, 1))[0],
        grade=chance.choice(("A", "A-", "B+", "B", "")) if is_course else "",
        score_scaled=round(chance.uniform(0.7, 1), 2),
        credits_value=3.0 if is_course else None,
        credits_unit="semester_hour" if is_course else "",
        valid_from=earned_at,
        valid_until=earned_at + chance.choice((400, 730, 1095)) * DAY if lasts else None,
        revoked_at=earned_at + 5 * DAY if revoked and earned_at + 5 * DAY < NOW else None,
        revoked_reason="Exam result withdrawn" if revoked else "",
        source=chance.choice(_SOURCES),
    )


def _record(worker: str, row: Row) -> Row:
    """The record behind an award, with the digest of its original."""
    digest = uuid.uuid5(uuid.NAMESPACE_URL, row["award_id"]).hex * 2
    body = {"kind": "award", "evidence": f"sha-256:{digest}"}
    return {
        "record_id": uuid.uuid5(uuid.NAMESPACE_URL, worker + row["award_id"]),
        "worker_id": worker,
        "kind": "award",
        "achievement_id": row["achievement_id"],
        "issuer_id": row["issuer_id"],
        "award_id": row["award_id"],
        "occurred_at": row["valid_from"],
        "received_at": NOW,
        "source": row["source"],
        "dialect": "open_badges" if row["trust"] > 1 else "native",
        "body": json.dumps(body),
        "version": row["version"],
    }


def _moment(chance: Random, days_ago: int) -> datetime:
    return NOW - timedelta(days=days_ago, minutes=chance.randint(0, 55))


def judged(worker: str, employer_id: str, held: list[Row], catalog: CompiledCatalog, as_of: datetime) -> Iterator[Row]:
    """Rows of progress as the aggregate would write them for who holds these awards."""
    known = facts_of([HeldAward.model_validate(row | {"status": "active"}) for row in held], (), ())
    stacks = catalog.touched([one for one in known.awards if one.earned_at <= as_of])
    for evaluation in evaluate_all(stacks, known, as_of, catalog):
        one = progress_of(evaluation, worker)
        yield progress(
            worker,
            one.stack_id,
            one.progress,
            employer_id,
            stack_version=one.stack_version,
            status=one.status,
            complete=int(one.complete),
            missing=json.dumps([part.model_dump() for part in one.missing]),
            next_steps=list(one.next_steps),
            awards_to_finish=one.awards_to_finish or 0,
            finish_with=list(one.finish_with),
            allocation=json.dumps(one.allocation),
            proof=one.proof,
            next_change_at=one.next_change_at,
            completed_at=one.completed_at,
            as_of=as_of,
        )
