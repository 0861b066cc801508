"""Losing deliveries on purpose: a check that cannot fail would prove nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import islice

from deploy.demo.delivery import Delivery
from deploy.demo.places import CERTHALL


def losing(history: Iterable[Delivery], number: int) -> Callable[[Delivery], bool]:
    """Says which deliveries are lost: every copy of the first `number` awards whose issuer gave them an id."""
    ids = tuple(islice(filter(None, map(_own_id, history)), number))
    return lambda delivery: any(one in delivery.body for one in ids)


def _own_id(delivery: Delivery) -> bytes:
    if delivery.source != CERTHALL.name:
        return b""
    try:
        return str(json.loads(delivery.body).get("record_id", "")).encode()
    except ValueError:
        return b""
