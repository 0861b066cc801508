"""Where a person stands on each stack: not_started, in_progress, complete or lapsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from deploy.demo.reckoning.catalog_files import PlainCatalog
from deploy.demo.reckoning.holdings import Holder, Kept
from deploy.demo.reckoning.rules import Attempt, is_met
from deploy.demo.reckoning.selectors import picks


def standings(holder: Holder, catalog: PlainCatalog, as_of: datetime) -> dict[str, str]:
    """Status by stack, for the stacks that the person's awards or enrolments concern."""
    concerned = {name for name in catalog.stacks if name in holder.enrolled or _touches(holder, catalog, name)}
    return {name: _status(holder, catalog, name, as_of) for name in sorted(concerned)}


def _status(holder: Holder, catalog: PlainCatalog, stack_id: str, as_of: datetime) -> str:
    if _complete_at(holder, catalog, stack_id, as_of):
        return "complete"
    if any(_complete_at(holder, catalog, stack_id, moment) for moment in _turns(holder, as_of)):
        return "lapsed"
    usable = _usable(holder, as_of)
    started = any(picks(selector, one.fields) for selector in _selectors(catalog, stack_id) for one in usable)
    return "in_progress" if started else "not_started"


def _complete_at(holder: Holder, catalog: PlainCatalog, stack_id: str, as_of: datetime) -> bool:
    return is_met(catalog.stacks[stack_id]["requires"], Attempt(catalog, _usable(holder, as_of), as_of))


def _usable(holder: Holder, as_of: datetime) -> tuple[Kept, ...]:
    """The awards in force: earned by then and not revoked by then."""
    return tuple(
        one for one in holder.kept if one.earned_at <= as_of and (one.revoked_at is None or one.revoked_at > as_of)
    )


def _turns(holder: Holder, as_of: datetime) -> list[datetime]:
    """The moments before `as_of` at which something was earned: a stack can have become complete only then."""
    return sorted({one.earned_at for one in holder.kept if one.earned_at <= as_of})


def _touches(holder: Holder, catalog: PlainCatalog, stack_id: str) -> bool:
    return any(picks(selector, one.fields) for selector in _selectors(catalog, stack_id) for one in holder.kept)


def _selectors(catalog: PlainCatalog, stack_id: str) -> Iterator[Any]:
    yield from _selectors_of(catalog, catalog.stacks[stack_id]["requires"])


def _selectors_of(catalog: PlainCatalog, rule: Mapping[str, Any]) -> Iterator[Any]:
    if "award" in rule:
        yield rule["award"]
    for word in ("count", "sum"):
        if word in rule:
            yield rule[word]["from"]
    if "stack" in rule:
        yield from _selectors(catalog, rule["stack"])
    branches = [*rule.get("all", ()), *rule.get("any", ()), *rule.get("n_of", {}).get("of", ())]
    for branch in branches:
        yield from _selectors_of(catalog, branch)
