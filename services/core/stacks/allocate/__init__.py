"""Allocation: each unit serves one exclusive rule, and the choice is the one that makes the most of the stack.

Counts alone are solved by augmenting paths, credits by bound and repair, the rest by bounded search; rules that offer a
choice are tried best first. An answer that reaches its bound is exact, and so is one whose search came to its end.
"""

from __future__ import annotations
