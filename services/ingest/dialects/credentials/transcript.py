"""A CLR 2.0 ClrCredential, read by form: a record for each achievement credential in it.

How achievements go together (a course is part of a programme) is said beside the credentials, in associations. A record
has it as tags of its achievement, `isPartOf:<id>`, so that a stack's selector can ask for it; from the other side it is
said in the word for that side. Credentials of other classes, and endorsements, are good to have and no records.
Source: Comprehensive Learner Record 2.0, B.1 ClrCredential, ClrSubject, Association, https://www.imsglobal.org/spec/clr/v2p0/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from schemas.records import Record
from services.ingest.dialects.credentials.classes import check_classes
from services.ingest.dialects.credentials.contexts import CLR, require_contexts
from services.ingest.dialects.credentials.credential import (
    ACHIEVEMENT,
    Around,
    Sent,
    envelope_of,
    is_endorsement,
    record_of,
    the_subject,
)
from services.ingest.dialects.credentials.documents import document_of
from services.ingest.dialects.credentials.place import MAX_LABEL, Place
from services.ingest.dialects.credentials.subject import holder_of, subject_of
from services.runtime.errors import Rejected

TRANSCRIPT = ("ClrCredential",)
_OTHER_SIDE = {
    "exactMatchOf": "exactMatchOf",
    "isChildOf": "isParentOf",
    "isParentOf": "isChildOf",
    "isPartOf": "hasPart",
    "isPeerOf": "isPeerOf",
    "isRelatedTo": "isRelatedTo",
    "precedes": "follows",
    "replacedBy": "replaces",
}
"""Association types -> what the target is to the source."""


def records_of(transcript: Place, sent: Sent) -> list[Record]:
    """The records of what is in a transcript; what is at fault, its place has noted."""
    require_contexts(transcript, CLR)
    envelope = envelope_of(transcript, TRANSCRIPT, sent.received_at)
    check_classes(transcript, "ClrCredential")
    subject = the_subject(transcript, "ClrSubject")
    if subject is None:
        return []
    check_classes(subject, "ClrSubject")
    issuer_id = "" if envelope is None else envelope.issuer_id
    holder = subject_of(subject, issuer_id)
    if holder is None and envelope is not None:
        holder = holder_of(issuer_id, envelope.credential_id)
    around = Around(holder, _tags(subject))
    found = [_record(each, sent, around) for each in _credentials(subject)]
    return [record for record in found if record is not None]


def _credentials(subject: Place) -> list[Place]:
    inside = subject.required("verifiableCredential", "a transcript holds at least one credential")
    return [] if inside is None else list(inside.each())


def _record(credential: Place, sent: Sent, around: Around) -> Record | None:
    if isinstance(credential.value, str):
        credential = _opened(credential)
    elif not credential.is_object:
        credential.wrong("wrong_type", "must be a credential, as JSON or as compact JWS")
    if not credential.is_object or is_endorsement(credential) or not _speaks_of_achievement(credential):
        return None
    return record_of(credential, sent, around)


def _opened(credential: Place) -> Place:
    """A credential that is given as a token, decoded in its place."""
    try:
        return Place(
            document_of(credential.value.encode()).value, credential.faults, credential.pointer, credential.index
        )
    except (Rejected, UnicodeEncodeError):
        credential.wrong("invalid_jws", "must be a credential, as JSON or as compact JWS")
        return credential


def _speaks_of_achievement(credential: Place) -> bool:
    """Whether it is to be read as an achievement: it says so, has what only such have, or does not say what it is."""
    subject = credential.member("credentialSubject")
    types = set(credential.types())
    return (
        bool(types & set(ACHIEVEMENT))
        or types <= {"VerifiableCredential"}
        or (subject is not None and "achievement" in subject.members)
    )


def _tags(subject: Place) -> Mapping[str, tuple[str, ...]]:
    tags: dict[str, dict[str, None]] = defaultdict(dict)
    for each in subject.all_of("association"):
        said = _association(each)
        if said is not None:
            kind, source, target = said
            tags[source][f"{kind}:{target}"[:MAX_LABEL]] = None
            tags[target][f"{_OTHER_SIDE[kind]}:{source}"[:MAX_LABEL]] = None
    return {achievement: tuple(found) for achievement, found in tags.items()}


def _association(place: Place) -> tuple[str, str, str] | None:
    if not place.is_object:
        place.wrong("wrong_type", "must be an object")
        return None
    kind = place.required("associationType", f"one of {', '.join(_OTHER_SIDE)}")
    ends = [place.required(name, "the id of an achievement") for name in ("sourceId", "targetId")]
    if kind is not None and str(kind.value) not in _OTHER_SIDE:
        kind.wrong("not_a_choice", f"must be one of {', '.join(_OTHER_SIDE)}")
        return None
    source, target = (None if end is None else end.uri() for end in ends)
    if kind is None or source is None or target is None:
        return None
    return str(kind.value), source, target
