"""What judging stacks costs: typical workers, crowded allocations, a large catalog.

    python -m tests.benchmarks.stacks [--rounds 5] [--json]

CPU time of this process, no broker and no database. Wanted: under 0.2 ms a touched stack at the median and 2 ms at the
99th percentile; 40 courses in 15 buckets exact and under 5 ms; 5,000 achievements and 1,000 stacks loaded in under 2 s.
Figures of a loaded machine vary.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from random import Random
from statistics import median, quantiles
from typing import Any

from schemas.progress import Progress
from services.core.facts import Facts, Held
from services.core.stacks import CompiledCatalog, CompiledStack, compile_texts, evaluate, evaluate_all, progress_of
from tests.builders.records import day
from tests.builders.stacks import catalog, facts, held, stack

SUBJECTS = ("it", "nursing", "business", "design", "law")
COURSES = 200
RENEWAL = {"period": "P1Y", "window": "P6M", "requires": {"sum": {"of": "ceu", "min": 20, "from": "cpe"}}}


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing measured: milliseconds of CPU at the median and the 99th percentile, and how many were complete."""

    what: str
    median_ms: float
    p99_ms: float
    cases: int
    complete: int
    exact: int


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = list(measured(arguments.rounds))
    loading = load_seconds()
    if arguments.json:
        print(
            json.dumps({"load": os.getloadavg()[0], "stacks": [asdict(one) for one in found], "load_seconds": loading})
        )
        return
    for one in found:
        figures = f"{one.median_ms:8.3f} ms median {one.p99_ms:8.3f} ms p99"
        print(f"{one.what:42} {figures}   {one.complete}/{one.cases} complete, {one.exact} proven")
    print(f"5,000 achievements and 1,000 stacks load in {loading:.2f} s; load average {os.getloadavg()[0]:.1f}")


def measured(rounds: int) -> Iterator[Measured]:
    """Each case of the benchmark."""
    yield _typical(rounds)
    yield _looking_back("lapsed or not, 30 awards that end", rounds, {"active": True})
    yield _looking_back("renewed yearly by evidence", rounds, {"renewal": RENEWAL})
    yield _crowded("40 courses, 15 sums, a fifth to spare", rounds, 40, 15, 1.2)
    yield _crowded("40 courses, 15 sums, a twentieth to spare", rounds, 40, 15, 1.05)
    yield _crowded("40 courses, 15 sums, nothing to spare", rounds, 40, 15, 1.0)
    yield _crowded("40 courses, 15 counts, nothing to spare", rounds, 40, 15, 1.0, "count")
    yield _crowded("120 courses, 40 counts, a fifth to spare", rounds, 120, 40, 1.2, "count")


def _typical(rounds: int) -> Measured:
    """30 awards, 10 stacks that they touch, some 40 leaves in all of them."""
    dice = Random(1)
    compiled = _site(dice)
    times: list[float] = []
    complete = exact = 0
    for _ in range(40):
        known = _worker(dice)
        stacks = compiled.touched(known.awards)[:10]
        share = _best(partial(_told, stacks, known, compiled), rounds)
        times += [share / len(stacks)] * len(stacks)
        for evaluation in evaluate_all(stacks, known, day(0), compiled):
            complete += evaluation.complete
            exact += evaluation.proof == "exact"
    return _measured("30 awards, 10 stacks, per stack", times, complete, exact)


def _looking_back(what: str, rounds: int, more: dict[str, Any]) -> Measured:
    """Stacks whose past has a say: awards of eight years that end, and continuing education."""
    dice = Random(4)
    courses = [f"course-{number}" for number in range(12)]
    rules = [*({"award": name} for name in courses[:4]), {"count": {"min": 2, "from": courses[4:]}}]
    renewal = {"renewal": more["renewal"]} if "renewal" in more else {}
    asked = {"within": "P3Y"} if renewal else more
    compiled = catalog(
        stack({**asked, "all": rules}, **renewal), achievements=[{"id": one} for one in [*courses, "cpe"]]
    )
    times: list[float] = []
    complete = exact = 0
    for _ in range(40):
        known = facts(*_of_eight_years(dice, courses))
        times.append(_best(partial(_told, [compiled.stack("s")], known, compiled), rounds))
        evaluation = evaluate(compiled.stack("s"), known, day(0), compiled)
        complete += evaluation.complete
        exact += evaluation.proof == "exact"
    return _measured(what, times, complete, exact)


