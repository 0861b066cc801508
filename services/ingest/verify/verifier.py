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
from services.core.registries import standing
from services.core.trust import Answer, Answers, no, tier_of, unknown, yes
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.dates import validity
from services.ingest.verify.documents import Document, presented
from services.ingest.verify.fetching import Fetch
from services.ingest.verify.forms import CLR, form_of, types_of
from services.ingest.verify.keys import Keys
from services.ingest.verify.proofs import Checked, Proofs, embedded
from services.ingest.verify.statuses import Statuses
from services.ingest.verify.tokens import Token, checked, id_of, token_from

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

    def verify(self, payload: bytes, at: datetime, subjects: frozenset[str] = frozenset()) -> Verified:
        """The answers about a credential at an instant; `subjects` are the ids of the worker whom it was shown for.

        Raises: Rejected when the payload is no credential at all.
        """
        found = presented(payload)
        self.canonicaliser.afresh()
        proofs = Proofs(Keys(self.fetch, at, self.registries.keys), self.canonicaliser)
        digest = f"sha-256:{sha256(payload).hexdigest()}"
        if found.token is not None:
            token = token_from(found.token)
            one = self._answered(token.credential, checked(token, proofs.keys), proofs, at, subjects, token)
        else:
            document = found.document or {}
            one = self._answered(document, proofs.checked(document), proofs, at, subjects)
        answers, claims, parts = one
        return Verified(digest, at, tier_of(answers), answers, claims, found.text, parts, tuple(proofs.keys.seen))

    def _answered(
        self,
        document: Document,
        proof: Checked,
        proofs: Proofs,
        at: datetime,
        subjects: frozenset[str],
        token: Token | None = None,
    ) -> tuple[Answers, dict[str, str | None], tuple[Verified, ...]]:
        issuer = id_of(document.get("issuer"))
        parts = tuple(self._parts(document, proofs, at))
        answers = Answers(
            form=_form(document, token, at),
            proof=Answer(proof.holds, proof.code, proof.detail, at),
            key=_key(proof, proofs.keys, issuer, at),
            issuer=_registered(issuer, self.registries, at),
            status=self._status(document, proof, proofs, at),
            dates=_dates(document, token, at),
            subject=_subject(document, subjects, at),
            endorsements=_endorsed(document, parts, at),
            evidence=_evidence(document, at),
            uncovered=_uncovered(proof, at),
        )
        return answers, _claims(document, issuer), parts

    def _status(self, document: Document, proof: Checked, proofs: Proofs, at: datetime) -> Answer:
        """Of what nobody signed, no status is good."""
        statuses = Statuses(self.fetch, proofs.checked, lambda checked, issuer: _key(checked, proofs.keys, issuer, at))
        found = statuses.of(document, at)
        return found if proof.holds or found.answer is not True else unknown("no_proof", found.detail, at)

    def _parts(self, document: Document, proofs: Proofs, at: datetime) -> Iterator[Verified]:
        """The credentials within: endorsements of anything, and what a CLR is made of."""
        names = ("endorsement", "verifiableCredential") if CLR in types_of(document) else ("endorsement",)
        for number, one in enumerate(embedded(document, names)):
            if number >= MOST_PARTS:
                return
            answers, claims, parts = self._answered(one, proofs.checked(one), proofs, at, frozenset())
            yield Verified("", at, tier_of(answers), answers, claims, "", parts)


def _dates(document: Document, token: Token | None, at: datetime) -> Answer:
    return (token.validity(at) if token is not None else None) or validity(document, at)


def _form(document: Document, token: Token | None, at: datetime) -> Answer:
    contradiction = token.contradiction() if token is not None else None
    if contradiction is not None:
        return no("contradiction", f"the claim {contradiction} says otherwise than the credential", at)
    return form_of(document, at)


def _key(proof: Checked, keys: Keys, issuer: str | None, at: datetime) -> Answer:
    if not proof.holds:
        return unknown("no_proof", "there is no signature that holds", at)
    if proof.method is None or not proof.method.id:
        return unknown("own_key", "the token brings its own key, which proves nothing about its issuer", at)
    return keys.bound(proof.method, issuer or "")


def _registered(issuer: str | None, known: Registries, at: datetime) -> Answer:
    if issuer is None:
        return unknown("no_issuer", "it names no issuer", at)
    found = standing(issuer, known, at)
    if found.answer == "registered":
        return yes("registered", f"{issuer} is known to {found.by}", at)
    if found.answer == "distrusted":
        return no("distrusted", f"{issuer} is distrusted here", at)
    if found.unchecked:
        return unknown("unchecked", f"no registry knows {issuer}; {', '.join(found.unchecked)} could not be asked", at)
    return unknown("not_registered", f"no registry that is trusted here knows {issuer}", at)


def _subject(document: Document, subjects: frozenset[str], at: datetime) -> Answer:
    if not subjects:
        return unknown("not_asked", "nobody was named whom it should be about", at)
    stated = id_of(document.get("credentialSubject"))
    if stated is None:
        return unknown("not_stated", "it does not say by an id whom it is about", at)
    if stated in subjects:
        return yes("same", "it is about this worker", at)
    return no("another", "it is about somebody else", at)


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
        "id": _text(document.get("id")),
        "type": named[0] if named else None,
        "name": _name(achievement) or _name(document),
        "issuer": issuer,
        "issuer_name": _name(document.get("issuer")),
        "subject": id_of(subject) if isinstance(subject, dict) else None,
    }


def _name(value: Any) -> str | None:
    return _text(value.get("name")) if isinstance(value, dict) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
