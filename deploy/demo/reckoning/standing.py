"""Where a person stands on each stack: not_started, in_progress, complete or lapsed.

Lapsed is what was complete once and no longer is because time went by. An award that is revoked by now counts as never
given, so what it alone completed has not lapsed but was never complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from deploy.demo.reckoning.catalog_files import PlainCatalog
from deploy.demo.reckoning.holdings import Holder
from deploy.demo.reckoning.rules import Attempt, has_begun, is_complete, nested, parts_of, was_met
from deploy.demo.reckoning.selectors import picks


def standings(holder: Holder, catalog: PlainCatalog, as_of: datetime) -> dict[str, str]:
    """Status by stack, for the stacks that the person's awards or enrolments concern."""
    concerned = {name for name in catalog.stacks if name in holder.enrolled or _touches(holder, catalog, name)}
    return {name: _status(holder, catalog, name, as_of) for name in sorted(concerned)}


def _status(holder: Holder, catalog: PlainCatalog, stack_id: str, as_of: datetime) -> str:
    awards = tuple(
        one for one in holder.kept if one.earned_at <= as_of and (one.revoked_at is None or one.revoked_at > as_of)
    )
    attempt = Attempt(catalog, awards, as_of)
    if is_complete(stack_id, attempt):
        return "complete"
    if was_met(stack_id, attempt):
        return "lapsed"
    return "in_progress" if has_begun(*nested(stack_id, attempt)) else "not_started"


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
    for branch in parts_of(rule):
        yield from _selectors_of(catalog, branch)
