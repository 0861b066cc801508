"""Which meanings are in force."""

from __future__ import annotations

from typing import Any

from schemas.catalog import Catalog, catalog_json
from services.ingest.meanings_follower import MeaningsInForce
from services.runtime.follower import Update


def catalog(name: str, **mapping: Any) -> bytes:
    """A catalog of one mapping."""
    return catalog_json(Catalog.model_validate({"id": name, "mappings": [{"id": "7", **mapping}]}, strict=False))


def meant(meanings: MeaningsInForce) -> str | None:
    """What the id 7 means."""
    found = meanings.current().of("xapi", "7")
    return None if found is None else found.achievement


def test_nothing_means_anything_before_all_was_read() -> None:
    """Half of the catalogs could say something else than all of them."""
    meanings = MeaningsInForce()
    meanings.take(Update({b"x": catalog("x", achievement="a")}, is_complete=False))
    assert meant(meanings) is None
    meanings.take(Update({}, is_complete=True))
    assert meant(meanings) == "a"


def test_a_mapping_goes_with_its_catalog() -> None:
    """And comes back to what another catalog says."""
    meanings = MeaningsInForce()
    meanings.take(Update({b"x": catalog("x", achievement="a"), b"y": catalog("y", achievement="b")}, is_complete=True))
    assert meant(meanings) == "b"
    meanings.take(Update({b"y": None}, is_complete=True))
    assert meant(meanings) == "a"


def test_what_cannot_be_read_leaves_the_last_that_could() -> None:
    """A registrar's slip stops nobody's records."""
    meanings = MeaningsInForce()
    meanings.take(Update({b"x": catalog("x", achievement="a")}, is_complete=True))
    meanings.take(
        Update({b"x": b"nonsense", b"y": catalog("y", id=None, pattern="(", achievement="b")}, is_complete=True)
    )
    assert meant(meanings) == "a"


async def test_who_plays_a_backlog_waits_for_the_first_reading() -> None:
    """Until all has been read, and not longer than it wants to."""
    meanings = MeaningsInForce()
    meanings.take(Update({b"x": catalog("x", achievement="a")}, is_complete=False))
    assert not await meanings.wait(0.0)
    meanings.take(Update({}, is_complete=True))
    assert await meanings.wait(60.0)
