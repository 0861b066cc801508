"""Credentials of any dialect, told apart document by document and turned into records.

Several may be sent at once and need not be of one dialect, so all three dialect modules translate by this one function
and differ only in what they recognise as theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schemas.records import Record
from services.ingest.dialects.credentials import assertion, credential, transcript
from services.ingest.dialects.credentials.contexts import names
from services.ingest.dialects.credentials.credential import Sent
from services.ingest.dialects.credentials.documents import (
    INVALID_JWS,
    Document,
    document_of,
    documents_in,
    is_picture,
)
from services.ingest.dialects.credentials.place import Place
from services.ingest.dialects.dialect import Arrival, Original, Translated
from services.runtime.errors import Fault, Rejected

OPEN_BADGES = "open_badges"
OPEN_BADGES_2 = "open_badges_2"
TRANSCRIPT = "clr"
_WHAT = "Assertion, or VerifiableCredential and AchievementCredential, OpenBadgeCredential or ClrCredential"


class Read(NamedTuple):
    """One document, what it means, and what is wrong with it."""

    document: Document
    dialect: str
    records: list[Record]
    faults: list[Fault]


def translated(arrival: Arrival) -> Translated:
    """The records that an arrival's credentials mean, and every fault.

    Raises: Rejected when a document cannot be decoded, or nothing names the source.
    """
    records: list[tuple[int, Record]] = []
    faults: list[Fault] = []
    originals: list[Original] = []
    for read in documents_read(arrival):
        document = read.document
        originals.append(Original(document.digest, document.original, document.media_type))
        records.extend((document.index or 0, record) for record in read.records)
        faults.extend(read.faults)
    return Translated(records, faults, originals)


def documents_read(arrival: Arrival) -> Iterator[Read]:
    """Each document of an arrival, read.

    Raises: Rejected when a document cannot be decoded, or nothing names the source.
    """
    source = arrival.require_source()
    for document in documents_in(arrival.payload):
        place = Place(document.value, [], document.pointer, document.index)
        dialect = dialect_of(place)
        sent = Sent(source, arrival.received_at, document.digest, dialect or OPEN_BADGES)
        records = _records(place, dialect, sent)
        yield Read(document, sent.dialect, [] if place.faults else records, place.faults)


def dialect_of(place: Place) -> str | None:
    """The dialect of a document; None when it is no credential that is known here."""
    types = place.types()
    if "credentialSubject" in place.members or "VerifiableCredential" in types:
        subject = place.member("credentialSubject")
        is_transcript = "ClrCredential" in types or (subject is not None and "ClrSubject" in subject.types())
        return TRANSCRIPT if is_transcript else OPEN_BADGES
    if assertion.ASSERTION in types or {"badge", "recipient"} & set(place.members):
        return OPEN_BADGES_2
    if set(types) & assertion.OTHERS and names(place, "openbadges/v"):
        return OPEN_BADGES_2
    return None


def first_dialect(arrival: Arrival) -> str | None:
    """The dialect of an arrival's first document; None when that is none of these. Never raises."""
    if is_picture(arrival.payload):
        return _dialect_of_picture(arrival.payload)
    first = arrival.first_item
    if isinstance(first, str):
        return _dialect_of_text(first.encode(errors="replace"))
    return _dialect_of_text(arrival.payload.strip()) if first is None else dialect_of(Place(first, []))


def _dialect_of_picture(picture: bytes) -> str:
    """A picture is ours even where nothing is baked into it, for nobody else has a use for it."""
    try:
        return dialect_of(Place(next(documents_in(picture)).value, [])) or OPEN_BADGES
    except Rejected:
        return OPEN_BADGES


def _dialect_of_text(text: bytes) -> str | None:
    try:
        return dialect_of(Place(document_of(text).value, []))
    except Rejected as refusal:
        return OPEN_BADGES if refusal.first.code == INVALID_JWS else None


def _records(place: Place, dialect: str | None, sent: Sent) -> list[Record]:
    if not place.is_object:
        place.wrong("wrong_type", "must be a JSON object")
        return []
    if dialect is None:
        code = "missing" if place.members.get("type") is None else "wrong_class"
        place.at("type").wrong(code, f"must say what this is: {_WHAT}")
        return []
    if dialect == TRANSCRIPT:
        return transcript.records_of(place, sent)
    if dialect == OPEN_BADGES and credential.is_endorsement(place):
        _check_endorsement(place, sent)
        return []
    read = credential.record_of if dialect == OPEN_BADGES else assertion.record_of
    found = read(place, sent)
    return [] if found is None else [found]


def _check_endorsement(place: Place, sent: Sent) -> None:
    credential.envelope_of(place, (credential.ENDORSEMENT, "VerifiableCredential"), sent.received_at)
    credential.the_subject(place, "EndorsementSubject")