def _of_eight_years(dice: Random, courses: Sequence[str]) -> Iterator[Held]:
    for name in courses:
        for number in range(dice.choice([1, 1, 2])):
            begun = -dice.randint(100, 2900)
            yield held(name, number=str(number), on=begun, until=begun + dice.choice([300, 700, 1500]))
    for number in range(14):
        yield held("cpe", number=str(number), on=-dice.randint(1, 2900), credits=float(dice.randint(1, 20)), unit="ceu")


def _told(stacks: Sequence[CompiledStack], known: Facts, compiled: CompiledCatalog) -> list[Progress]:
    return [progress_of(one, "w") for one in evaluate_all(stacks, known, day(0), compiled)]


def _site(dice: Random) -> CompiledCatalog:
    courses = [f"course-{number}" for number in range(COURSES)]
    achievements = [
        {
            "id": name,
            "type": "course",
            "level": 100 * dice.randint(1, 4),
            "subject": dice.choice(SUBJECTS),
            "tags": [dice.choice(SUBJECTS)],
            "credits": {"value": 3, "unit": "semester_hour"},
        }
        for name in courses
    ]
    stacks = []
    for number in range(40):
        some = dice.sample(courses, 8)
        rules: list[Any] = [
            {"award": some[0]},
            {"award": some[1], "active": True},
            {"count": {"min": 2, "from": some[2:6]}},
            {"any": [{"award": some[6]}, {"award": some[7]}]},
        ]
        if number % 4 == 0:
            rules.append(
                {
                    "sum": {"min": 9, "from": {"subject": dice.choice(SUBJECTS), "level": {"gte": 200}}},
                    "claim": "shared",
                }
            )
        stacks.append(stack({"all": rules}, f"stack-{number}"))
    return catalog(*stacks, achievements=achievements)


def _worker(dice: Random) -> Facts:
    names = dice.sample(range(COURSES), 30)
    return facts(
        *(held(f"course-{number}", on=-dice.randint(1, 900), until=dice.choice([None, -10, 400])) for number in names)
    )


def _crowded(what: str, rounds: int, courses: int, buckets: int, spare: float, kind: str = "sum") -> Measured:
    times: list[float] = []
    complete = exact = 0
    for seed in range(20):
        rule, awards = crowd(Random(seed), courses, buckets, spare, kind)
        compiled, known = catalog(stack(rule)), facts(*awards)
        only = compiled.stack("s")
        times.append(_best(partial(evaluate, only, known, day(0), compiled), min(rounds, 2)))
        evaluation = evaluate(only, known, day(0), compiled)
        complete += evaluation.complete
        exact += evaluation.proof == "exact"
    return _measured(what, times, complete, exact)


def crowd(dice: Random, courses: int, buckets: int, spare: float, kind: str) -> tuple[dict[str, Any], list[Held]]:
    """Buckets that together take nearly all courses, in one way that is known, and a quarter of all courses each."""
    names = [f"c{number}" for number in range(courses)]
    worth = {name: dice.choice([1, 2, 3, 3, 3, 4]) for name in names}
    used = dice.sample(names, int(courses / spare))
    rules: list[dict[str, Any]] = []
    for number in range(buckets):
        mine = used[number::buckets]
        selected = sorted({*mine, *(name for name in names if dice.random() < 0.25)})
        if kind == "sum":
            rules.append({"sum": {"min": sum(worth[name] for name in mine), "from": selected}})
        else:
            rules.append({"count": {"min": len(mine), "from": selected}})
    awards = [
        held(name, credits=float(worth[name]), unit="semester_hour", on=-place) for place, name in enumerate(names)
    ]
    return {"all": rules}, awards


def load_seconds() -> float:
    """Seconds to parse and compile a large catalog."""
    dice = Random(2)
    names = [f"achievement-{number}" for number in range(5_000)]
    achievements = [
        {
            "id": name,
            "name": name.title(),
            "type": "course",
            "level": 100,
            "tags": ["x"],
            "skills": ["a", "b"],
            "subject": "s",
        }
        for name in names
    ]
    stacks = [
        stack(
            {
                "all": [{"award": name} for name in dice.sample(names, 6)]
                + [{"count": {"min": 2, "from": dice.sample(names, 5)}}]
            },
            f"stack-{number}",
        )
        for number in range(1_000)
    ]
    text = json.dumps({"achievements": achievements, "stacks": stacks})
    return _best(lambda: compile_texts({"large.json": text}), 2) / 1_000


def _best(call: Callable[[], object], rounds: int) -> float:
    """Milliseconds of CPU of the quickest of some calls."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        call()
        times.append(time.process_time() - begun)
    return min(times) * 1_000


def _measured(what: str, times: list[float], complete: int, exact: int) -> Measured:
    return Measured(what, median(times), quantiles(times, n=100)[98], len(times), complete, exact)


if __name__ == "__main__":
    main()
