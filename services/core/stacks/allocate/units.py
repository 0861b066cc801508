"""Sets of units as integers: bit n is unit n, and the lowest bit is the oldest."""

from __future__ import annotations

from collections.abc import Iterator

Units = int


def bits(units: Units) -> Iterator[int]:
    """The units of a set, oldest first."""
    while units:
        lowest = units & -units
        yield lowest.bit_length() - 1
        units ^= lowest


def singles(units: Units) -> Iterator[Units]:
    """The one-unit sets of a set, oldest first."""
    while units:
        lowest = units & -units
        yield lowest
        units ^= lowest
