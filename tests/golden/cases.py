"""The golden pairs: where they are, and what a dialect makes of one now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from schemas.catalog import Catalog
from services.core.settle import settle
from services.ingest.dialects.detect import dialect_of
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import meanings_of
from services.ingest.dialects.registry import BY_NAME
from services.runtime.errors import Fault, Rejected

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = "lms"


class Case(NamedTuple):
    """One payload, by dialect and name."""

    dialect: str
    payload: Path

    @property
    def expected(self) -> Path:
        """The file of what is expected."""
        return self.payload.with_name(f"{self.payload.stem}.expected.json")

    def arrival(self) -> Arrival:
        """The payload as it comes."""
        headers: dict[str, str] = {}
        for name in ("headers.json", f"{self.payload.stem}.headers.json"):
            path = self.payload.with_name(name)
            headers |= json.loads(path.read_text()) if path.exists() else {}
        return Arrival(self.payload.read_bytes(), headers, SOURCE, received_at=NOW)


def cases() -> Iterator[Case]:
    """Every case, by dialect and name."""
    for path in sorted(FOLDER.glob("*/*")):
        if path.suffix != ".py" and not path.name.endswith(("expected.json", "headers.json")):
            yield Case(path.parent.name, path)


def made_of(case: Case) -> dict[str, Any]:
    """What the dialect makes of a case, as `expected` has it."""
    arrival = case.arrival()
    spoken = dialect_of(arrival)
    assert spoken is BY_NAME[case.dialect]
    catalog = Catalog.model_validate_json((FOLDER / "mappings.json").read_bytes())
    try:
        translated = BY_NAME[case.dialect].translate(arrival, meanings_of(catalog.mappings))
    except Rejected as refusal:
        translated = Translated([], list(refusal.faults))
    records = [
        {
            "index": index,
            **settle(record, source=SOURCE, received_at=NOW).model_dump(mode="json", exclude_defaults=True),
        }
        for index, record in translated.records
    ]
    for record in records:
        del record["received_at"], record["source"], record["worker_id"]
    made = {"records": records, "faults": [_told(fault) for fault in translated.faults]}
    unattributed = [_told(fault) for fault in translated.unattributed]
    return {**made, "unattributed": unattributed} if unattributed else made


def _told(fault: Fault) -> dict[str, Any]:
    at = {} if fault.index is None else {"index": fault.index}
    return {**at, "pointer": fault.pointer, "code": fault.code, "detail": fault.detail}
