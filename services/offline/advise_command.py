"""`stepwell advise`: what to take next, for one worker or for all of an employer's."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
from cyclopts import Parameter

from services.core.facts import Facts
from services.core.guidance import Advice, advice
from services.core.guidance.employer import best_sellers, plans, purchases
from services.core.guidance.published import published
from services.core.stacks import CompiledStack
from services.core.stacks.explain import percent
from services.offline.inputs import Asked, InputRefused, read
from services.runtime.where import HERE, Place

REFUSED = 2
"""Exit code when the input cannot be taken."""
SHOWN = 10

Records = Annotated[str | None, Parameter(allow_leading_hyphen=True)]
Several = Annotated[list[str] | None, Parameter(negative="")]
Json = Annotated[bool, Parameter(name="--json", negative="")]


def advise(
    *,
    worker: str | None = None,
    employer: str | None = None,
    stack: Several = None,
    budget: int = 10,
    catalog: Path | None = None,
    records: Records = None,
    as_of: str | None = None,
    where: Place = HERE,
    as_json: Json = False,
) -> int:
    """Say what to take next, with every reason: for a worker, or for the workers of an employer.

    For a worker: achievements, best first, with the progress that each brings to each stack, what it completes and
    unlocks, where else it counts, the hours, the cost and the skills. For an employer: which achievements finish the
    most stacks, and what a budget of awards buys.

    Parameters
    ----------
    worker
        The worker to advise.
    employer
        The employer whose current workers to advise.
    stack
        Only toward this stack; by default toward all that the worker has begun. May be given several times.
    budget
        How many awards the employer would pay for.
    catalog
        A catalog file or folder; by default the catalogs in force.
    records
        A file of records, or - for standard input; by default what has been recorded.
    as_of
        The instant to judge at. Default: now.
    as_json
        Print JSON: one achievement a line for a worker, one object for an employer.
    """
    if (worker is None) == (employer is None):
        return _refuse("give either --worker or --employer")
    try:
        asked = read(
            catalog, records, as_of=as_of, stack=stack, worker=None if worker is None else [worker], where=where
        ).asked
    except InputRefused as refusal:
        return _refuse(str(refusal))
    chosen = None if stack is None else asked.stacks
    if worker is not None:
        _print_worker(advice(asked.people[worker], asked.as_of, asked.catalog, chosen), as_json=as_json)
    else:
        _print_employer(_for_employer(asked, str(employer), chosen, budget), as_json=as_json)
    return 0


def _for_employer(asked: Asked, employer: str, stacks: tuple[CompiledStack, ...] | None, budget: int) -> dict[str, Any]:
    people = {worker_id: known for worker_id, known in asked.people.items() if _is_with(known, employer, asked.as_of)}
    found = plans(people, asked.as_of, asked.catalog, stacks)
    bought = purchases(found, budget)
    return {
        "employer_id": employer,
        "workers": len(people),
        "best": [{"achievement": name, "finishes_for": list(workers)} for name, workers in best_sellers(found)[:SHOWN]],
        "budget": budget,
        "spent": sum(len(one.awards) for one in bought),
        "finishes": [
            {"worker_id": one.plan.worker_id, "stack_id": one.plan.stack_id, "awards": list(one.awards)}
            for one in bought
        ],
    }


def _is_with(known: Facts, employer: str, as_of: datetime) -> bool:
    return any(
        one.employer_id == employer and one.started_at <= as_of and (one.ended_at is None or as_of < one.ended_at)
        for one in known.employments
    )


def _print_worker(found: list[Advice], *, as_json: bool) -> None:
    for one in found:
        sys.stdout.write((published(one).model_dump_json() if as_json else _sentence(one)) + "\n")
    if not found and not as_json:
        sys.stdout.write("Nothing in the catalog would bring this worker on.\n")


def _sentence(one: Advice) -> str:
    stacks = ", ".join(
        f"{gain.stack_id} {percent(gain.before)} -> {percent(gain.after)}{' (completes)' if gain.completes else ''}"
        for gain in one.gains
    )
    terms = [
        stacks,
        f"meets {len(unlocked)} more rules"
        if (unlocked := [path for gain in one.gains for path in gain.unlocks])
        else "",
        f"counts in {', '.join(one.higher)} besides" if one.higher else "",
        "effort unknown" if one.hours is None else f"{one.hours:g} hours, {one.weeks:g} weeks",
        "" if one.cost is None else f"costs {_cost(one.cost)}",
        f"adds {', '.join(one.skills)}" if one.skills else "",
        "" if one.issuer is None else f"by {one.issuer}{', accredited' if one.is_accredited else ''}",
        f"needs trust {one.trust_asked}" if one.trust_asked else "",
    ]
    return f"{one.score:.3f}  {one.name or one.achievement}: {'; '.join(filter(None, terms))}."


def _cost(cost: object) -> str:
    return " ".join(map(str, cost.values())) if isinstance(cost, dict) else str(cost)


def _print_employer(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(orjson.dumps(found).decode() + "\n")
        return
    sys.stdout.write(f"{found['workers']} workers of {found['employer_id']}.\n")
    for one in found["best"]:
        sys.stdout.write(f"{one['achievement']} alone finishes a stack for {len(one['finishes_for'])}.\n")
    sys.stdout.write(f"{found['spent']} of {found['budget']} awards finish {len(found['finishes'])} stacks:\n")
    for one in found["finishes"]:
        sys.stdout.write(f"  {one['worker_id']}: {one['stack_id']} by {', '.join(one['awards']) or 'what is bought'}\n")


def _refuse(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return REFUSED
