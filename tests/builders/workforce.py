"""A believable workforce of one employer, for pages that are looked at: a seed gives the same people each time."""

from __future__ import annotations

import uuid
from datetime import timedelta
from random import Random
from typing import Final

from tests.builders.analytics import (
    DAY,
    NOW,
    Row,
    Tables,
    achievement_name,
    award,
    employment,
    progress,
    stack_title,
)

STACKS: Final = {
    "it-support-pathway": ("IT Support Pathway", ("comptia.a+", "comptia.network+", "comptia.security+")),
    "data-analyst-certificate": ("Data Analyst Certificate", ("sql-101", "stats-101", "viz-201", "capstone-da")),
    "supply-chain-micromasters": ("Supply Chain MicroMasters", ("sc0x", "sc1x", "sc2x", "sc3x", "sc4x")),
    "nursing-lpn-to-rn": ("LPN to RN Bridge", ("lpn-licence", "nace-1", "adnr-197r")),
    "as-cyber": ("Associate of Science in Cybersecurity", ("comptia.security+", "cyb-110", "cyb-120", "eng-101")),
    "project-lead": ("Project Leadership", ("pm-basics", "agile-101")),
}
NAMES: Final = {
    "comptia.a+": "CompTIA A+",
    "comptia.network+": "CompTIA Network+",
    "comptia.security+": "CompTIA Security+",
    "sql-101": "SQL Foundations",
    "stats-101": "Statistics for Analysts",
    "viz-201": "Visualising Data",
    "capstone-da": "Data Analyst Capstone",
    "sc0x": "Supply Chain Analytics",
    "sc1x": "Supply Chain Fundamentals",
    "sc2x": "Supply Chain Design",
    "sc3x": "Supply Chain Dynamics",
    "sc4x": "Supply Chain Technology and Systems",
    "lpn-licence": "LPN Licence",
    "nace-1": "NACE I Examination",
    "adnr-197r": "Bridge to Registered Nursing",
    "cyb-110": "Network Defence",
    "cyb-120": "Incident Response",
    "eng-101": "College Composition",
    "pm-basics": "Project Management Basics",
    "agile-101": "Agile Delivery",
}
_SOURCES: Final = ("moodle.example", "credly.example", "openedx.example", "hr-uploads.example")


def fill(
    tables: Tables, employer_id: str = "northwind", name: str = "Northwind Logistics", people: int = 120, seed: int = 7
) -> list[str]:
    """Write an employer, its workers, what they hold and how far they are; the workers' ids, in order."""
    chance = Random(seed)
    workers = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(people)]
    tables.put("employers", {"employer_id": employer_id, "name": name, "version": 1})
    tables.put("catalog_stacks", *(stack_title(stack_id, title) for stack_id, (title, _) in STACKS.items()))
    tables.put("catalog_achievements", *(achievement_name(*pair) for pair in NAMES.items()))
    tables.put("employments", *(employment(worker, employer_id, started_at=_started(chance)) for worker in workers))
    held = {worker: _held(chance, worker, employer_id) for worker in workers}
    tables.put("awards", *(row for rows in held.values() for row in rows))
    tables.put("progress", *(row for worker, rows in held.items() for row in _standing(worker, employer_id, rows)))
    return sorted(workers)


def _started(chance: Random) -> object:
    return NOW - timedelta(days=chance.randint(30, 2400))


def _held(chance: Random, worker: str, employer_id: str) -> list[Row]:
    wanted = chance.sample(sorted(STACKS), chance.choice((1, 1, 2, 3)))
    parts = sorted({part for stack in wanted for part in STACKS[stack][1] if chance.random() < 0.62})
    return [_award(chance, worker, employer_id, part) for part in parts]


def _award(chance: Random, worker: str, employer_id: str, part: str) -> Row:
    earned_at = NOW - timedelta(days=int(chance.triangular(0, 400, 60)), hours=chance.randint(0, 23))
    lasts = part.startswith(("comptia", "lpn", "nace"))
    revoked = chance.random() < 0.02
    return award(
        worker,
        part,
        employer_id,
        issuer_id=part.split(".", 1)[0] if "." in part else "college.example",
        award_id=f"{part}/{chance.getrandbits(32):08x}",
        basis="completion" if part[-3:].isdigit() else "award",
        type="certification" if lasts else "course",
        trust=chance.choices((0, 1, 2, 3, 4), (1, 6, 3, 4, 1))[0],
        grade=chance.choice(("A", "A-", "B+", "B", "")) if part[-3:].isdigit() else "",
        credits_value=3.0 if part[-3:].isdigit() else None,
        credits_unit="semester_hour" if part[-3:].isdigit() else "",
        valid_from=earned_at,
        valid_until=earned_at + chance.choice((400, 730, 1095)) * DAY if lasts else None,
        revoked_at=earned_at + 5 * DAY if revoked and earned_at + 5 * DAY < NOW else None,
        revoked_reason="Exam result withdrawn" if revoked else "",
        source=chance.choice(_SOURCES),
    )


def _standing(worker: str, employer_id: str, rows: list[Row]) -> list[Row]:
    held = {row["achievement_id"]: row for row in rows if _counts(row)}
    return [
        _progress(worker, employer_id, stack_id, parts, held)
        for stack_id, (_, parts) in STACKS.items()
        if any(row["achievement_id"] in parts for row in rows)
    ]


def _progress(worker: str, employer_id: str, stack_id: str, parts: tuple[str, ...], held: dict[str, Row]) -> Row:
    missing = [part for part in parts if part not in held]
    until = [held[part]["valid_until"] for part in parts if part in held and held[part]["valid_until"]]
    return progress(
        worker,
        stack_id,
        1 - len(missing) / len(parts),
        employer_id,
        reasons=[f"{NAMES[part]} is missing." for part in missing],
        next_steps=missing[:3],
        completed_at=None if missing else max(held[part]["valid_from"] for part in parts),
        next_change_at=min(until, default=None),
    )


def _counts(row: Row) -> bool:
    return row["revoked_at"] is None and (row["valid_until"] is None or row["valid_until"] > NOW)
