"""Guidance: which achievement to take next, and what each reason for it is worth.

Advice is never learned from what others chose: each candidate is tried as a hypothetical award against the worker's
stacks, and every term of the answer is shown.
"""

from __future__ import annotations

from services.core.guidance.employer import Plan, Purchase, purchases
from services.core.guidance.worker import Advice, StackGain, advice, advice_on
from services.core.stacks.hypothetical import hypothetical

__all__ = ["Advice", "Plan", "Purchase", "StackGain", "advice", "advice_on", "hypothetical", "purchases"]
