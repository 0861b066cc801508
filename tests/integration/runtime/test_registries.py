"""Where registries are kept: a file and ClickHouse's tables, held to the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from schemas.registry import Decision, Endorsement, KnownKey, RegisteredIssuer, Registries, Registry
from services.runtime.clickhouse import connect
from services.runtime.errors import Rejected
from services.runtime.registries import FileStore, RegistryStore, TableStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["file", "tables"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RegistryStore]:
    """Each place in turn, empty."""
    if request.param == "file":
        yield FileStore(tmp_path / "registry.json")
        return
    client = connect(*request.getfixturevalue("database"))
    versions = count(1)
    yield TableStore(client, lambda: next(versions))
    client.close()


def _registry(name: str, *ids: str) -> Registry:
    issuers = tuple(RegisteredIssuer(id=one, name=one) for one in ids)
    return Registry(id=name, kind="static", checked_at=NOW, issuers=issuers)


def _names(store: RegistryStore) -> list[str]:
    return [one.id for one in store.load().registries]


def test_nothing_is_known_at_first(store: RegistryStore) -> None:
    """An empty document, not an error."""
    assert store.load() == Registries()


def test_what_is_put_comes_back_in_order(store: RegistryStore) -> None:
    """New ones after the others unless they are to be first; one read again keeps its place."""
    store.put(_registry("b", "did:x:1"))
    store.put(_registry("a"))
    assert _names(store) == ["b", "a"]
    store.put(_registry("c"), is_first=True)
    assert _names(store) == ["c", "b", "a"]
    store.put(_registry("b", "did:x:1", "did:x:2"))
    assert _names(store) == ["c", "b", "a"]
    assert [one.id for one in store.load().registries[1].issuers] == ["did:x:1", "did:x:2"]
    store.put(_registry("a"), is_first=True)
    assert _names(store) == ["a", "c", "b"]


def test_a_registry_is_removed_once(store: RegistryStore) -> None:
    """And may come again."""
    store.put(_registry("a"))
    assert [store.remove("a"), store.remove("a")] == [True, False]
    assert _names(store) == []
    store.put(_registry("a"))
    assert _names(store) == ["a"]


def test_the_last_decision_about_an_issuer_holds(store: RegistryStore) -> None:
    """One an issuer."""
    for trusted in (True, False):
        store.decide(Decision(issuer="did:x:1", trusted=trusted, reason="because", decided_at=NOW))
    store.decide(Decision(issuer="did:x:0", trusted=True, decided_at=NOW))
    assert [(one.issuer, one.trusted) for one in store.load().decisions] == [("did:x:0", True), ("did:x:1", False)]


def test_two_sightings_of_a_key_are_one(store: RegistryStore) -> None:
    """From the first to the last, in whatever order they come, and twice."""
    key = KnownKey(issuer="did:x:1", key_id="#k", public_key="z6Mk", first_seen=NOW, last_seen=NOW)
    later = key.model_copy(update={"first_seen": NOW + timedelta(days=1), "last_seen": NOW + timedelta(days=2)})
    store.note([later])
    store.note([key, key])
    store.note([])
    assert store.load().keys == (key.model_copy(update={"last_seen": NOW + timedelta(days=2)}),)


def test_an_endorsement_is_kept_once(store: RegistryStore) -> None:
    """By its id, the newest."""
    digest = "sha-256:" + "0" * 64
    one = Endorsement(id="urn:1", about="did:x:1", by="did:x:2", digest=digest, verified_at=NOW)
    store.endorse(one.model_copy(update={"comment": "older"}))
    store.endorse(one)
    assert store.load().endorsements == (one,)


def test_a_file_that_is_no_registry_is_refused(tmp_path: Path) -> None:
    """And not overwritten."""
    path = tmp_path / "registry.json"
    path.write_text('{"registries": 7}')
    with pytest.raises(Rejected, match="registries"):
        FileStore(path).put(_registry("a"))
    assert path.read_text() == '{"registries": 7}'
