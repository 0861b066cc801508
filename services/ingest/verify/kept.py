"""Links to credentials that are kept here: whoever has one has that credential checked again, and gets no more.

A link is a seal over the digest of the credential's bytes, made by the dashboard for an employer whose worker holds it.
It stands until its end; an erasure takes the bytes away, and with them every link. Nothing else that is known here of
the worker, or by whom the credential was sent, comes with it, and not the credential's own text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.core.seals import Seal
from services.ingest.verify.service import Verifying
from services.ingest.verify.verified import Verified

Read = Callable[[str], Sequence[bytes]]
"""The bytes under a digest, as they were sent; none where they are not kept. It may block, and raise Unavailable."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A credential that a link leads to, checked now; `ends_at` is when the link ends."""

    verified: Verified
    ends_at: datetime

    def as_json(self) -> dict[str, Any]:
        """As `GET /v1/verify/LINK` answers it."""
        return {**self.verified.as_json(), "link_ends_at": self.ends_at}


@dataclass(frozen=True, slots=True)
class KeptLinks:
    """Opens links; without a seal none opens."""

    seal: Seal | None
    read: Read
    verifying: Verifying
    clock: Callable[[], datetime]

    async def checked(self, link: str) -> Linked | None:
        """The credential that a link leads to, checked now; None where the link is another's, over, or leads nowhere.

        Raises: Rejected; Unavailable.
        """
        sealed = None if self.seal is None else self.seal.open(link, self.clock())
        if sealed is None:
            return None
        content = await asyncio.to_thread(self.read, sealed.what)
        if not content:
            return None
        verified = await self.verifying.verify(content[0])
        return Linked(replace(verified, document=""), sealed.ends_at)
