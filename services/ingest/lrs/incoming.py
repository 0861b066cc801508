"""A statement on its way onto the log: completed, with its id, and with what of it is compared.

Apart because two ways lead here (`arriving`, `swift`) and one leads on (`taking`).
"""

from __future__ import annotations

from typing import NamedTuple

from services.ingest.lrs.same import NOT_TIMED, UNKNOWN, Stated

DERIVED = Stated(UNKNOWN, NOT_TIMED)
"""Of a statement whose id is made of its content: the id says it all."""


class Incoming(NamedTuple):
    """A statement completed. `name`: its id as text; `body`: the JSON that is kept, but for what the writer sets."""

    statement_id: bytes
    name: str
    body: bytes
    stated: Stated
    """`DERIVED` unless the id is the sender's own."""
    voided: bytes = b""
    """The id of the statement that it voids, if it voids one."""

    @property
    def is_own_id(self) -> bool:
        """Whether the sender gave the id."""
        return self.stated is not DERIVED
