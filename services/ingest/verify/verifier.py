"""A credential verified: every question asked on its own, and the answers put together. No overall verdict.

The same bytes at the same instant give the same answers, apart from what is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from schemas.registry import Registries
from services.core.trust import tier_of
from services.ingest.verify.asking import Asking
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.documents import Presented, presented
from services.ingest.verify.fetching import Fetch, Sparing, Unreachable
from services.ingest.verify.keys import Keys
from services.ingest.verify.proofs import Proofs
from services.ingest.verify.status_lists import Kept
from services.ingest.verify.verified import Verified
from services.runtime.errors import Rejected

__all__ = ["Verified", "Verifier"]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies credentials, with what registries know and what may be fetched."""

    fetch: Fetch
    canonicaliser: Canonicaliser
    registries: Registries
    lists: Kept | None = None
    """Status lists that were read already, for who verifies many credentials; None to read each list anew."""

    def verify(self, payload: bytes, at: datetime, subjects: frozenset[str] = frozenset()) -> Verified:
        """The answers about a credential at an instant; `subjects` are the ids of the worker whom it was shown for.

        Raises: Rejected when the payload is no credential at all.
        """
        fetch = Sparing(self.fetch)
        found = _there(presented(payload), fetch)
        self.canonicaliser.afresh()
        keys = Keys(fetch, at, self.registries.keys)
        proofs, lists = Proofs(keys, self.canonicaliser), {} if self.lists is None else self.lists
        answers, claims, parts = Asking(proofs, self.registries, lists, at, subjects).of(found)
        digest = f"sha-256:{sha256(payload).hexdigest()}"
        return Verified(digest, at, tier_of(answers), answers, claims, found.text, parts, tuple(keys.seen))


def _there(found: Presented, fetch: Fetch) -> Presented:
    """The credential itself, fetched where only its address was given.

    Raises: Rejected.
    """
    if found.address is None:
        return found
    try:
        return presented(fetch(found.address))
    except Unreachable as error:
        detail = f"the picture names {found.address}, where its credential could not be had ({error.reason})"
        raise Rejected.because("hosted_elsewhere", detail) from error
