"""Keys that issuers' documents named when `stepwell verify` looked, in a file of the home folder where there is one.

So that a credential stays checkable after its issuer's domain is gone, with no server, too. The history is a join: what
is noted twice is noted once. No home is made for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from schemas.registry import KnownKey
from services.runtime.errors import Rejected
from services.runtime.registries import FileStore

FILE = "seen-keys.json"


def known_keys(home: Path) -> tuple[KnownKey, ...]:
    """The keys in a home; none where there is no home, or nothing that can be read."""
    with suppress(OSError, Rejected):
        return FileStore(home / FILE).load().keys
    return ()


def note_keys(home: Path, new: Iterable[KnownKey]) -> None:
    """Add keys to a home's history, whole or not at all; where there is no home nothing is kept."""
    found, store = tuple(new), FileStore(home / FILE)
    if not found or not home.is_dir():
        return
    with suppress(OSError):  # a home that cannot be written to keeps no history
        try:
            store.note(found)
        except Rejected:  # what cannot be read is begun anew
            store.path.unlink()
            store.note(found)
