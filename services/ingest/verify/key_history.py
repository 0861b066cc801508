"""Keys that issuers' documents named when `stepwell verify` looked, in a file of the home folder where there is one.

So that a credential stays checkable after its issuer's domain is gone, with no server, too. The history is a join: what
is noted twice is noted once. No home is made for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from schemas.registry import KnownKey, Registries
from services.core.registries import RegistryFault, registries_from, seen

FILE = "seen-keys.json"


def known_keys(home: Path) -> tuple[KnownKey, ...]:
    """The keys in a home; none where there is no home, or nothing that can be read."""
    with suppress(OSError, RegistryFault):
        return registries_from((home / FILE).read_bytes(), FILE).keys
    return ()


def note_keys(home: Path, new: Iterable[KnownKey]) -> None:
    """Add keys to a home's history, whole or not at all; where there is no home nothing is kept."""
    found = tuple(new)
    if not found or not home.is_dir():
        return
    draft = home / f"{FILE}.{os.getpid()}"
    with suppress(OSError):  # a home that cannot be written to keeps no history
        draft.write_text(Registries(keys=seen(known_keys(home), found)).model_dump_json(exclude_none=True))
        draft.replace(home / FILE)
