"""An Open Badges 2.0 Assertion, read by form: an award, or a revocation where it says that it is revoked.

The badge class may be there as an object or only by its address. Then the award has no more than that address, and no
issuer but its source; what the class says is for the catalog, or for whoever fetches it.
Source: Open Badges 2.0, https://www.imsglobal.org/spec/ob/v2p0/ (Assertion, IdentityObject, BadgeClass, Profile).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from schemas.records import Award, Record, Revocation
from services.ingest.dialects.credentials.achievement import skills_of
from services.ingest.dialects.credentials.credential import Sent
from services.ingest.dialects.credentials.place import Place
from services.ingest.dialects.credentials.subject import Person, recipient_of

CONTEXT = "https://w3id.org/openbadges/v2"
ASSERTION = "Assertion"
OTHERS = frozenset(("BadgeClass", "Issuer", "Profile", "CryptographicKey", "RevocationList", "Endorsement"))
"""What else an issuer publishes: it says nothing about a worker, so it is no record."""
_VERIFICATIONS = ("HostedBadge", "hosted", "SignedBadge", "signed")


class _Badge(NamedTuple):
    achievement: dict[str, Any]
    issuer_id: str | None


def record_of(assertion: Place, sent: Sent) -> Record | None:
    """The record that an object means; None when it means none or is at fault, which its place then has noted."""
    before = len(assertion.faults)
    _require_context(assertion)
    if set(assertion.types()) & OTHERS and ASSERTION not in assertion.types():
        return None
    assertion.must_be(ASSERTION)
    assertion_id = _uri(assertion, "id", "the address of the assertion, or urn:uuid:...")
    badge = _badge(assertion)
    recipient = assertion.required("recipient", "say whom it is about")
    issuer_id = "" if badge is None else badge.issuer_id or sent.source
    person = None if recipient is None else recipient_of(recipient, issuer_id)
    members = _revocation(assertion, badge, sent) if _is_revoked(assertion) else _award(assertion, badge, sent)
    if badge is None or person is None or assertion_id is None or len(assertion.faults) > before:
        return None
    return _made(assertion, members | {"award_id": assertion_id}, person, sent)


def _require_context(assertion: Place) -> None:
    found = assertion.required("@context", f"it must be or contain {CONTEXT}")
    if found is not None and CONTEXT not in [each.value for each in found.each()]:
        found.wrong("wrong_context", f"must be or contain {CONTEXT}")


def _uri(place: Place, name: str, cure: str) -> str | None:
    said = place.required(name, cure)
    return None if said is None else said.uri()


def _badge(assertion: Place) -> _Badge | None:
    badge = assertion.required("badge", "the badge class, or its address")
    if badge is None:
        return None
    if not badge.is_object:
        uri = badge.uri()
        return None if uri is None else _Badge({"id": uri}, None)
    badge.must_be("BadgeClass")
    uri = _uri(badge, "id", "the address of the badge class")
    name = badge.required("name", "the badge's name")
    label = None if name is None else name.label()
    issuer = badge.member("issuer")
    issuer_id = (
        None if issuer is None else _uri(issuer, "id", "the issuer's address") if issuer.is_object else issuer.uri()
    )
    tags = tuple(text for each in badge.all_of("tags") if (text := each.label()) is not None)
    skills = skills_of(badge)
    return (
        None
        if uri is None
        else _Badge({"id": uri, "name": label, "type": "Badge", "tags": tags, "skills": skills}, issuer_id)
    )


def _is_revoked(assertion: Place) -> bool:
    said = assertion.member("revoked")
    if said is not None and not isinstance(said.value, bool):
        said.wrong("wrong_type", "must be true or false")
    return said is not None and said.value is True


def _revocation(assertion: Place, badge: _Badge | None, sent: Sent) -> dict[str, Any]:
    """Revoked from when we are told: Open Badges 2.0 says that it is so and not since when."""
    reason = assertion.member("revocationReason")
    return {
        "kind": "revocation",
        "issuer_id": (badge.issuer_id if badge else None) or sent.source,
        "reason": None if reason is None else reason.text(),
        "occurred_at": sent.received_at,
    }


def _award(assertion: Place, badge: _Badge | None, sent: Sent) -> dict[str, Any]:
    issued = assertion.required("issuedOn", "say when it was awarded")
    expires = assertion.member("expires")
    issued_at = None if issued is None else issued.past(sent.received_at)
    _check_verification(assertion)
    _check_image(assertion)
    return {
        "kind": "award",
        "issuer_id": badge.issuer_id if badge else None,
        "achievement": badge.achievement if badge else None,
        "occurred_at": issued_at,
        "valid_from": issued_at,
        "valid_until": None if expires is None else expires.instant(),
    }


def _check_verification(assertion: Place) -> None:
    found = assertion.required("verification", "say how it is verified: hosted or signed")
    if found is not None:
        found.must_be(*_VERIFICATIONS)


def _check_image(assertion: Place) -> None:
    """An assertion's image is the baked badge, and so has an address; the picture itself belongs in the badge class."""
    for image in assertion.all_of("image"):
        said = image.member("id") if image.is_object else image
        if said is not None and isinstance(said.value, str) and said.value.lower().startswith("data:"):
            said.wrong("wrong_value", "must be the address of the baked image, not the image itself")


def _made(assertion: Place, members: dict[str, Any], person: Person, sent: Sent) -> Record | None:
    common = {"record_id": sent.record_id(assertion.pointer), "evidence": sent.evidence, "dialect": sent.dialect}
    whole = common | members | dict(person)
    try:
        if members["kind"] == "revocation":
            return Revocation.model_validate(whole, strict=False)
        occurred_at: datetime = members["occurred_at"]
        return Award.model_validate(whole | {"occurred_at": min(occurred_at, sent.received_at)}, strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        assertion.wrong("unrepresentable", f"cannot be held by a learning record: {place}: {first['msg']}")
        return None
