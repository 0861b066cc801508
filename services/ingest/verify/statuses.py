"""Whether the issuer took a credential back: Bitstring status lists, StatusList2021, 1EdTech revocation lists.

A list is believed to say that all is well only if it is the issuer's own, signed, and in force; whatever cannot be had,
read or believed makes the status unknown, never good. Source: W3C Bitstring Status List 1.0, section 3.2, https://www.w3.org/TR/vc-bitstring-status-list/
"""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.core.trust import Answer, no, unknown, yes
from services.ingest.verify.dates import validity
from services.ingest.verify.documents import Document, as_list, document_from, id_of
from services.ingest.verify.fetching import Fetch, Unreachable
from services.ingest.verify.proofs import Checked
from services.runtime.errors import Rejected

BITSTRING = {
    "BitstringStatusListEntry": "BitstringStatusListCredential",
    "StatusList2021Entry": "StatusList2021Credential",
}
REVOCATION_LIST = "1EdTechRevocationList"
WRONG = {"revocation": "revoked", "suspension": "suspended"}
MOST_UNPACKED = 16 << 20
Check = Callable[[Document], Checked]
Bound = Callable[[Checked, str], Answer]


class _Unknown(Exception):
    """A list that cannot be believed; `reason` is a code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _List:
    """What a list says, and why its saying that nothing is wrong is not to be believed, if it is not."""

    subject: Document
    doubt: _Unknown | None = None


@dataclass(frozen=True, slots=True)
class Statuses:
    """Reads statuses; `check` checks the proofs of a list, `bound` whether the key that signed is an issuer's."""

    fetch: Fetch
    check: Check
    bound: Bound

    def of(self, credential: Document, at: datetime) -> Answer:
        """Whether the credential stands, at an instant."""
        entries = as_list(credential.get("credentialStatus"))
        if not entries:
            return yes("none", "its issuer keeps no status of it", at)
        for entry in entries:
            try:
                wrong = self._wrong(entry, credential, at)
            except _Unknown as error:
                return unknown(error.reason, str(error), at)
            except Unreachable as error:
                return unknown("list_unreachable", f"the status list could not be had ({error.reason})", at)
            except Rejected as refusal:
                return unknown("list_unreadable", refusal.first.detail, at)
            if wrong is not None:
                return no(wrong, f"its issuer has {wrong} it", at)
        return yes("in_force", "its issuer has not taken it back", at)

    def _wrong(self, entry: Any, credential: Document, at: datetime) -> str | None:
        """What is wrong by this entry: revoked, suspended; None when nothing is.

        Raises: _Unknown; Unreachable; Rejected.
        """
        kind = entry.get("type") if isinstance(entry, dict) else None
        if kind == REVOCATION_LIST:
            return self._in_revocation_list(entry, credential)
        if not isinstance(kind, str) or kind not in BITSTRING:
            raise _Unknown("unknown_status", f"a status of type {kind} is not known here")
        purpose, where = entry.get("statusPurpose"), entry.get("statusListCredential")
        if purpose not in WRONG:
            return None
        if not isinstance(where, str):
            raise _Unknown("no_list", "the status names no list")
        listed = self._list_at(where, BITSTRING[kind], credential, at)
        if purpose not in as_list(listed.subject.get("statusPurpose")):
            raise _Unknown("another_purpose", "the list is not for the purpose that the status names")
        if _bit(listed.subject.get("encodedList"), _index(entry.get("statusListIndex"))):
            return WRONG[purpose]
        if listed.doubt is not None:
            raise listed.doubt
        return None

    def _list_at(self, where: str, kind: str, credential: Document, at: datetime) -> _List:
        """What a list says, if it is sound and its own issuer's.

        Another issuer's list, which the credential itself names, can take the credential back and never vouch for it.
        """
        found = document_from(_text(self.fetch(where)))
        issuer = id_of(found.get("issuer"))
        if kind not in as_list(found.get("type")):
            raise _Unknown("no_list", f"what is there is no {kind}")
        if not validity(found, at).answer:
            raise _Unknown("list_not_in_force", "the list is not in force at this instant")
        proof = self.check(found)
        if not proof.holds:
            raise _Unknown("list_unsigned", "the signature of the list does not hold")
        bound = self.bound(proof, issuer or "")
        if bound.answer is False:
            raise _Unknown("list_of_another", "the list was signed by another's key")
        subject = found.get("credentialSubject")
        if not isinstance(subject, dict):
            raise _Unknown("no_list", "the list says nothing")
        if issuer != id_of(credential.get("issuer")):
            return _List(subject, _Unknown("another_issuer", "the list is another issuer's"))
        if bound.answer is None:
            return _List(subject, _Unknown("list_not_bound", "whether the issuer's own key signed cannot be told"))
        return _List(subject)

    def _in_revocation_list(self, entry: Document, credential: Document) -> str | None:
        where, own = entry.get("id"), credential.get("id")
        if not isinstance(where, str) or not isinstance(own, str):
            raise _Unknown("no_list", "the status names no list, or the credential has no id")
        found = document_from(_text(self.fetch(where)))
        if id_of(found.get("issuer")) != id_of(credential.get("issuer")):
            raise _Unknown("another_issuer", "the list is another issuer's")
        revoked = found.get("revokedCredential", [])
        if not isinstance(revoked, list):
            raise _Unknown("no_list", "the list cannot be read")
        is_revoked = any(id_of(one) == own and _is_set(one) for one in revoked)
        return "revoked" if is_revoked else None


def _is_set(one: Any) -> bool:
    return not isinstance(one, dict) or one.get("revoked", True) is not False


def _index(stated: Any) -> int:
    is_number = isinstance(stated, int) and not isinstance(stated, bool)
    if not is_number and not (isinstance(stated, str) and re.fullmatch("[0-9]{1,12}", stated)):
        raise _Unknown("bad_index", "the status has no place in its list")
    place = int(stated)
    if place < 0:
        raise _Unknown("bad_index", "the status has no place in its list")
    return place


def _bit(encoded: Any, place: int) -> bool:
    """The bit at a place, the first bit being the most significant of the first octet."""
    if not isinstance(encoded, str):
        raise _Unknown("no_list", "the list has no encodedList")
    text = encoded.removeprefix("u")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        bits = unpacker.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), MOST_UNPACKED)
    except (ValueError, zlib.error) as error:
        raise _Unknown("no_list", "the list cannot be unpacked") from error
    if unpacker.unconsumed_tail:
        raise _Unknown("list_too_large", f"a list may have {MOST_UNPACKED} octets")
    if place >= len(bits) * 8:
        raise _Unknown("bad_index", "the status has a place past the end of its list")
    return bool(bits[place // 8] >> (7 - place % 8) & 1)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise _Unknown("no_list", "what is there is no text") from error
