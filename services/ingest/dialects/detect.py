"""Which dialect a payload speaks, where nobody asked for it by a path: by what its headers say, else by its shape.

A payload that was refused on a path, and is sent back, speaks what the path had said, should nothing else tell.
"""

from __future__ import annotations

from services.ingest.dialects.dialect import Arrival, Dialect
from services.ingest.dialects.registry import BY_NAME, DIALECTS
from services.ingest.documents import decoded
from services.runtime.errors import Rejected
from services.runtime.rejected import DIALECT


def dialect_of(arrival: Arrival) -> Dialect:
    """The dialect.

    Raises: Rejected with code `unknown_dialect` when neither headers nor shape tell, `invalid_json` when it is no JSON.
    """
    for dialect in DIALECTS:
        if dialect.speaks(arrival):
            return dialect
    if (said := BY_NAME.get(arrival.headers.get(DIALECT, ""))) is not None:
        return said
    if arrival.first_item is None:
        decoded(arrival.payload)
    known = ", ".join(dialect.NAME for dialect in DIALECTS)
    cure = f"send a record with kind, a payload of {known} as its platform sends it, or name it in the header ce_type"
    raise Rejected.because("unknown_dialect", cure)
