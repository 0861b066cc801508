"""Positions on values: which of two values of a key knows more, when the later one in the log may know less.

A changelog's last writer wins. A worker that was suspended in the middle of a write, for longer than its session, sends
the write when it wakes up, behind what its successor has written meanwhile. So each value carries how far in the source
log it has got, and whoever reads the changelog keeps the value that got furthest.
"""

from __future__ import annotations

STAMP_BYTES = 8


def stamp(position: int, value: bytes) -> bytes:
    """The value as it is stored: position first, big-endian, so that stored values of a key compare by it."""
    return position.to_bytes(STAMP_BYTES, "big") + value


def unstamped(stored: bytes) -> bytes:
    """The value in what is stored."""
    return stored[STAMP_BYTES:]


def outdates(newer_in_log: bytes | None, older_in_log: bytes | None) -> bool:
    """Whether the value that comes later in the log knows at least as much; a deletion is always taken at its word."""
    if newer_in_log is None or older_in_log is None:
        return True
    return newer_in_log[:STAMP_BYTES] >= older_in_log[:STAMP_BYTES]
