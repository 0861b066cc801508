"""An Open Badges 3.0 AchievementCredential, read by form: one award, or an attempt that has not led to one.

Identity of the award: issuer's id and credential's id, as Open Badges has it; a credential that is issued again under
the same id is the newer statement of the same award. `occurred_at` is when it was awarded, `valid_from` from when it is
good. A record's id is of the source, the bytes and the place in them, so that the same bytes are the same fact.
Source: Open Badges 3.0, B.1.7 AchievementCredential and 8.3.6 (equality), https://www.imsglobal.org/spec/ob/v3p0/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from pydantic import ValidationError

from schemas.records import Award, Completion, Record
from services.ingest.dialects.credentials.achievement import achievement_of, credits_of
from services.ingest.dialects.credentials.classes import check_classes
from services.ingest.dialects.credentials.contexts import OPEN_BADGES, require_contexts
from services.ingest.dialects.credentials.place import Place
from services.ingest.dialects.credentials.results import results_of
from services.ingest.dialects.credentials.subject import Person, holder_of, subject_of

# WARNING: a change names every credential's record anew, so that what is sent again counts as a second fact.
_RECORDS = UUID("8a1e6b52-4b0d-5c3e-9d0f-6f2f0c7a4e21")
ACHIEVEMENT = ("AchievementCredential", "OpenBadgeCredential")
ENDORSEMENT = "EndorsementCredential"
_ENDORSED = "EndorsementSubject"
_VERIFIABLE = "VerifiableCredential"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a record has from how its credential was sent, and not from the credential."""

    source: str
    received_at: datetime
    evidence: str
    """Digest of the bytes that were sent."""
    dialect: str

    def record_id(self, pointer: str) -> UUID:
        """The id of the record of what is at this place in those bytes."""
        return uuid5(_RECORDS, f"{self.source}\n{self.evidence}\n{pointer}")


class Envelope(NamedTuple):
    """What every credential says about itself."""

    issuer_id: str
    credential_id: str
    valid_from: datetime
    valid_until: datetime | None
    awarded_at: datetime


class Around(NamedTuple):
    """What a transcript says about the credentials in it: whom it is about, and tags by achievement."""

    holder: Person | None = None
    tags: Mapping[str, tuple[str, ...]] = {}


def is_endorsement(credential: Place) -> bool:
    """Whether it is what somebody says of somebody else's credential: good to have, and no record."""
    subject = credential.member("credentialSubject")
    return ENDORSEMENT in credential.types() or (subject is not None and _ENDORSED in subject.types())


def record_of(credential: Place, sent: Sent, around: Around | None = None) -> Record | None:
    """The record that an achievement credential means; None when it is at fault, which its place then has noted."""
    before = len(credential.faults)
    around = around or Around()
    require_contexts(credential, OPEN_BADGES)
    envelope = envelope_of(credential, ACHIEVEMENT, sent.received_at)
    check_classes(credential, "AchievementCredential")
    subject = the_subject(credential, "AchievementSubject")
    if subject is None:
        return None
    check_classes(subject, "AchievementSubject")
    described = achievement_of(subject)
    person = subject_of(subject, "" if envelope is None else envelope.issuer_id) or around.holder
    if described is None or envelope is None:
        return None
    members = _members(subject, *described, around)
    if len(credential.faults) > before:
        return None
    person = person or holder_of(envelope.issuer_id, envelope.credential_id)
    return _made(credential, members | dict(person), envelope, sent)


def envelope_of(credential: Place, classes: tuple[str, ...], now: datetime) -> Envelope | None:
    """What a credential of one of these classes says about itself, by `now`; None when it is at fault."""
    if _VERIFIABLE not in credential.types():
        credential.at("type").wrong("wrong_class", f"must contain {_VERIFIABLE} and {' or '.join(classes)}")
    else:
        credential.must_be(*classes)
    said = credential.required("id", "give the credential a URI, such as urn:uuid:...")
    credential_id = None if said is None else said.uri()
    issuer_id = issuer_of(credential)
    valid_from = _moment(credential, "validFrom", "issuanceDate", cure="say from when the credential is good")
    valid_until = _moment(credential, "validUntil", "expirationDate")
    awarded = credential.member("awardedDate")
    awarded_at = None if awarded is None else awarded.past(now)
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        credential.at("validUntil").wrong("wrong_order", "must not be before validFrom")
    if credential_id is None or issuer_id is None or valid_from is None:
        return None
    return Envelope(issuer_id, credential_id, valid_from, valid_until, awarded_at or valid_from)


def issuer_of(credential: Place) -> str | None:
    """The id of the issuer, who is named by it or described as a profile."""
    issuer = credential.required("issuer", "say who issued it, by a URI or as a Profile")
    if issuer is None:
        return None
    if not issuer.is_object:
        return issuer.uri()
    issuer.must_be("Profile")
    check_classes(issuer, "Profile")
    said = issuer.required("id", "the issuer's URI")
    return None if said is None else said.uri()


def the_subject(credential: Place, wanted: str) -> Place | None:
    """The one subject of a credential, of this class; None when it is at fault."""
    subject = credential.required("credentialSubject", f"it holds the {wanted}")
    if subject is None:
        return None
    several = list(subject.each())
    if len(several) != 1:
        subject.wrong("wrong_value", "must be one subject")
        return None
    return several[0] if several[0].must_be(wanted) else None


def _moment(credential: Place, *names: str, cure: str | None = None) -> datetime | None:
    for name in names:
        said = credential.member(name)
        if said is not None:
            return said.instant()
    if cure is not None:
        credential.required(names[0], cure)
    return None


def _members(subject: Place, place: Place, described: dict[str, Any], around: Around) -> dict[str, Any]:
    results = results_of(subject, place)
    tags = tuple(dict.fromkeys((*described["tags"], *around.tags.get(described["id"], ()))))
    return {
        "achievement": described | {"tags": tags},
        "credits": credits_of(subject, place),
        "results": results.results,
        "grade": results.grade,
        "score": results.score,
        "success": results.is_earned is not False,
    }


def _made(credential: Place, members: dict[str, Any], envelope: Envelope, sent: Sent) -> Record | None:
    common = {
        **members,
        "record_id": sent.record_id(credential.pointer),
        "occurred_at": min(envelope.awarded_at, sent.received_at),
        "valid_until": envelope.valid_until,
        "evidence": sent.evidence,
        "dialect": sent.dialect,
    }
    try:
        if not common["success"]:
            attempt = {"kind": "completion", "attempt_id": envelope.credential_id}
            return Completion.model_validate(common | attempt, strict=False)
        del common["success"]
        award = {
            "kind": "award",
            "issuer_id": envelope.issuer_id,
            "award_id": envelope.credential_id,
            "valid_from": envelope.valid_from,
        }
        return Award.model_validate(common | award, strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        credential.wrong("unrepresentable", f"cannot be held by a learning record: {place}: {first['msg']}")
        return None
