"""Whether an issuer is registered, and who says so, in the order of authority.

The operator's own decision goes before every registry, and "distrusted" before "trusted"; then the first registry that
knows the issuer tells. A registry that has expired is not believed, and one that was not believed is always reported:
"in none of those that could be asked" is no "no".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.registry import Decision, RegisteredIssuer, Registries, Registry

Answer = Literal["registered", "distrusted", "unknown"]
OWN = "own"
"""The registry's id where the operator itself decided."""


@dataclass(frozen=True, slots=True)
class Found:
    """A registry's word about an issuer."""

    registry: str
    registry_name: str
    kind: str
    issuer: RegisteredIssuer
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an issuer: `found` in the order of authority, the first is the one that counts."""

    answer: Answer
    found: tuple[Found, ...] = ()
    decision: Decision | None = None
    unchecked: tuple[str, ...] = ()
    """Registries that could not be believed."""

    @property
    def by(self) -> str | None:
        """The id of the registry that settled it."""
        if self.decision is not None:
            return OWN
        return self.found[0].registry if self.found else None


def standing(issuer: str | Collection[str], known: Registries, at: datetime) -> Standing:
    """What is known at an instant of an issuer with one or several ids (a DID and an https URL)."""
    ids = {issuer} if isinstance(issuer, str) else set(issuer)
    decision = _decision(ids, known.decisions, at)
    found: list[Found] = []
    unchecked: list[str] = []
    for registry in known.registries:
        if registry.expires_at is not None and registry.expires_at <= at:
            unchecked.append(registry.id)
        else:
            found += _entries(ids, registry)
    if decision is not None:
        answer: Answer = "registered" if decision.trusted else "distrusted"
    else:
        answer = "registered" if found else "unknown"
    return Standing(answer, tuple(found), decision, tuple(unchecked))


def _decision(ids: set[str], decisions: Iterable[Decision], at: datetime) -> Decision | None:
    """The newest decision about each id by then; among several ids a distrust holds."""
    newest: dict[str, Decision] = {}
    for one in decisions:
        if one.issuer in ids and one.decided_at <= at:
            known = newest.get(one.issuer)
            if known is None or _weight(known) < _weight(one):
                newest[one.issuer] = one
    return min(newest.values(), key=lambda one: (one.trusted, one.issuer), default=None)


def _weight(decision: Decision) -> tuple[datetime, bool]:
    """Of two decisions at one instant the distrust holds."""
    return decision.decided_at, not decision.trusted


def _entries(ids: set[str], registry: Registry) -> Iterable[Found]:
    for one in registry.issuers:
        if one.id in ids:
            yield Found(registry.id, registry.name or registry.id, registry.kind, one, registry.checked_at)
