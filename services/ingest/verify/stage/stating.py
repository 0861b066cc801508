"""What was found of a credential as the learning record that states it, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from pydantic import TypeAdapter

from schemas import verification
from schemas.records import Award, Verification
from services.core.settle import settle
from services.core.trust import Answer, Answers
from services.ingest.intake import Sender
from services.ingest.verify.documents import Document
from services.ingest.verify.stage.known import Known

SOURCE = "stepwell"
DIALECT = "verification"
SENDER = Sender(SOURCE, DIALECT, lambda _: True, "verify")
_adapter: TypeAdapter[Verification] = TypeAdapter(Verification)


def stated(award: Award, known: Known, at: datetime) -> Verification:
    """The record about an award that was found at an instant."""
    about = {"issuer_id": award.issuer_id, "award_id": award.award_id, "verified_record_id": award.record_id}
    return _settled({**about, "worker_id": award.worker_id, "evidence": award.evidence}, known, at)


def restated(before: Verification, known: Known, at: datetime) -> Verification:
    """The record about the same award that was found later."""
    names = ("issuer_id", "award_id", "verified_record_id", "worker_id", "evidence")
    return _settled({name: getattr(before, name) for name in names}, known, at)


def known_from(record: Verification, asked: Document) -> Known:
    """What a record says is known of a credential."""
    answers = {name: Answer(**dict(getattr(record.answers, name))) for name in Answers.__dataclass_fields__}
    return Known(Answers(**answers), asked, record.status_since or record.checked_at)


def written(record: Verification) -> bytes:
    """The record as JSON."""
    return _adapter.dump_json(record, exclude_none=True)


def read(text: str | bytes) -> Verification:
    """The record that was written."""
    return _adapter.validate_json(text)


def _settled(about: dict[str, object], known: Known, at: datetime) -> Verification:
    answers = verification.Answers.model_validate(asdict(known.answers))
    record = Verification.model_validate(
        {
            "kind": "verification",
            **about,
            "occurred_at": at,
            "checked_at": at,
            "trust": known.tier,
            "answers": answers,
            "status_since": known.status_since,
        }
    )
    return settle(record, source=SOURCE, received_at=at, dialect=DIALECT)
