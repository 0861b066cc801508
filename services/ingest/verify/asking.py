"""Every question about one credential, and about those within it, asked on its own.

Apart from `verifier`, because a credential within another is asked about in the same way, but not without end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from schemas.registry import Registries
from services.core.trust import Answer, Answers, no, tier_of, unknown, yes
from services.ingest.verify.answering import about, covered, evidenced, name_of, registered, text, whose_key
from services.ingest.verify.assertions import Assertions, is_open_badges_2
from services.ingest.verify.dates import validity
from services.ingest.verify.documents import Document, Presented, id_of, presented
from services.ingest.verify.forms import CLR, form_of, types_of
from services.ingest.verify.proofs import Checked, Proofs, embedded, untold
from services.ingest.verify.status_lists import Kept
from services.ingest.verify.statuses import Statuses
from services.ingest.verify.tokens import Token, checked, token_from
from services.ingest.verify.verified import Claims, Verified
from services.runtime.errors import Rejected

ENDORSEMENT = "EndorsementCredential"
ENDORSING = ("endorsement", "endorsementJwt")
WHOLES = frozenset({CLR, "VerifiablePresentation"})
"""What is made of other credentials."""
SEALED = untold("another_seal", "it is sealed (JAdES), and such seals are not checked here")
OUTSIDE = "outside the signature"
REGISTERED = 3
"""Tier of what a registered issuer signed and has not taken back."""
MOST_PARTS, DEEPEST_PARTS = 50, 3
"""How many credentials within a credential are looked at, and within how many others they may be."""
Found = tuple[Answers, Claims, tuple[Verified, ...]]


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks about one credential at an instant; `depth` is how many others it is within."""

    proofs: Proofs
    registries: Registries
    lists: Kept
    at: datetime
    subjects: frozenset[str] = frozenset()
    depth: int = 0

    def of(self, found: Presented) -> Found:
        """The answers, what is claimed, and the credentials within.

        Raises: Rejected when it is a token that cannot be read.
        """
        token = token_from(found.token) if found.token is not None else None
        document = token.claims if token is not None else found.document or {}
        if is_open_badges_2(document):
            badges = Assertions(self.proofs.keys.fetch, self.proofs.keys, self.registries)
            return *badges.answered(document, token, self.at, self.subjects), ()
        if token is not None:
            return self._answered(token.credential, checked(token, self.proofs.keys), token)
        return self._answered(document, SEALED if found.is_sealed else self.proofs.checked(document))

    def _answered(self, document: Document, proof: Checked, token: Token | None = None) -> Found:
        at, issuer = self.at, id_of(document.get("issuer"))
        parts = tuple(self._parts(document))
        answers = Answers(
            form=_form(document, token, at),
            proof=Answer(proof.holds, proof.code, proof.detail, at),
            key=self._key(proof, issuer),
            issuer=registered(issuer, self.registries, at),
            status=self._status(document, proof),
            dates=_dates(document, token, at),
            subject=about(document.get("credentialSubject"), self._whom(document), at),
            endorsements=_endorsed(document, parts, at),
            evidence=evidenced(_has_evidence(document), at),
            uncovered=covered(proof, OUTSIDE, at),
        )
        return answers, _claims(document, issuer), parts

    def _whom(self, document: Document) -> frozenset[str]:
        """Whom it should be about: within a transcript the same person; an endorsement is about something else."""
        return frozenset() if self.depth and ENDORSEMENT in types_of(document) else self.subjects

    def _key(self, proof: Checked, issuer: str | None) -> Answer:
        return whose_key(proof, self.proofs.keys, issuer, self.at)

    def _status(self, document: Document, proof: Checked) -> Answer:
        """Of what nobody signed, no status is good."""
        found = Statuses(self.proofs.keys.fetch, self.proofs.checked, self._key, self.lists).of(document, self.at)
        return found if proof.holds or found.answer is not True else unknown("no_proof", found.detail, self.at)

    def _parts(self, document: Document) -> Iterator[Verified]:
        """The credentials within: endorsements of anything, and what a CLR or a presentation is made of."""
        if self.depth == DEEPEST_PARTS:
            return
        is_whole = WHOLES & set(map(str, types_of(document)))
        names = (*ENDORSING, "verifiableCredential") if is_whole else ENDORSING
        own = id_of(document.get("credentialSubject")) if is_whole else None
        subjects = self.subjects | {own} if own is not None else frozenset[str]()
        within = replace(self, subjects=subjects, depth=self.depth + 1)
        for number, one in enumerate(embedded(document, names)):
            if number >= MOST_PARTS:
                return
            try:
                found = presented(one.encode()) if isinstance(one, str) else Presented("", document=one)
                answers, claims, parts = within.of(found)
            except Rejected:
                continue  # a token that cannot be read says nothing
            yield Verified("", self.at, tier_of(answers), answers, claims, "", parts)


def _dates(document: Document, token: Token | None, at: datetime) -> Answer:
    return (token.validity(at) if token is not None else None) or validity(document, at)


def _form(document: Document, token: Token | None, at: datetime) -> Answer:
    contradiction = token.contradiction() if token is not None else None
    if contradiction is not None:
        return no("contradiction", f"the claim {contradiction} says otherwise than the credential", at)
    return form_of(document, at)


def _endorsed(document: Document, parts: tuple[Verified, ...], at: datetime) -> Answer:
    """Whether somebody else who is registered here vouches for the credential, its achievement or its issuer."""
    given = [part for part in parts if part.claims["type"] == ENDORSEMENT]
    if not given:
        return unknown("none", "it carries no endorsement", at)
    if any(one.answers.proof.answer is False for one in given):
        return no("not_sound", "an endorsement that it carries is not what was signed", at)
    about, issuer = set(_endorsable(document)), id_of(document.get("issuer"))
    sound = [
        one
        for one in given
        if one.tier >= REGISTERED
        and one.answers.dates.answer
        and one.claims["subject"] in about
        and one.claims["issuer"] != issuer
    ]
    if sound:
        return yes(
            "verified", f"{len(sound)} of {len(given)} endorsements verified, by issuers that are registered", at
        )
    return unknown("not_verified", "no endorsement of it by a registered issuer could be verified", at)


def _endorsable(document: Document) -> Iterator[str | None]:
    """The ids that an endorsement of this credential may be about."""
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    yield from (id_of(one) for one in (document, document.get("issuer"), achievement) if one is not None)


def _has_evidence(document: Document) -> bool:
    subject = document.get("credentialSubject")
    places = [document, *(subject if isinstance(subject, list) else [subject])]
    return any(isinstance(one, dict) and bool(one.get("evidence")) for one in places)


def _claims(document: Document, issuer: str | None) -> Claims:
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    named = [one for one in types_of(document) if isinstance(one, str) and one != "VerifiableCredential"]
    return {
        "id": text(document.get("id")),
        "type": named[0] if named else None,
        "name": name_of(achievement) or name_of(document),
        "issuer": issuer,
        "issuer_name": name_of(document.get("issuer")),
        "subject": id_of(subject) if isinstance(subject, dict) else None,
    }
