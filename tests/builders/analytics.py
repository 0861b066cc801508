"""Builders of rows as the aggregate writes them, for tests that read ClickHouse; what is not said is filled in."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from services.runtime.clickhouse import Client, connect

Row = dict[str, Any]

NOW = datetime.now(UTC).replace(microsecond=0)
"""One instant for a whole run: views compare with ClickHouse's clock, so rows are dated from today's."""
DAY = timedelta(days=1)
_versions = count(1)


def employment(worker_id: str, employer_id: str = "acme", **members: Any) -> Row:
    """A running employment that began a year ago."""
    row: Row = {"employer_id": employer_id, "worker_id": worker_id, "started_at": NOW - 365 * DAY, "ended_at": None}
    return _versioned(row | members)


def award(worker_id: str, achievement_id: str, employer_id: str = "acme", **members: Any) -> Row:
    """An award in force without end, trust tier 1."""
    row: Row = {
        "employer_id": employer_id,
        "worker_id": worker_id,
        "issuer_id": "issuer",
        "award_id": achievement_id,
        "basis": "award",
        "achievement_id": achievement_id,
        "achievement_name": "",
        "type": "certificate",
        "level": "",
        "skills": [],
        "credits_value": None,
        "credits_unit": "",
        "score_scaled": None,
        "grade": "",
        "trust": 1,
        "valid_from": NOW - 30 * DAY,
        "valid_until": None,
        "revoked_at": None,
        "revoked_reason": "",
        "source": "lms",
    }
    return _versioned(row | members)


def progress(worker_id: str, stack_id: str, share: float, employer_id: str = "acme", **members: Any) -> Row:
    """Progress on a stack, complete when `share` is 1. `missing` may be given as reasons."""
    reasons: Sequence[str] = members.pop("reasons", ())
    complete = share == 1
    row: Row = {
        "employer_id": employer_id,
        "stack_id": stack_id,
        "worker_id": worker_id,
        "stack_version": "1",
        "status": "complete" if complete else "in_progress" if share else "not_started",
        "complete": int(complete),
        "progress": float(share),
        "missing": json.dumps([missing_part(reason) for reason in reasons]),
        "missing_achievements": [],
        "next_steps": [],
        "allocation": "{}",
        "proof": "exact",
        "next_change_at": None,
        "completed_at": NOW - 3 * DAY if complete else None,
        "as_of": NOW,
    }
    return _versioned(row | members)


def missing_part(reason: str) -> Row:
    """A part that is missing, as `schemas.progress.MissingPart` in JSON."""
    return {
        "path": "/all/0",
        "rule": "award",
        "name": None,
        "need": 1.0,
        "have": 0.0,
        "gap": 1.0,
        "options": [],
        "reason": reason,
    }


def stack_title(stack_id: str, title: str) -> Row:
    """A stack of the catalog."""
    row: Row = {"stack_id": stack_id, "stack_version": "1", "title": title, "awards": "", "level": "", "document": "{}"}
    return _versioned(row)


def achievement_name(achievement_id: str, name: str) -> Row:
    """An achievement of the catalog."""
    row: Row = {"achievement_id": achievement_id, "name": name, "type": "", "issuer_id": "", "level": "", "skills": []}
    return _versioned(row)


def worker_role(worker_id: str, team: str, role: str, employer_id: str = "acme") -> Row:
    """Where an employer says that a worker is."""
    return _versioned({"employer_id": employer_id, "worker_id": worker_id, "team": team, "role": role})


def role_skill(role: str, skill: str, employer_id: str = "acme") -> Row:
    """A skill that an employer expects of everybody in a role."""
    return _versioned({"employer_id": employer_id, "role": role, "skill": skill})


def worker_group(worker_id: str, group_name: str, dimension: str = "gender", employer_id: str = "acme") -> Row:
    """A group that an employer counts a worker in."""
    return _versioned(
        {"employer_id": employer_id, "worker_id": worker_id, "dimension": dimension, "group_name": group_name}
    )


def refusal(source: str, reason: str = "invalid", **members: Any) -> Row:
    """A record of a source that was refused just now."""
    row: Row = {
        "refusal_id": uuid.uuid4(),
        "place": "",
        "refused_at": NOW,
        "source": source,
        "dialect": "native",
        "stage": "read",
        "reason": reason,
        "pointer": "",
        "detail": "",
        "attempts": 1,
        "octets": 10,
        "digest": "",
        "is_redriven": 0,
    }
    return _versioned(row | members)


@dataclass(slots=True)
class Tables:
    """Rows by table, and a way to write them."""

    url: str
    database: str
    _client: Client | None = field(default=None, repr=False)

    @property
    def client(self) -> Client:
        """A client on the database."""
        if self._client is None:
            self._client = connect(self.url, self.database)
        return self._client

    def put(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Write rows that have the same columns."""
        columns = list(rows[0])
        self.client.insert(table, [[row[name] for name in columns] for row in rows], column_names=columns)

    def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            self._client.close()


def _versioned(row: Row) -> Row:
    return {"version": next(_versions), "is_deleted": 0} | row
