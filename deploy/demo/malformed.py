"""Payloads that no one can accept, one function a fault, as real senders produce them."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from deploy.demo.chance import happens
from deploy.demo.delivery import Delivery
from deploy.demo.places import SOURCES, Source

Payload = dict[str, Any]


def malformed(delivery: Delivery, rng: Random) -> Delivery:
    """A sound delivery spoilt by one of the faults of its road."""
    if happens(rng, 0.25):
        return Delivery(delivery.source, delivery.road, rng.choice(_TEXT_FAULTS)(delivery.body))
    faults = _STATEMENT_FAULTS if delivery.road == "xapi" else _RECORD_FAULTS
    payload = json.loads(delivery.body)
    rng.choice(faults)(payload)
    return Delivery(delivery.source, delivery.road, json.dumps(payload).encode())


def spoilable(source: Source) -> bool:
    """Whether the source sends payloads that the faults here know how to spoil: about achievements."""
    return "completion" in source.kinds or "award" in source.kinds


def spoilable_names() -> frozenset[str]:
    """The names of those sources."""
    return frozenset(source.name for source in SOURCES if spoilable(source))


def _cut_off(body: bytes) -> bytes:
    return body[: len(body) * 2 // 3]


def _not_utf8(body: bytes) -> bytes:
    return body.replace(b'"', b"\xff", 1)


def _plain_text(_: bytes) -> bytes:
    return b"Service temporarily unavailable"


def _no_account(payload: Payload) -> None:
    payload.pop("account", None)
    payload.pop("worker_id", None)


def _two_identifiers(payload: Payload) -> None:
    payload["account"] = {"mbox": "mailto:one@mail.example", "openid": "https://id.example/two"}


def _no_achievement(payload: Payload) -> None:
    payload["achievement"] = {"name": "Something or other"}
    payload["kind"] = "award"


def _time_without_offset(payload: Payload) -> None:
    payload["occurred_at"] = "2026-03-01T09:00:00"


def _text_for_number(payload: Payload) -> None:
    payload["score"] = {"scaled": "0.9"}


def _unknown_kind(payload: Payload) -> None:
    payload["kind"] = "applause"


def _unknown_member(payload: Payload) -> None:
    payload["favourite_colour"] = "green"


def _no_actor(payload: Payload) -> None:
    del payload["actor"]


def _actor_without_identifier(payload: Payload) -> None:
    payload["actor"] = {"objectType": "Agent", "name": "Somebody"}


def _no_verb(payload: Payload) -> None:
    del payload["verb"]


def _score_out_of_range(payload: Payload) -> None:
    payload["result"] = {"score": {"scaled": 87}}


def _object_without_id(payload: Payload) -> None:
    payload["object"] = {"objectType": "Activity"}


def _bad_timestamp(payload: Payload) -> None:
    payload["timestamp"] = "yesterday"


_TEXT_FAULTS: tuple[Callable[[bytes], bytes], ...] = (_cut_off, _not_utf8, _plain_text)
_RECORD_FAULTS: tuple[Callable[[Payload], None], ...] = (
    _no_account,
    _two_identifiers,
    _no_achievement,
    _time_without_offset,
    _text_for_number,
    _unknown_kind,
    _unknown_member,
)
_STATEMENT_FAULTS: tuple[Callable[[Payload], None], ...] = (
    _no_actor,
    _actor_without_identifier,
    _no_verb,
    _score_out_of_range,
    _object_without_id,
    _bad_timestamp,
)
