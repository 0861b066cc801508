"""Checks credentials for the stage: each once by its bytes, then again from what is known of it.

Not for several threads at once: the stage takes turns.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from schemas.records import Award
from schemas.registry import KnownKey, Registries
from services.core.trust import Answer, Answers, unknown, yes
from services.ingest.intake import Intake
from services.ingest.verify.answering import registered, whose_key
from services.ingest.verify.at_hand import AtHand
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.keys import Keys
from services.ingest.verify.proofs import Proofs
from services.ingest.verify.stage.known import Ids, Known, Place, asked_again, places_in
from services.ingest.verify.stage.remembering import Remembering
from services.ingest.verify.stage.sent import Awarded, Sent, awarded_by
from services.ingest.verify.status_lists import Kept
from services.ingest.verify.statuses import Statuses
from services.ingest.verify.verifier import Verified, Verifier
from services.runtime.errors import Rejected, Unavailable

MOST_KNOWN = 10_000


class Finding(NamedTuple):
    """An award, and what is known of the credential that it was made of."""

    digest: str
    award: Award
    known: Known


@dataclass(slots=True, eq=False)
class Checking:
    """Checks credentials. `note` remembers keys that issuers' documents named."""

    fetch: Remembering
    registries: AtHand
    note: Callable[[tuple[KnownKey, ...]], None]
    canonicaliser: Canonicaliser
    _lists: Kept = field(default_factory=dict)
    _known: OrderedDict[str, dict[Ids, Known]] = field(default_factory=OrderedDict)
    _asking: tuple[datetime, Statuses] | None = None
    _standing: tuple[Registries, dict[str | None, Answer]] = field(default_factory=lambda: (Registries(), {}))

    def findings(self, sent: Sent, intake: Intake, at: datetime) -> list[Finding]:
        """What is found of each award that a credential became; verified whole unless the same bytes were lately.

        Raises: Unavailable while nobody can tell the key that hides addresses.
        """
        awarded = awarded_by(sent, intake)
        lately = self._known.get(sent.digest, {})
        known = [lately.get(_ids(each)) for each in awarded]
        if any(each is None or each.needs_bytes for each in known):
            return self.verified(sent, awarded, at)
        again = [self.again(each, at) for each in known if each is not None]
        return [Finding(sent.digest, each.award, found) for each, found in zip(awarded, again, strict=True)]

    def verified(self, sent: Sent, awarded: list[Awarded], at: datetime) -> list[Finding]:
        """What is found by verifying the bytes."""
        if not awarded:
            return []
        verifier = Verifier(self.fetch, self.canonicaliser, self.registries.at(at), self._lists)
        try:
            whole = verifier.verify(sent.content, at, awarded[0].subjects)
        except Rejected:  # it was read at intake and is too large or too deep for verifying: nothing is known of it
            return []
        if whole.seen:
            with suppress(Unavailable):  # the same keys are seen again next time
                self.note(whole.seen)
        return list(self._found(sent, whole, awarded, at))

    def again(self, known: Known, at: datetime) -> Known:
        """The same credential at an instant, from what is known of it."""
        return asked_again(known, self._statuses(at), self._registered, at)

    def afresh(self) -> None:
        """Have lists and documents fetched anew from now on."""
        self.fetch.forget()
        self._lists.clear()

    def _found(self, sent: Sent, whole: Verified, awarded: list[Awarded], at: datetime) -> Iterator[Finding]:
        places, parts = places_in(sent.content), _by_ids(whole.parts)
        kept: dict[Ids, Known] = {}
        for each in awarded:
            ids = _ids(each)
            place = places.get(ids)
            part = _part_of(place, parts.get(ids, []))
            known = Known(_answers(whole, part, each, at), {} if place is None else place.asked, at)
            if part is None and ids != _claimed(whole) and known.asked:
                known = self.again(known, at)  # within another, and without a signature: but its status is its own
            kept[ids] = known
            yield Finding(sent.digest, each.award, known)
        self._known[sent.digest] = kept
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def _statuses(self, at: datetime) -> Statuses:
        """Statuses at an instant, which are the same for all that is asked then."""
        if self._asking is None or self._asking[0] is not at:
            self._standing = (self.registries.at(at), {})
            self._asking = (at, self._statuses_at(at))
        return self._asking[1]

    def _statuses_at(self, at: datetime) -> Statuses:
        proofs = Proofs(Keys(self.fetch, at, self.registries.at(at).keys), self.canonicaliser)
        return Statuses(
            self.fetch, proofs.checked, lambda checked, issuer: whose_key(checked, proofs.keys, issuer, at), self._lists
        )

    def _registered(self, issuer: str | None, at: datetime) -> Answer:
        known, answers = self._standing
        if issuer not in answers:
            answers[issuer] = registered(issuer, known, at)
        return answers[issuer]


def _answers(whole: Verified, part: Verified | None, awarded: Awarded, at: datetime) -> Answers:
    """The answers about one award's credential: its own, or those of what it stands in and is signed with."""
    answers = (part or whole).answers
    if part is None and whole.claims["issuer"] != awarded.award.issuer_id and answers.key.answer:
        detail = "it stands in what another issuer signed, and has no signature of its own"
        answers = replace(answers, key=unknown("signed_by_another", detail, at))
    if awarded.is_named_by_hash:
        return replace(answers, subject=yes("by_hash", "a hash in it is what this worker is known by", at))
    return answers if part is None else replace(answers, subject=whole.answers.subject)


def _part_of(place: Place | None, parts: list[Verified]) -> Verified | None:
    """The credential within that an award was made of; None in doubt, or one could vouch for another with its ids."""
    is_certain = place is None or (place.is_only_one and place.is_signed)
    return parts[0] if len(parts) == 1 and is_certain else None


def _by_ids(parts: Iterable[Verified]) -> dict[Ids, list[Verified]]:
    found: dict[Ids, list[Verified]] = defaultdict(list)
    for part in _all(parts):
        found[_claimed(part)].append(part)
    return found


def _all(parts: Iterable[Verified]) -> Iterator[Verified]:
    for part in parts:
        yield part
        yield from _all(part.parts)


def _claimed(part: Verified) -> Ids:
    return part.claims["issuer"] or "", part.claims["id"] or ""


def _ids(awarded: Awarded) -> Ids:
    return awarded.award.issuer_id or "", awarded.award.award_id or ""
