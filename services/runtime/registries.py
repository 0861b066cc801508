"""Where issuer registries are kept: ClickHouse's tables, or a file for who works without a server.

Both hold the same document (`schemas.registry.Registries`) and are held to the same tests. Writing the same thing twice
changes nothing; two sightings of one key become one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from schemas.registry import Decision, Endorsement, KnownKey, Registries, Registry
from services.core.registries import RegistryFault, registries_from, seen
from services.runtime.clickhouse import Client, unavailable
from services.runtime.errors import Rejected

REGISTRY_COLUMNS = ("registry_id", "position", "document", "version", "is_deleted")
DECISION_COLUMNS = ("issuer_id", "document", "version")
ENDORSEMENT_COLUMNS = ("endorsement_id", "document", "version")
KEY_COLUMNS = ("issuer_id", "key_id", "public_key", "document", "first_seen", "last_seen")
_REGISTRIES = "SELECT document, position FROM issuer_registries FINAL ORDER BY position, registry_id"
_DECISIONS = "SELECT document FROM issuer_decisions FINAL ORDER BY issuer_id"
_ENDORSEMENTS = "SELECT document FROM issuer_endorsements FINAL ORDER BY endorsement_id"
_KEYS = """
SELECT issuer_id, key_id, public_key, document, min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM issuer_keys
GROUP BY issuer_id, key_id, public_key, document
ORDER BY issuer_id, key_id, public_key, document
"""


class RegistryStore(Protocol):
    """What is asked of either place."""

    def load(self) -> Registries:
        """All of it, registries in the order of their authority."""

    def put(self, registry: Registry, *, is_first: bool = False) -> None:
        """Add a registry, after those there are or before them; one of the same id is replaced where it is."""

    def remove(self, registry_id: str) -> bool:
        """Take a registry away; whether it was there."""

    def decide(self, decision: Decision) -> None:
        """Note what the operator decided about an issuer; it replaces what was decided before."""

    def note(self, keys: Iterable[KnownKey]) -> None:
        """Note keys that were seen."""

    def endorse(self, endorsement: Endorsement) -> None:
        """Note a verified endorsement; one of the same id is replaced."""


def load(client: Client) -> Registries:
    """The registries of ClickHouse's tables. Raises: Unavailable."""
    with unavailable():
        registries = client.query(_REGISTRIES).result_rows
        decisions = client.query(_DECISIONS).result_rows
        keys = client.query(_KEYS).result_rows
        endorsements = client.query(_ENDORSEMENTS).result_rows
    return Registries(
        registries=tuple(Registry.model_validate_json(row[0]) for row in registries),
        decisions=tuple(Decision.model_validate_json(row[0]) for row in decisions),
        keys=tuple(_known_key(*row) for row in keys),
        endorsements=tuple(Endorsement.model_validate_json(row[0]) for row in endorsements),
    )


def note_keys(client: Client, keys: Iterable[KnownKey]) -> None:
    """Write down keys that were seen. Raises: Unavailable."""
    rows = [[k.issuer, k.key_id, k.public_key, k.document or "", k.first_seen, k.last_seen] for k in keys]
    if rows:
        with unavailable():
            client.insert("issuer_keys", rows, column_names=KEY_COLUMNS)


@dataclass(frozen=True, slots=True)
class TableStore:
    """Registries in ClickHouse; `version` gives numbers that grow."""

    client: Client
    version: Callable[[], int]

    def load(self) -> Registries:
        """As `load`."""
        return load(self.client)

    def put(self, registry: Registry, *, is_first: bool = False) -> None:
        """Registries that come first push the others back."""
        known = [one for one in self.load().registries if one.id != registry.id or not is_first]
        if is_first:
            ordered = [registry, *known]
        else:
            ordered = [registry if one.id == registry.id else one for one in known]
            ordered += [] if registry in ordered else [registry]
        version = self.version()
        rows = [[one.id, place, _json(one), version, 0] for place, one in enumerate(ordered)]
        self._insert("issuer_registries", rows, REGISTRY_COLUMNS)

    def remove(self, registry_id: str) -> bool:
        """A row that says so."""
        if all(one.id != registry_id for one in self.load().registries):
            return False
        self._insert("issuer_registries", [[registry_id, 0, "", self.version(), 1]], REGISTRY_COLUMNS)
        return True

    def decide(self, decision: Decision) -> None:
        """The newest row of an issuer holds."""
        self._insert("issuer_decisions", [[decision.issuer, _json(decision), self.version()]], DECISION_COLUMNS)

    def note(self, keys: Iterable[KnownKey]) -> None:
        """As `note_keys`."""
        note_keys(self.client, keys)

    def endorse(self, endorsement: Endorsement) -> None:
        """The newest row of an id holds."""
        self._insert("issuer_endorsements", [[endorsement.id, _json(endorsement), self.version()]], ENDORSEMENT_COLUMNS)

    def _insert(self, table: str, rows: list[list[Any]], columns: tuple[str, ...]) -> None:
        with unavailable():
            self.client.insert(table, rows, column_names=columns)


@dataclass(frozen=True, slots=True)
class FileStore:
    """Registries in a JSON file, which need not be there yet."""

    path: Path

    def load(self) -> Registries:
        """What the file holds. Raises: Rejected when that is no registry."""
        content = b"{}"
        with suppress(FileNotFoundError):
            content = self.path.read_bytes()
        try:
            return registries_from(content, self.path.stem) if content.strip() != b"{}" else Registries()
        except RegistryFault as fault:
            raise Rejected.because("registry_not_read", f"{self.path}: {fault}") from fault

    def put(self, registry: Registry, *, is_first: bool = False) -> None:
        """The whole file is written anew."""
        known = self.load()
        others = [one for one in known.registries if one.id != registry.id]
        place = 0 if is_first else next((n for n, one in enumerate(known.registries) if one.id == registry.id), None)
        others.insert(len(others) if place is None else place, registry)
        self._save(known.model_copy(update={"registries": tuple(others)}))

    def remove(self, registry_id: str) -> bool:
        """The file without it."""
        known = self.load()
        left = tuple(one for one in known.registries if one.id != registry_id)
        self._save(known.model_copy(update={"registries": left}))
        return len(left) < len(known.registries)

    def decide(self, decision: Decision) -> None:
        """One decision an issuer."""
        known = self.load()
        others = (one for one in known.decisions if one.issuer != decision.issuer)
        decisions = tuple(sorted((*others, decision), key=lambda one: one.issuer))
        self._save(known.model_copy(update={"decisions": decisions}))

    def note(self, keys: Iterable[KnownKey]) -> None:
        """Joined with those there are."""
        known = self.load()
        self._save(known.model_copy(update={"keys": seen(known.keys, keys)}))

    def endorse(self, endorsement: Endorsement) -> None:
        """One of an id."""
        known = self.load()
        others = (one for one in known.endorsements if one.id != endorsement.id)
        endorsements = tuple(sorted((*others, endorsement), key=lambda one: one.id))
        self._save(known.model_copy(update={"endorsements": endorsements}))

    def _save(self, known: Registries) -> None:
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        draft.write_text(known.model_dump_json(exclude_defaults=True, indent=1) + "\n")
        draft.replace(self.path)


def _known_key(issuer: str, key_id: str, public_key: str, document: str, first: Any, last: Any) -> KnownKey:
    return KnownKey(
        issuer=issuer,
        key_id=key_id,
        public_key=public_key,
        document=document or None,
        first_seen=first,
        last_seen=last,
    )


def _json(model: Registry | Decision | Endorsement) -> str:
    return model.model_dump_json(exclude_defaults=True)
