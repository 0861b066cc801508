"""The key in force: asked for by every payload, looked for until it was found once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from services.runtime.identity import IdentityKey


class KeyInForce:
    """Holds the key once `load` told it. Safe to call from several threads."""

    def __init__(self, load: Callable[[], IdentityKey]) -> None:
        self._load = load
        self._key: IdentityKey | None = None
        self._lock = Lock()

    def __call__(self) -> IdentityKey:
        """The key.

        Raises: Unavailable while nobody can tell it.
        """
        if self._key is not None:
            return self._key
        with self._lock:
            found = self._key
            if found is None:
                found = self._key = self._load()
            return found
