"""Which statement ids may have been used before: a Bloom filter over all of them, so that a new one costs no question.

Most ids that sources make are new, and only ClickHouse knows all that are not. The filter is made by ClickHouse of what
is in its table, and grows with the log from there on. It never says "new" of an id that was used; of one that was not
it says "maybe" in one case of a hundred at ten million statements, and then ClickHouse is asked, as it is until the
filter is made.

The flags of an id are found by multiplying its two halves (Fibonacci hashing; Knuth, The Art of Computer Programming,
volume 3, 6.4), which ClickHouse does in `lrs_sql/familiar.sql` alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct

BITS = 27
OCTETS = 1 << (BITS - 3)
"""16 MiB: 13 bits an id at ten million ids."""
FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_MASK = (1 << 64) - 1
_SHIFT = 64 - BITS
_HALVES = Struct(">QQ").unpack


class Familiar:
    """The filter; until it was `complete`d it knows of no id that it is new."""

    def __init__(self) -> None:
        self._flags = bytearray(OCTETS)
        self.is_complete = False

    def complete(self, stored: bytes) -> None:
        """Take in what ClickHouse made of all ids that are in its table."""
        if len(stored) != OCTETS:
            raise ValueError(f"{len(stored)} octets are no filter")
        whole = int.from_bytes(stored, "little") | int.from_bytes(self._flags, "little")
        self._flags = bytearray(whole.to_bytes(OCTETS, "little"))
        self.is_complete = True

    def add(self, ids: Iterable[bytes]) -> None:
        """Take in ids, 16 octets each."""
        flags = self._flags
        for each in ids:
            first, second, third = places(each)
            flags[first >> 3] |= 1 << (first & 7)
            flags[second >> 3] |= 1 << (second & 7)
            flags[third >> 3] |= 1 << (third & 7)

    def note(self, ids: Iterable[bytes]) -> list[bytes]:
        """Take in ids; those of them that may have been used before."""
        flags, is_complete = self._flags, self.is_complete
        used: list[bytes] = []
        for each in ids:
            first, second, third = places(each)
            one, two, three = 1 << (first & 7), 1 << (second & 7), 1 << (third & 7)
            if not is_complete or (flags[first >> 3] & one and flags[second >> 3] & two and flags[third >> 3] & three):
                used.append(each)
            flags[first >> 3] |= one
            flags[second >> 3] |= two
            flags[third >> 3] |= three
        return used

    def may_know(self, statement_id: bytes) -> bool:
        """Whether the id may have been used; False only when it was not."""
        flags = self._flags
        return not self.is_complete or all(flags[place >> 3] & 1 << (place & 7) for place in places(statement_id))


def places(statement_id: bytes) -> tuple[int, int, int]:
    """The three flags of an id."""
    high, low = _HALVES(statement_id)
    first, second, third = FACTORS
    return (
        (high * first & _MASK) >> _SHIFT,
        (low * second & _MASK) >> _SHIFT,
        ((high ^ low) * third & _MASK) >> _SHIFT,
    )
