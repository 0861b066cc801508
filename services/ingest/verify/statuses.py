"""Whether the issuer took a credential back: Bitstring status lists, StatusList2021, 1EdTech revocation lists.

A list is believed to say that all is well only if it is the issuer's own, signed, and in force; whatever cannot be had,
read or believed makes the status unknown, never good. Source: W3C Bitstring Status List 1.0, section 3.2, https://www.w3.org/TR/vc-bitstring-status-list/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.core.trust import Answer, no, unknown, yes
from services.ingest.verify.documents import Document, as_list, id_of
from services.ingest.verify.fetching import Fetch, Unreachable
from services.ingest.verify.status_lists import REVOCATION_LIST, Bound, Check, Kept, Lists, Unbelieved
from services.runtime.errors import Rejected

BITSTRING = {
    "BitstringStatusListEntry": "BitstringStatusListCredential",
    "StatusList2021Entry": "StatusList2021Credential",
}
MOST_DIGITS = 12
WRONG = {"revocation": "revoked", "suspension": "suspended"}


@dataclass(frozen=True, slots=True)
class Statuses:
    """Reads statuses; `check` checks the proofs of a list, `bound` whether the key that signed is an issuer's."""

    fetch: Fetch
    check: Check
    bound: Bound
    kept: Kept = field(default_factory=dict)
    """Lists that were read already, for whoever checks many credentials."""

    _lists: Lists = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lists", Lists(self.fetch, self.check, self.bound, self.kept))

    def of(self, credential: Document, at: datetime) -> Answer:
        """Whether the credential stands, at an instant. Only its id, issuer and credentialStatus are looked at."""
        entries = as_list(credential.get("credentialStatus"))
        if not entries:
            return yes("none", "its issuer keeps no status of it", at)
        for entry in entries:
            try:
                wrong = self._wrong(entry, credential, at)
            except Unbelieved as error:
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

        Another issuer's list, which the credential itself names, can take the credential back and never vouch for it.

        Raises: Unbelieved; Unreachable; Rejected.
        """
        kind = entry.get("type") if isinstance(entry, dict) else None
        if kind == REVOCATION_LIST:
            return self._in_revocation_list(entry, credential)
        if not isinstance(kind, str) or kind not in BITSTRING:
            raise Unbelieved("unknown_status", f"a status of type {kind} is not known here")
        purpose, where = entry.get("statusPurpose"), entry.get("statusListCredential")
        if purpose not in WRONG:
            return None
        if not isinstance(where, str):
            raise Unbelieved("no_list", "the status names no list")
        listed = self._lists.statuses(where, BITSTRING[kind], at)
        if purpose not in listed.purposes:
            raise Unbelieved("another_purpose", "the list is not for the purpose that the status names")
        if listed.is_set(_index(entry.get("statusListIndex"))):
            return WRONG[purpose]
        if listed.issuer != id_of(credential.get("issuer")):
            raise Unbelieved("another_issuer", "the list is another issuer's")
        if listed.is_bound is None:
            raise Unbelieved("list_not_bound", "whether the issuer's own key signed cannot be told")
        return None

    def _in_revocation_list(self, entry: Document, credential: Document) -> str | None:
        where, own = entry.get("id"), credential.get("id")
        if not isinstance(where, str) or not isinstance(own, str):
            raise Unbelieved("no_list", "the status names no list, or the credential has no id")
        listed = self._lists.revocations(where)
        if listed.issuer != id_of(credential.get("issuer")):
            raise Unbelieved("another_issuer", "the list is another issuer's")
        return "revoked" if own in listed.revoked else None


def _index(stated: Any) -> int:
    is_number = isinstance(stated, int) and not isinstance(stated, bool)
    is_written = isinstance(stated, str) and len(stated) <= MOST_DIGITS and stated.isascii() and stated.isdigit()
    if not (is_number or is_written):
        raise Unbelieved("bad_index", "the status has no place in its list")
    place = int(stated)
    if place < 0:
        raise Unbelieved("bad_index", "the status has no place in its list")
    return place
