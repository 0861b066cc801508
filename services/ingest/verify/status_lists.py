"""Status lists read once for all who ask: fetched, their proofs checked, unpacked, or the reason why they say nothing.

Apart from statuses, which are of one credential, because one list is of a hundred thousand: who checks many credentials
hands in the memory of `Lists.kept`, and empties it when lists are to be read anew. Source: W3C Bitstring Status List
1.0, section 3.2, https://www.w3.org/TR/vc-bitstring-status-list/; 1EdTech revocation list, Open Badges 3.0, B.2.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from services.core import base64url
from services.core.trust import Answer
from services.ingest.verify.dates import validity
from services.ingest.verify.documents import Document, as_list, document_from, id_of
from services.ingest.verify.fetching import SPARED, Fetch, Unreachable
from services.ingest.verify.proofs import Checked
from services.runtime.errors import Bug, Rejected

REVOCATION_LIST = "1EdTechRevocationList"
MOST_UNPACKED = 16 << 20
MOST_KEPT = 200
NOT_CHECKED = "list_not_checked"
SPENT = frozenset({SPARED, NOT_CHECKED})
"""Reasons that come of what one credential may cost, and so are not kept for others."""
Check = Callable[[Document], Checked]
Bound = Callable[[Checked, str], Answer]


class Unbelieved(Exception):
    """A list that says nothing, or a status that names none; `reason` is a code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class StatusList:
    """A bitstring list that is sound. `is_bound`: whether the issuer's own key signed it; None when nobody can tell."""

    issuer: str | None
    purposes: tuple[Any, ...]
    bits: bytes
    is_bound: bool | None

    def is_set(self, place: int) -> bool:
        """The bit at a place, the first bit being the most significant of the first octet.

        Raises: Unbelieved when the list ends before it.
        """
        if place >= len(self.bits) * 8:
            raise Unbelieved("bad_index", "the status has a place past the end of its list")
        return bool(self.bits[place // 8] >> (7 - place % 8) & 1)


@dataclass(frozen=True, slots=True)
class RevocationList:
    """The ids of the credentials that an issuer took back."""

    issuer: str | None
    revoked: frozenset[str]


Kept = MutableMapping[tuple[str, str], "StatusList | RevocationList | Exception"]
L = TypeVar("L", StatusList, RevocationList)


@dataclass(frozen=True, slots=True)
class Lists:
    """Reads lists; `check` checks the proofs of one, `bound` whether the key that signed is an issuer's."""

    fetch: Fetch
    check: Check
    bound: Bound
    kept: Kept = field(default_factory=dict)
    """What was read, or why it could not be, by address and kind."""

    def statuses(self, where: str, kind: str, at: datetime) -> StatusList:
        """The bitstring list of a kind that is at an address. Raises: Unbelieved; Unreachable; Rejected."""
        return self._known(StatusList, (where, kind), lambda: self._statuses(where, kind, at))

    def revocations(self, where: str) -> RevocationList:
        """The 1EdTech revocation list at an address. Raises: Unbelieved; Unreachable; Rejected."""
        return self._known(RevocationList, (where, REVOCATION_LIST), lambda: self._revocations(where))

    def _known(self, sort: type[L], place: tuple[str, str], read: Callable[[], L]) -> L:
        found = self.kept.get(place)
        if found is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            try:
                found = read()
            except (Unbelieved, Unreachable, Rejected) as error:
                if getattr(error, "reason", "") in SPENT:
                    raise  # what this credential cost says nothing about the list
                found = error
            self.kept[place] = found
        if isinstance(found, sort):
            return found
        raise found if isinstance(found, Exception) else Bug(f"{place} is kept as another sort of list")

    def _statuses(self, where: str, kind: str, at: datetime) -> StatusList:
        found = self._document(where)
        issuer = id_of(found.get("issuer"))
        if kind not in as_list(found.get("type")):
            raise Unbelieved("no_list", f"what is there is no {kind}")
        if not validity(found, at).answer:
            raise Unbelieved("list_not_in_force", "the list is not in force at this instant")
        proof = self.check(found)
        if not proof.holds:
            code = "list_unsigned" if proof.holds is False else NOT_CHECKED
            raise Unbelieved(code, "the signature of the list does not hold, or could not be checked")
        bound = self.bound(proof, issuer or "")
        if bound.answer is False:
            raise Unbelieved("list_of_another", "the list was signed by another's key")
        subject = found.get("credentialSubject")
        if not isinstance(subject, dict):
            raise Unbelieved("no_list", "the list says nothing")
        purposes = tuple(as_list(subject.get("statusPurpose")))
        return StatusList(issuer, purposes, _unpacked(subject.get("encodedList")), bound.answer)

    def _revocations(self, where: str) -> RevocationList:
        found = self._document(where)
        stated = found.get("revokedCredential", [])
        if not isinstance(stated, list):
            raise Unbelieved("no_list", "the list cannot be read")
        ids = (id_of(one) for one in stated if _is_set(one))
        return RevocationList(id_of(found.get("issuer")), frozenset(each for each in ids if each is not None))

    def _document(self, where: str) -> Document:
        try:
            return document_from(self.fetch(where).decode())
        except UnicodeDecodeError as error:
            raise Unbelieved("no_list", "what is there is no text") from error


def _is_set(one: Any) -> bool:
    return not isinstance(one, dict) or one.get("revoked", True) is not False


def _unpacked(encoded: Any) -> bytes:
    if not isinstance(encoded, str):
        raise Unbelieved("no_list", "the list has no encodedList")
    text = encoded.removeprefix("u")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        bits = unpacker.decompress(base64url.decoded(text), MOST_UNPACKED)
    except (ValueError, zlib.error) as error:
        raise Unbelieved("no_list", "the list cannot be unpacked") from error
    if unpacker.unconsumed_tail:
        raise Unbelieved("list_too_large", f"a list may have {MOST_UNPACKED} octets")
    return bits
