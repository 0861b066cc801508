"""What registries know, kept at hand: read again when it has aged, and the last that was read while it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from schemas.registry import Registries
from services.runtime.errors import Unavailable

FRESH_SECONDS = 10.0


@dataclass(slots=True, eq=False)
class AtHand:
    """The registries; `load` reads them."""

    load: Callable[[], Registries]
    _known: Registries = field(default_factory=Registries)
    _known_at: datetime | None = None

    def at(self, now: datetime) -> Registries:
        """What they know, as read some seconds ago at most; the very same object until they are read again."""
        if self._known_at is None or (now - self._known_at).total_seconds() > FRESH_SECONDS:
            with suppress(Unavailable):
                found = self.load()
                self._known, self._known_at = self._known if found == self._known else found, now
        return self._known
