"""Open Badges 2.0 verified: hosted assertions by what their address says, signed ones by their signature.

Hosted: who controls the address of the assertion vouches for it, so the same must be said there now, and the address
must lie where the issuer says that its assertions are. Signed: a key that the issuer's profile names made the JWS, and
the issuer's revocation list does not name the assertion.
Source: Open Badges 2.0, https://www.imsglobal.org/spec/ob/v2p0/ (Badge Verification, RevocationList).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from schemas.registry import Registries
from services.core.trust import Answer, Answers, no, unknown, yes
from services.ingest.verify.answering import (
    about_recipient,
    covered,
    evidenced,
    name_of,
    registered,
    text,
    whose_key,
)
from services.ingest.verify.badge_links import Linked, faults, is_open_badges_2, linked
from services.ingest.verify.dates import in_force
from services.ingest.verify.documents import Document, as_list, document_from, id_of
from services.ingest.verify.fetching import Fetch, Unreachable
from services.ingest.verify.keys import Keys
from services.ingest.verify.proofs import Checked, unsound, untold
from services.ingest.verify.tokens import Token, signed_by
from services.runtime.errors import Rejected

__all__ = ["Assertions", "is_open_badges_2"]
OUTSIDE = "its address does not say"
GONE = "status_410"
"""How a host says that an assertion was taken back."""
CORE = ("id", "type", "recipient", "badge", "issuedOn", "expires")
"""What a hosted assertion must say as it was shown; what else differs is outside of what the host vouches for."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """What the assertion's own address says of it; `document` is None where that could not be had."""

    document: Document | None
    reason: str


@dataclass(frozen=True, slots=True)
class Assertions:
    """Answers for Open Badges 2.0."""

    fetch: Fetch
    keys: Keys
    registries: Registries

    def answered(
        self, document: Document, token: Token | None, at: datetime, subjects: frozenset[str]
    ) -> tuple[Answers, dict[str, str | None]]:
        """The answers about an assertion, or a badge class or issuer shown alone, and what it claims."""
        found = linked(document, self.fetch)
        hosted = self._hosted(found.assertion) if token is None else Hosted(None, "")
        proof = self._signed(token, found) if token is not None else _hosted_proof(found, hosted)
        answers = Answers(
            form=_form(found, at),
            proof=Answer(proof.holds, proof.code, proof.detail, at),
            key=self._key(proof, found, at) if token is not None else _in_scope(found, proof, at),
            issuer=registered(found.issuer_id, self.registries, at),
            status=self._status(found, hosted, token, at),
            dates=in_force(found.assertion.get("issuedOn"), found.assertion.get("expires"), at),
            subject=about_recipient(found.assertion.get("recipient"), subjects, at),
            endorsements=_endorsements(found, at),
            evidence=evidenced(bool(found.assertion.get("evidence")), at),
            uncovered=covered(proof, OUTSIDE, at),
        )
        return answers, _claims(found)

    def _hosted(self, assertion: Document) -> Hosted:
        address = id_of(assertion)
        if address is None:
            return Hosted(None, "no_address")
        try:
            return Hosted(document_from(self.fetch(address).decode()), "")
        except Unreachable as error:
            return Hosted(None, error.reason)
        except (Rejected, UnicodeDecodeError):
            return Hosted(None, "not_json")

    def _signed(self, token: Token, found: Linked) -> Checked:
        """By the key that the assertion says made it, or any that its issuer's profile names."""
        if found.way != "signed":
            return unsound("not_signed_by_its_word", "it is signed, and says that it is verified otherwise")
        verification = found.assertion.get("verification")
        creator = id_of(verification.get("creator")) if isinstance(verification, dict) else None
        named = [creator] if creator else [id_of(one) for one in as_list(found.issuer.get("publicKey"))]
        return signed_by(token, (self.keys.method(one) for one in named[:4] if one))

    def _key(self, proof: Checked, found: Linked, at: datetime) -> Answer:
        if proof.holds and not found.is_own:
            return unknown("issuer_unreachable", "the badge class or its issuer could not be had", at)
        return whose_key(proof, self.keys, found.issuer_id, at)

    def _status(self, found: Linked, hosted: Hosted, token: Token | None, at: datetime) -> Answer:
        """Whether its issuer took it back. What nobody vouches for has no good status."""
        if any(one is not None and one.get("revoked") is True for one in (found.assertion, hosted.document)):
            return no("revoked", "its issuer has revoked it", at)
        if token is not None:
            return self._in_list(found, at)
        if hosted.reason == GONE:
            return no("revoked", "its address says that it is gone", at)
        if hosted.document is None:
            return unknown("assertion_unreachable", f"its address could not be asked ({hosted.reason})", at)
        return yes("in_force", "its address still has it", at)

    def _in_list(self, found: Linked, at: datetime) -> Answer:
        if not found.is_own:
            return unknown("issuer_unreachable", "its issuer, who would name a revocation list, could not be had", at)
        where = id_of(found.issuer.get("revocationList"))
        if where is None:
            return yes("none", "its issuer keeps no list of revocations", at)
        try:
            listed = document_from(self.fetch(where).decode())
        except (Unreachable, Rejected, UnicodeDecodeError):
            return unknown("list_unreachable", "the list of revocations could not be had", at)
        issuer, revoked = id_of(listed.get("issuer")), listed.get("revokedAssertions", [])
        if issuer not in (None, found.issuer_id) or not isinstance(revoked, list):
            return unknown("another_issuer", "the list of revocations is another's, or cannot be read", at)
        if any(_names(one, found.assertion) for one in revoked):
            return no("revoked", "its issuer has revoked it", at)
        return yes("in_force", "its issuer has not taken it back", at)


