"""Vouchers: what somebody other than an achievement's issuer confirms about it.

A claim in a catalog is never a voucher. A voucher is a registry's statement or an endorsement whose signature was
verified, so each names who gave it and when it was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.core.meaning.questions import Key

How = Literal["registry", "endorsement"]


@dataclass(frozen=True, slots=True)
class Voucher:
    """`by` confirms the answer to one question."""

    key: Key
    by: str
    how: How
    detail: str = ""
    checked_at: datetime | None = None
