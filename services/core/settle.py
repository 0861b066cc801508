"""Settling a record: filling in what its sender left out and replacing what its sender may not decide.

Every way in (HTTP, inbox topic, offline files) settles records here and nowhere else, so that a record means the same
however it came. Invariant: settling a settled record again changes nothing but `received_at`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from schemas.records import Award, Completion, Link, RecordBase
from services.core.ids import content_id, worker_id_of

R = TypeVar("R", bound=RecordBase)


def settle(record: R, *, source: str, received_at: datetime, dialect: str = "native", trust_cap: int = 1) -> R:
    """The record as it goes on the log: with source, worker, record id, time of receipt, dialect and trust.

    `source` comes from the credential and replaces what the record says. A record without `worker_id` is about the
    worker of its account. Trust defaults to `trust_cap` and never exceeds it. The record id, where the source gave
    none, is of the content as the source stated it (before the cap on trust), so that trusting a source more later
    does not rename its facts.
    """
    stated = record.model_copy(update={"source": source, "worker_id": _worker_id(record)})
    return stated.model_copy(
        update={
            "record_id": record.record_id or content_id(stated),
            "received_at": received_at.astimezone(UTC),
            "dialect": record.dialect or dialect,
            **_trust(record, trust_cap),
        }
    )


def routing_key(record: RecordBase) -> str:
    """The id of the worker whose partition the record goes to.

    A link concerns the account that it moves, so it goes to the worker of that account; all else to its own worker.
    """
    if isinstance(record, Link):
        return worker_id_of(record.account)
    return _worker_id(record)


def _worker_id(record: RecordBase) -> str:
    if record.worker_id is not None:
        return record.worker_id
    if record.account is None:
        raise ValueError("a record without worker_id needs an account")
    return worker_id_of(record.account)


def _trust(record: RecordBase, cap: int) -> dict[str, Any]:
    if not isinstance(record, Award | Completion):
        return {}
    return {"trust": cap if record.trust is None else min(record.trust, cap)}
