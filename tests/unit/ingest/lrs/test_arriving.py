"""A request's body made into statements with ids, completed (Communication 1.5, 2.1.1, 2.1.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from hashlib import sha224, sha256, sha384, sha512
from typing import Any
from uuid import UUID

import pytest

from services.ingest.dialects.xapi.identity import Naming
from services.ingest.lrs.arriving import Arrival, Reader, with_good_ids
from services.ingest.lrs.completion import Authority
from services.ingest.lrs.multipart import is_digest
from tests.builders.statements import statement

DAY = date(2026, 2, 1)
SENDER = Authority("src_1", "lms")
READER = Reader("https://x.example", is_version_2=False)


def arrived(*statements: dict[str, Any]) -> Arrival:
    """A request with these statements."""
    return READER.read(json.dumps(statements).encode(), "application/json", SENDER, Naming("lms", DAY))


def resolved(voided: set[UUID], *statements: dict[str, Any]) -> list[UUID]:
    """The ids that the statements get when some are the ids of voided ones."""
    naming = Naming("lms", DAY)
    arrival = READER.read(json.dumps(statements).encode(), "application/json", SENDER, naming)

    def voided_among(ids: Iterable[UUID]) -> set[UUID]:
        return voided & set(ids)

    made = with_good_ids(arrival, naming, voided_among)
    assert [json.loads(each.body)["id"] for each in made.incoming] == [each.name for each in made.incoming]
    return [UUID(each.name) for each in made.incoming]


def test_only_what_has_neither_id_nor_time_is_unsure() -> None:
    """Its content as it came is kept, since another id must be made of the same content."""
    untimed = statement(timestamp=None)
    unsure = arrived(statement(), untimed, statement(id=str(UUID(int=7)), timestamp=None)).untimed
    assert {index: sent for index, (_, sent) in unsure.items()} == {1: untimed}


def test_what_was_voided_and_is_said_again_is_said_anew() -> None:
    """Each time it is voided, and a retry of the new one is no second fact."""
    untimed = statement(timestamp=None)
    voided: set[UUID] = set()
    for _ in range(3):
        (made,) = resolved(voided, untimed)
        assert made not in voided
        assert resolved(voided, untimed) == [made]
        voided.add(made)


def test_equal_ones_of_a_request_stay_apart_when_one_is_voided() -> None:
    """The one that is not voided keeps its id."""
    untimed = statement(timestamp=None)
    first, second = resolved(set(), untimed, untimed)
    again = resolved({first}, untimed, untimed)
    assert again[1] == second
    assert len({first, *again}) == 3


def test_what_says_when_it_happened_stays_voided() -> None:
    """It is the very thing that was voided, so it keeps its id."""
    (made,) = resolved(set(), statement())
    assert resolved({made}, statement()) == [made]


@pytest.mark.parametrize("algorithm", [sha224, sha256, sha384, sha512])
def test_any_of_the_sha_2_family_is_known_by_its_length(algorithm: Any) -> None:
    """Data 2.4.11: sha2 is the SHA-2 hash of the attachment data."""
    digest = algorithm(b"data").hexdigest()
    assert is_digest(digest, b"data")
    assert is_digest(digest.upper(), b"data")
    assert not is_digest(digest, b"other data")
    assert not is_digest(digest[:-1], b"data")
