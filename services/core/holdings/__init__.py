"""Holdings: all that a worker has, merged from every record. Theory of operation.

Holdings are a join-semilattice: `merge` is commutative, associative and idempotent, and adding records is merging the
holdings that those records make on their own. So duplicates, replays, late records, bursts out of order and two
accounts that turn out to be one person all end in the same holdings, and at-least-once delivery is enough. Awards are
kept, never counters: whatever is counted is counted again from them. Sources: Shapiro et al., "Conflict-free
Replicated Data Types" (2011), https://inria.hal.science/inria-00609399; Almeida et al., "Delta State Replicated Data
Types" (2018), https://arxiv.org/abs/1603.01529.

Three things make the laws hold:

1. What was said is kept, not what follows from it. A register is the newest statement, or the few statements that
   still have a say; the order is total (`registers.newest`), content included, so that no tie is settled by arrival.
2. What is dropped can never matter again (`awards.still_heard`), not even after an erasure that arrives late.
3. What follows (is it revoked, since when, which grade) is worked out on reading, in `facts`.

`registers` has the order and the join of maps; `awards` what is known of one award (`groups` of its members, `checks`
of its credential) and `reading` what follows; `statuses` enrolments, employments and exceptions; `merged` the whole.
"""

from services.core.holdings.merged import (
    EMPTY,
    Holdings,
    add,
    dumps,
    employed,
    facts,
    gathered,
    held,
    loads,
    merge,
    set_out_on,
    stated,
)

__all__ = [
    "EMPTY",
    "Holdings",
    "add",
    "dumps",
    "employed",
    "facts",
    "gathered",
    "held",
    "loads",
    "merge",
    "set_out_on",
    "stated",
]
