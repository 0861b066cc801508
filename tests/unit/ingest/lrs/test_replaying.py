"""Which kept statements have become records."""

from __future__ import annotations

import json
from uuid import UUID

from schemas.catalog import Mapping
from services.ingest.dialects.meanings import EMPTY_MEANINGS, meanings_of
from services.ingest.lrs.replaying import Kept, gained
from tests.builders.statements import statement

VIDEO = "https://lms.example.org/videos/safety"
MAPPED = meanings_of([Mapping(source="lms", id=VIDEO, achievement="safety")])


def kept(number: int, tenant: str = "lms", activity: str = VIDEO, of_type: str = "media") -> Kept:
    """A statement of the store."""
    said = statement(of_type=of_type)
    said["object"]["id"] = activity
    return Kept(tenant, 1_790_000_000_000_000, UUID(int=number), json.dumps(said))


def test_only_what_a_mapping_made_a_record_is_gained() -> None:
    """A course is one anyway, and another source's video is none."""
    found = list(gained([kept(1), kept(2, of_type="course"), kept(3, "other"), kept(4, activity=VIDEO + "/2")], MAPPED))
    assert [(tenant, record.record_id) for tenant, record in found] == [("lms", UUID(int=1))]


def test_without_mappings_nothing_is() -> None:
    """Reading everything again is for nothing then."""
    assert list(gained([kept(1)], EMPTY_MEANINGS)) == []
