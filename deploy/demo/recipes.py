"""What a person may set out to earn: one way through a stack's rules, as achievements in a sensible order."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from deploy.demo.reckoning.catalog_files import PlainCatalog
from deploy.demo.reckoning.selectors import picks


class NoRecipe(Exception):
    """The stack asks for something that this cohort does not know how to earn."""


def recipe(catalog: PlainCatalog, stack_id: str, rng: Random) -> list[str]:
    """Achievement ids that together meet the stack's rules, each once; `rng` makes the choices.

    Raises:
        NoRecipe: a rule uses a word that no recipe covers, or nothing in the catalog meets it.
    """
    parts = _parts(catalog, catalog.stacks[stack_id]["requires"], rng)
    return list(dict.fromkeys(parts))


def _parts(catalog: PlainCatalog, rule: dict[str, Any], rng: Random) -> Iterator[str]:
    if "all" in rule or "seq" in rule:
        for part in rule.get("all") or rule["seq"]:
            yield from _parts(catalog, part, rng)
    elif "any" in rule:
        yield from _parts(catalog, rng.choice(rule["any"]), rng)
    elif "n_of" in rule:
        for part in rng.sample(rule["n_of"]["of"], rule["n_of"]["n"]):
            yield from _parts(catalog, part, rng)
    elif "stack" in rule:
        yield from _nested(catalog, rule["stack"], rng)
    else:
        yield from _leaf(catalog, rule, rng)


def _nested(catalog: PlainCatalog, stack: Any, rng: Random) -> Iterator[str]:
    stack_id = stack if isinstance(stack, str) else stack["id"]
    yield from _parts(catalog, catalog.stacks[stack_id]["requires"], rng)


def _leaf(catalog: PlainCatalog, rule: dict[str, Any], rng: Random) -> Iterator[str]:
    if "award" in rule:
        yield rng.choice(_candidates(catalog, rule["award"]))
    elif "count" in rule:
        yield from _first(rng, _candidates(catalog, rule["count"]["from"]), rule["count"]["min"])
    elif "sum" in rule:
        yield from _enough(catalog, rule["sum"], rng)
    else:
        raise NoRecipe(f"no recipe for {sorted(rule)}")


def _first(rng: Random, candidates: list[str], number: int) -> list[str]:
    if number > len(candidates):
        raise NoRecipe(f"{number} wanted of {len(candidates)}")
    return rng.sample(candidates, number)


def _enough(catalog: PlainCatalog, total: dict[str, Any], rng: Random) -> Iterator[str]:
    have = 0.0
    candidates = _candidates(catalog, total["from"])
    for achievement_id in rng.sample(candidates, len(candidates)):
        if have >= total["min"]:
            return
        worth = catalog.achievements[achievement_id].get("credits")
        if worth:
            have += worth["value"]
            yield achievement_id
    if have < total["min"]:
        raise NoRecipe(f"only {have} of {total['min']} on offer")


def _candidates(catalog: PlainCatalog, selector: Any) -> list[str]:
    found = [name for name, entry in catalog.achievements.items() if picks(selector, {**entry, "achievement": name})]
    if not found:
        raise NoRecipe(f"nothing in the catalog is {selector!r}")
    return found
