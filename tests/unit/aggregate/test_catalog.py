"""Which catalog is in force, and what a broken one does."""

from __future__ import annotations

from typing import Any

from schemas.catalog import Catalog, catalog_json
from services.aggregate.catalog import CatalogInForce
from services.runtime.follower import Update


def _catalog(name: str, **stack: Any) -> bytes:
    document = {
        "id": name,
        "achievements": [{"id": f"{name}.a"}, {"id": f"{name}.badge"}],
        "stacks": [
            {
                "id": f"{name}.stack",
                "version": "1",
                "title": "Stack",
                "awards": f"{name}.badge",
                "requires": {"award": f"{name}.a"},
                **stack,
            }
        ],
    }
    return catalog_json(Catalog.model_validate(document, strict=False))


def _stacks(catalog: CatalogInForce) -> list[str]:
    return [stack.id for stack in catalog.compiled.stacks]


async def test_nothing_is_in_force_before_all_was_read() -> None:
    """Workers must not be judged by half of the catalogs."""
    catalog = CatalogInForce()
    catalog.take(Update({b"x": _catalog("x")}, is_complete=False))
    assert (_stacks(catalog), catalog.is_read.is_set()) == ([], False)
    catalog.take(Update({b"y": _catalog("y")}, is_complete=True))
    assert (_stacks(catalog), catalog.is_read.is_set()) == (["x.stack", "y.stack"], True)


async def test_an_empty_topic_is_a_catalog_too() -> None:
    """Records are taken in before the first catalog is applied."""
    catalog = CatalogInForce()
    catalog.take(Update({}, is_complete=True))
    assert catalog.is_read.is_set()


async def test_a_deleted_catalog_is_out_of_force() -> None:
    """A tombstone takes back what its key brought."""
    catalog = CatalogInForce()
    catalog.take(Update({b"x": _catalog("x"), b"y": _catalog("y")}, is_complete=True))
    catalog.take(Update({b"x": None}, is_complete=True))
    assert _stacks(catalog) == ["y.stack"]


async def test_a_catalog_that_does_not_compile_leaves_the_last_one_in_force() -> None:
    """A registrar's slip stops nobody's records."""
    catalog = CatalogInForce()
    catalog.take(Update({b"x": _catalog("x")}, is_complete=True))
    before = catalog.digest
    catalog.take(Update({b"x": _catalog("x", requires={"stack": "unheard-of"})}, is_complete=True))
    assert (_stacks(catalog), catalog.digest) == (["x.stack"], before)
    catalog.take(Update({b"y": b"{ no catalog"}, is_complete=True))
    assert _stacks(catalog) == ["x.stack"]


async def test_the_digest_tells_catalogs_apart_and_nothing_else() -> None:
    """The same catalogs in another order are the same; another version is not."""
    one, other, third = CatalogInForce(), CatalogInForce(), CatalogInForce()
    one.take(Update({b"x": _catalog("x"), b"y": _catalog("y")}, is_complete=True))
    other.take(Update({b"y": _catalog("y")}, is_complete=False))
    other.take(Update({b"x": _catalog("x")}, is_complete=True))
    third.take(Update({b"x": _catalog("x", version="2"), b"y": _catalog("y")}, is_complete=True))
    assert one.digest == other.digest != third.digest
