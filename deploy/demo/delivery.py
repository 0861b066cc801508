"""What a source hands over, and over which road. The one type that the cohort, the sender and the reckoning share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Road = Literal["xapi", "records", "inbox"]
"""`xapi`: POST /xAPI/statements; `records`: POST /v1/records; `inbox`: the Kafka topic stepwell.inbox.v1."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One payload: its exact bytes, who sends it, and how."""

    source: str
    road: Road
    body: bytes
