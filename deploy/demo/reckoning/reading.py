"""Deliveries read one by one: native records and xAPI statements, each member checked by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from deploy.demo.delivery import Delivery
from deploy.demo.reckoning.facts import Fact, Refused, instant, need
from deploy.demo.reckoning.persons import account_name, worker_name
from deploy.demo.reckoning.statements import record_of

_COMMON = {"kind", "record_id", "source", "occurred_at", "received_at", "worker_id", "account", "dialect", "evidence"}
_MEMBERS = {
    "award": {"achievement", "issuer_id", "award_id", "valid_from", "valid_until", "score", "grade", "credits"},
    "completion": {"achievement", "success", "attempt_id", "valid_until", "score", "grade", "credits"},
    "revocation": {"issuer_id", "award_id", "reason"},
    "enrolment": {"stack_id", "stack_version"},
    "link": set(),
    "employment": {"employer_id", "from", "to"},
    "erasure": set(),
}
_NEEDED = {
    "award": {"achievement"},
    "completion": {"achievement"},
    "revocation": {"issuer_id", "award_id"},
    "enrolment": {"stack_id"},
    "link": {"account", "worker_id"},
    "employment": {"employer_id", "from"},
    "erasure": set(),
}
_INSTANTS = {"occurred_at", "received_at", "valid_from", "valid_until", "from", "to"}
_TEXTS = {"issuer_id", "award_id", "attempt_id", "stack_id", "stack_version", "employer_id", "worker_id", "reason"}
_TEXTS |= {"grade", "evidence", "source"}


def fact(delivery: Delivery) -> Fact | None:
    """What the delivery states; None for a statement that is sound and says nothing of interest here.

    Raises:
        Refused: nothing that Stepwell takes, and why.
    """
    payload = _json(delivery.body)
    need(isinstance(payload, dict))
    if delivery.road != "xapi":
        return _native(payload, delivery.source)
    record = record_of(payload, delivery.source)
    return None if record is None else replace(_native(record, delivery.source), identity=_of_statement(payload))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise Refused("not_json") from error


def _native(record: Mapping[str, Any], source: str) -> Fact:
    kind = str(record.get("kind"))
    need(kind in _MEMBERS)
    need(set(record) <= _COMMON | _MEMBERS[kind] and _NEEDED[kind] <= set(record))
    said: dict[str, Any] = {name: _value(name, value) for name, value in record.items() if value is not None}
    person = account_name(said["account"]) if "account" in said else ""
    if "worker_id" in said and kind != "link":
        person = worker_name(said["worker_id"])
    need(person)
    need("to" not in said or said["to"] >= said["from"])
    return Fact(_identity(said, source), kind, source, person, said["occurred_at"], said)


def _value(name: str, value: Any) -> Any:
    if name in _INSTANTS:
        return instant(value)
    if name in _TEXTS:
        need(isinstance(value, str) and value)
    if name == "achievement":
        need(isinstance(value, dict) and isinstance(value.get("id"), str) and value["id"])
    if name == "success":
        need(isinstance(value, bool))
    if name in {"score", "credits"}:
        need(isinstance(value, dict) and all(_number(part) for key, part in value.items() if key != "unit"))
        need(-1 <= value.get("scaled", 0) <= 1)
    if name == "record_id":
        return _uuid(value)
    return value


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _uuid(value: Any) -> str:
    try:
        return str(UUID(value))
    except (AttributeError, TypeError, ValueError) as error:
        raise Refused("not_a_record") from error


def _of_statement(statement: Mapping[str, Any]) -> str:
    """The statement's own id, else all it says: a retry of a statement without an id is the same statement."""
    moment = {"timestamp": instant(statement["timestamp"]).isoformat()}
    return str(statement.get("id")) if "id" in statement else json.dumps({**statement, **moment}, sort_keys=True)


def _identity(said: Mapping[str, Any], source: str) -> str:
    """The source's own id, else the whole content: instants as moments, whatever offset they were written in."""
    if "record_id" in said:
        return str(said["record_id"])
    content = {name: value for name, value in said.items() if name != "received_at"} | {"source": source}
    return json.dumps(content, sort_keys=True, default=lambda moment: moment.isoformat())
