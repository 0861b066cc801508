"""A credential verified: every question asked on its own, and the answers put together. No overall verdict.

The same bytes at the same instant give the same answers, apart from what is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from schemas.registry import KnownKey, Registries
from services.core.trust import Answer, Answers, no, tier_of, unknown, yes
from services.ingest.verify.answering import about, name_of, registered, text, whose_key
from services.ingest.verify.assertions import Assertions, is_open_badges_2
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.dates import validity
from services.ingest.verify.documents import Document, Presented, id_of, presented
from services.ingest.verify.fetching import Fetch, Sparing
from services.ingest.verify.forms import CLR, form_of, types_of
from services.ingest.verify.keys import Keys
from services.ingest.verify.proofs import Checked, Proofs, embedded, untold
from services.ingest.verify.status_lists import Kept
from services.ingest.verify.statuses import Statuses
from services.ingest.verify.tokens import Token, checked, token_from
from services.runtime.errors import Rejected

ENDORSING = ("endorsement", "endorsementJwt")
WHOLES = frozenset({CLR, "VerifiablePresentation"})
"""What is made of other credentials."""
SEALED = untold("another_seal", "it is sealed (JAdES), and such seals are not checked here")
Found = tuple[Answers, dict[str, str | None], "tuple[Verified, ...]"]
REGISTERED = 3
"""Tier of what a registered issuer signed and has not taken back."""
MOST_PARTS = 50
"""How many embedded credentials of each sort are looked at."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out: the answers, the tier that follows, what is claimed, and the credentials within, likewise."""

    digest: str
    """`sha-256:` and the hex digest of the bytes that were sent."""
    checked_at: datetime
    tier: int
    answers: Answers
    claims: dict[str, str | None]
    document: str
    """The credential's own text."""
    parts: tuple[Verified, ...] = ()
    seen: tuple[KnownKey, ...] = ()
    """Keys that issuers' documents named, to be remembered."""

    def as_json(self) -> dict[str, Any]:
        """As `POST /v1/verify` answers it."""
        return {
            "digest": self.digest,
            "checked_at": self.checked_at,
            "tier": self.tier,
            "credential": self.claims,
            "answers": self.answers.as_json(),
            "document": self.document,
            "parts": [part.as_json() | {"document": ""} for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies credentials, with what registries know and what may be fetched."""

    fetch: Fetch
    canonicaliser: Canonicaliser
    registries: Registries
    lists: Kept | None = None
    """Status lists that were read already; each credential has them read anew when it is None."""

    def verify(self, payload: bytes, at: datetime, subjects: frozenset[str] = frozenset()) -> Verified:
        """The answers about a credential at an instant; `subjects` are the ids of the worker whom it was shown for.

        Raises: Rejected when the payload is no credential at all.
        """
        found = presented(payload)
        self.canonicaliser.afresh()
        proofs = Proofs(Keys(Sparing(self.fetch), at, self.registries.keys), self.canonicaliser)
        answers, claims, parts = self._of(found, proofs, at, subjects)
        digest = f"sha-256:{sha256(payload).hexdigest()}"
        return Verified(digest, at, tier_of(answers), answers, claims, found.text, parts, tuple(proofs.keys.seen))

    def _of(self, found: Presented, proofs: Proofs, at: datetime, subjects: frozenset[str]) -> Found:
        token = token_from(found.token) if found.token is not None else None
        document = token.claims if token is not None else found.document or {}
        if is_open_badges_2(document):
            badges = Assertions(proofs.keys.fetch, proofs.keys, self.registries)
            return *badges.answered(document, token, at, subjects), ()
        if token is not None:
            return self._answered(token.credential, checked(token, proofs.keys), proofs, at, subjects, token)
        proof = SEALED if found.is_sealed else proofs.checked(document)
        return self._answered(document, proof, proofs, at, subjects)

    def _answered(
        self,
        document: Document,
        proof: Checked,
        proofs: Proofs,
        at: datetime,
        subjects: frozenset[str],
        token: Token | None = None,
    ) -> Found:
        issuer = id_of(document.get("issuer"))
        parts = tuple(self._parts(document, proofs, at))
        answers = Answers(
            form=_form(document, token, at),
            proof=Answer(proof.holds, proof.code, proof.detail, at),
            key=whose_key(proof, proofs.keys, issuer, at),
            issuer=registered(issuer, self.registries, at),
            status=self._status(document, proof, proofs, at),
            dates=_dates(document, token, at),
            subject=about(document.get("credentialSubject"), subjects, at),
            endorsements=_endorsed(document, parts, at),
            evidence=_evidence(document, at),
            uncovered=_uncovered(proof, at),
        )
        return answers, _claims(document, issuer), parts

    def _status(self, document: Document, proof: Checked, proofs: Proofs, at: datetime) -> Answer:
        """Of what nobody signed, no status is good."""
        statuses = Statuses(
            proofs.keys.fetch,
            proofs.checked,
            lambda checked, issuer: whose_key(checked, proofs.keys, issuer, at),
            {} if self.lists is None else self.lists,
        )
        found = statuses.of(document, at)
        return found if proof.holds or found.answer is not True else unknown("no_proof", found.detail, at)

    def _parts(self, document: Document, proofs: Proofs, at: datetime) -> Iterator[Verified]:
        """The credentials within: endorsements of anything, and what a CLR or a presentation is made of."""
        is_whole = WHOLES & set(map(str, types_of(document)))
        names = (*ENDORSING, "verifiableCredential") if is_whole else ENDORSING
        for number, one in enumerate(embedded(document, names)):
            if number >= MOST_PARTS:
                return
            try:
                found = presented(one.encode()) if isinstance(one, str) else Presented("", document=one)
                answers, claims, parts = self._of(found, proofs, at, frozenset())
            except Rejected:
                continue  # a token that cannot be read says nothing
            yield Verified("", at, tier_of(answers), answers, claims, "", parts)


def _dates(document: Document, token: Token | None, at: datetime) -> Answer:
    return (token.validity(at) if token is not None else None) or validity(document, at)


def _form(document: Document, token: Token | None, at: datetime) -> Answer:
    contradiction = token.contradiction() if token is not None else None
    if contradiction is not None:
        return no("contradiction", f"the claim {contradiction} says otherwise than the credential", at)
    return form_of(document, at)


def _endorsed(document: Document, parts: tuple[Verified, ...], at: datetime) -> Answer:
    """Whether somebody else who is registered here vouches for the credential, its achievement or its issuer."""
    given = [part for part in parts if part.claims["type"] == "EndorsementCredential"]
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


def _evidence(document: Document, at: datetime) -> Answer:
    subject = document.get("credentialSubject")
    places = [document, *(subject if isinstance(subject, list) else [subject])]
    if any(isinstance(one, dict) and one.get("evidence") for one in places):
        return yes("given", "it says what the achievement rests on", at)
    return no("none", "it does not say what the achievement rests on", at)


def _uncovered(proof: Checked, at: datetime) -> Answer:
    if not proof.holds:
        return unknown("no_proof", "there is no signature that holds", at)
    if proof.dropped:
        return no("uncovered", f"outside the signature: {', '.join(proof.dropped[:5])}", at)
    return yes("covered", "every member is within the signature", at)


def _claims(document: Document, issuer: str | None) -> dict[str, str | None]:
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
