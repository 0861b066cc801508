"""Stacks and awards as tests want them: `judged({"award": "a"}, held("a"))` is a one-rule stack judged on day 0."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from schemas.progress import Progress
from services.core.facts import Facts, Held
from services.core.stacks import CompiledCatalog, Evaluation, compile_texts, evaluate, progress_of
from tests.builders.records import day

Document = dict[str, Any]


def stack(requires: Document, stack_id: str = "s", **more: Any) -> Document:
    """A stack's document."""
    return {"id": stack_id, "requires": requires, **more}


def catalog(*stacks: Document, **sections: Any) -> CompiledCatalog:
    """A catalog of some stacks, compiled."""
    return compile_texts({"catalog.json": json.dumps({"stacks": stacks, **sections})})


def held(achievement: str, *, on: float = 0, number: str = "1", until: float | None = None, **more: Any) -> Held:
    """An award of an achievement, earned on day `on`, valid until day `until`."""
    defaults: Document = {"issuer": "acme", "trust": 1}
    members = {**defaults, **more}
    return Held(
        key=f"{members['issuer']}/{achievement}-{number}",
        basis="award",
        achievement=achievement,
        award_id=f"{achievement}-{number}",
        earned_at=day(on),
        valid_until=None if until is None else day(until),
        **members,
    )


def facts(*awards: Held, **more: Any) -> Facts:
    """A worker who holds these."""
    return Facts(awards=tuple(sorted(awards, key=lambda one: one.key)), **more)


def evaluation(document: Document | CompiledCatalog, *awards: Held, at: float = 0, stack_id: str = "s") -> Evaluation:
    """A rule (or a catalog's stack) judged on day `at` for who holds these awards."""
    compiled = document if isinstance(document, CompiledCatalog) else catalog(stack(document))
    return evaluate(compiled.stack(stack_id), facts(*awards), day(at), compiled)


def judged(document: Document | CompiledCatalog, *awards: Held, at: float = 0, stack_id: str = "s") -> Progress:
    """The same, as progress."""
    return progress_of(evaluation(document, *awards, at=at, stack_id=stack_id), "w")


def at_instant(document: CompiledCatalog, instant: datetime, *awards: Held, stack_id: str = "s") -> Progress:
    """A catalog's stack judged at an exact instant."""
    return progress_of(evaluate(document.stack(stack_id), facts(*awards), instant, document), "w")
