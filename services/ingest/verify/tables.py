"""The tables that verifying reads, over a connection that is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from schemas.registry import KnownKey, Registries
from services.ingest.settings import Settings
from services.ingest.verify.stage.table import CheckTable
from services.runtime.clickhouse import Client, connect
from services.runtime.registries import load, note_keys

T = TypeVar("T")


class Tables:
    """The tables that verifying reads; connects when first asked, and again after an error."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Client | None = None

    def load(self) -> Registries:
        """What registries know. Raises: Unavailable."""
        return self._asked(load)

    def note(self, keys: tuple[KnownKey, ...]) -> None:
        """Note keys that were seen. Raises: Unavailable."""
        self._asked(lambda client: note_keys(client, keys))

    def originals(self, digest: str) -> list[bytes]:
        """The credential with a digest as each source sent it; none where it is not kept. Raises: Unavailable."""
        return [one.content for one in self._asked(lambda client: CheckTable(client).sent([digest]))]

    def _asked(self, ask: Callable[[Client], T]) -> T:
        self._client = self._client or connect(self._settings.clickhouse, self._settings.database)
        try:
            return ask(self._client)
        except Exception:
            self._client = None
            raise