def _names(entry: Any, assertion: Document) -> bool:
    """Whether an entry of a revocation list is an assertion, by its id or, as Open Badges 1.1 had it, its uid."""
    own = (assertion.get("id"), assertion.get("uid"))
    said = (id_of(entry), entry.get("uid") if isinstance(entry, dict) else None)
    return any(one is not None and one in own for one in said)


def _form(found: Linked, at: datetime) -> Answer:
    fault = next(faults(found), None)
    if fault is not None:
        return no("not_well_formed", fault, at)
    kind = "Assertion" if found.assertion else "BadgeClass" if found.badge else "Profile"
    return yes("well_formed", f"it is an Open Badges 2.0 {kind}", at)


def _hosted_proof(found: Linked, hosted: Hosted) -> Checked:
    if not found.assertion:
        return untold("not_an_assertion", "it awards nothing to anybody, so there is nothing to vouch for")
    if found.way == "signed":
        return unsound("unsigned", "it says that it is signed, and is not")
    if hosted.document is None:
        return untold("assertion_unreachable", f"its address could not be asked ({hosted.reason})")
    differing = sorted(_differing(found.assertion, hosted.document))
    if any(name in CORE for name in differing):
        return unsound("another_assertion", f"its address says otherwise of {', '.join(differing[:5])}")
    detail = "its address says the same"
    return Checked(holds=True, code="hosted", detail=detail, dropped=tuple(differing))


def _differing(shown: Document, hosted: Document) -> Iterator[str]:
    """The members that were shown and that the address does not say alike; a link is the same as what it links to."""
    for name in {*shown, *CORE}:
        one, other = shown.get(name), hosted.get(name)
        is_link = name in ("badge", "image") and id_of(one) is not None
        if one != other and not (is_link and id_of(one) == id_of(other)):
            yield name


def _in_scope(found: Linked, proof: Checked, at: datetime) -> Answer:
    """Whether the assertion's address lies where the issuer says that its assertions are.

    By default these are all addresses of the issuer's own host. Source: Open Badges 2.0, VerificationObject.
    """
    if not found.assertion:
        return unknown("not_an_assertion", "it awards nothing to anybody", at)
    if not found.is_own:
        return unknown("issuer_unreachable", "the badge class or its issuer could not be had", at)
    address, issuer = str(id_of(found.assertion)), found.issuer_id or ""
    stated = found.issuer.get("verification")
    scope = stated if isinstance(stated, dict) else {}
    starts = [one for one in as_list(scope.get("startsWith")) if isinstance(one, str)]
    hosts = [one for one in as_list(scope.get("allowedOrigins")) if isinstance(one, str)]
    is_in = any(_begins(address, start) for start in starts) or _host(address) in hosts
    if not (is_in if starts or hosts else _host(address) is not None and _host(address) == _host(issuer)):
        return no("out_of_scope", f"{address} is not where {issuer} has its assertions", at)
    if not proof.holds:
        return unknown("no_proof", "nobody vouches for it just now", at)
    return yes("in_scope", "its address is the issuer's", at)


def _begins(address: str, start: str) -> bool:
    """Whether an address begins so, on the very host that is named."""
    return address.startswith(start) and _host(address) == _host(start)


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _endorsements(found: Linked, at: datetime) -> Answer:
    if any(one.get("endorsement") for one in (found.assertion, found.badge, found.issuer)):
        return unknown("not_verified", "endorsements of Open Badges 2.0 are not verified", at)
    return unknown("none", "it carries no endorsement", at)


def _claims(found: Linked) -> dict[str, str | None]:
    recipient = found.assertion.get("recipient")
    shown = found.assertion or found.badge or found.issuer
    return {
        "id": text(shown.get("id")),
        "type": next((one for one in as_list(shown.get("type")) if isinstance(one, str)), None),
        "name": name_of(found.badge),
        "issuer": found.issuer_id,
        "issuer_name": name_of(found.issuer),
        "subject": text(recipient.get("identity")) if isinstance(recipient, dict) else None,
    }
