"""What is kept of a credential's check, and how it is asked again without the bytes: in microseconds.

A signature belongs to its bytes for ever, so proof, form and what lies outside the signature stay as they were found.
What changes with time is asked anew: the status by lists that are at hand, the issuer by the registries, the dates by
the clock. Whatever could not be told for want of a key is verified whole, from the bytes that are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from services.core.trust import Answer, Answers, tier_of, unknown
from services.ingest.verify.badge_links import is_open_badges_2
from services.ingest.verify.dates import validity
from services.ingest.verify.documents import Document, id_of, presented
from services.ingest.verify.statuses import Statuses
from services.ingest.verify.tokens import token_from
from services.runtime.errors import Rejected

ASKED = ("id", "issuer", "credentialStatus", "validFrom", "validUntil", "issuanceDate", "expirationDate")
"""Members of a credential that are asked about again."""


@dataclass(frozen=True, slots=True)
class Known:
    """A credential's answers, and its members that they are asked of again; none where only its bytes will do."""

    answers: Answers
    asked: Document
    status_since: datetime
    """When its status was first found to be what it is."""

    @property
    def tier(self) -> int:
        """The tier of trust that follows."""
        return tier_of(self.answers)

    @property
    def needs_bytes(self) -> bool:
        """Whether asking again means verifying the whole."""
        proof, key = self.answers.proof.answer, self.answers.key.answer
        return not self.asked or proof is None or (proof and key is None)

    def since(self, before: Known) -> Known:
        """The same, with its status found to be what it is as early as an earlier check found it so."""
        is_same = before.answers.status.code == self.answers.status.code
        return replace(self, status_since=before.status_since) if is_same else self


Ids = tuple[str, str]
"""An issuer's id and a credential's."""
Registered = Callable[[str | None, datetime], Answer]


def asked_again(known: Known, statuses: Statuses, registered: Registered, at: datetime) -> Known:
    """The same credential at a later instant; `registered` answers whether an issuer is."""
    was, asked = known.answers, known.asked
    status = statuses.of(asked, at)
    if status.answer is True and not was.proof.answer:
        status = unknown("no_proof", status.detail, at)
    answers = Answers(
        form=was.form,
        proof=was.proof,
        key=was.key,
        issuer=registered(id_of(asked.get("issuer")), at),
        status=status,
        dates=validity(asked, at),
        subject=was.subject,
        endorsements=was.endorsements,
        evidence=was.evidence,
        uncovered=was.uncovered,
    )
    return Known(answers, asked, known.status_since if was.status.code == status.code else at)


def says_the_same(one: Known, other: Known) -> bool:
    """Whether two checks came to the same, apart from when."""
    return one.tier == other.tier and all(
        (first.answer, first.code) == (second.answer, second.code)
        for first, second in zip(_all(one.answers), _all(other.answers), strict=True)
    )


class Place(NamedTuple):
    """What is under a credential's ids: what to ask again, whether it is signed, whether it is there only once."""

    asked: Document
    is_signed: bool
    is_only_one: bool


def places_in(content: bytes) -> dict[Ids, Place]:
    """The places of the credentials in what was sent, by their ids; of some, only the bytes will do.

    So it is of Open Badges 2.0, whose word is at an address and in a profile, and of tokens within a transcript.
    """
    try:
        found = presented(content)
        document = found.document if found.token is None else token_from(found.token).credential
    except Rejected:
        return {}
    if document is None or is_open_badges_2(document):
        return {}
    places: dict[Ids, Place] = {}
    for one in _within(document):
        issuer, own = id_of(one.get("issuer")), one.get("id")
        if issuer is not None and isinstance(own, str):
            asked = {name: one[name] for name in ASKED if name in one} | {"issuer": issuer}
            known = places.get((issuer, own))
            made = Place(asked, "proof" in one, is_only_one=True)
            places[issuer, own] = made if known is None else known._replace(is_only_one=False)
    return places


def _within(value: Any) -> Iterator[Document]:
    """A document and all objects in it, from the outside in."""
    level = [value]
    while level:
        yield from (one for one in level if isinstance(one, dict))
        inner = [list(one.values()) if isinstance(one, dict) else one for one in level]
        level = [each for some in inner if isinstance(some, list) for each in some if isinstance(each, dict | list)]


def _all(answers: Answers) -> Iterator[Answer]:
    return (getattr(answers, name) for name in Answers.__dataclass_fields__)
