"""Ids of statements that have none of their own."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.ingest.dialects.xapi.batch import statements_in, translate
from services.ingest.dialects.xapi.identity import Naming
from services.runtime.errors import Rejected
from tests.builders.statements import statement
from tests.unit.ingest.xapi.test_meaning import NOW, REGISTRATION

TODAY, TOMORROW = date(2026, 2, 1), date(2026, 2, 2)


def statement_id(said: dict[str, Any], source: str, day: date = TODAY) -> UUID:
    """The id of the only statement of a request."""
    return Naming(source, day).name(said)


def test_a_statements_own_id_is_kept() -> None:
    """XAPI-00027: an id in upper case is the same id."""
    assert statement_id(statement(id=REGISTRATION.upper()), "lms") == UUID(REGISTRATION)


def test_equal_content_has_equal_ids() -> None:
    """A retry is no second fact: neither the order of members, nor the offset, nor what a store sets counts."""
    once = statement()
    again = dict(reversed(once.items())) | {"timestamp": "2026-02-01T10:30:00+01:00", "version": "1.0.0"}
    assert statement_id(once, "lms") == statement_id(again, "lms")


def test_other_content_or_another_source_has_another_id() -> None:
    """Two people, two moments and two sources are different facts."""
    others = [
        statement_id(statement(), "lms"),
        statement_id(statement(), "other"),
        statement_id(statement(timestamp="2026-02-01T09:30:01Z"), "lms"),
        statement_id(statement(actor={"mbox": "mailto:b@example.org"}), "lms"),
    ]
    assert len(set(others)) == 4


def test_the_derivation_of_ids_never_changes() -> None:
    """Pinned: another id for the same content would count every producer's history twice."""
    assert str(statement_id(statement(), "lms")) == "8abdf09b-fae8-5c03-ac2a-3650f0dea3ac"


def test_what_has_no_time_is_told_by_its_day() -> None:
    """A retry is the same fact; the same said on another day is another one."""
    once = statement(timestamp=None)
    assert statement_id(once, "lms") == statement_id(once, "lms")
    assert statement_id(once, "lms") != statement_id(once, "lms", TOMORROW)
    assert statement_id(statement(), "lms") == statement_id(statement(), "lms", TOMORROW)


def test_equal_ones_without_time_in_one_request_are_as_many_as_they_are() -> None:
    """And the whole request sent again gives the same ids; with a time they are one."""
    once = statement(timestamp=None)

    def named(said: dict[str, Any]) -> list[UUID]:
        naming = Naming("lms", TODAY)
        return [naming.name(said) for _ in range(3)]

    assert len(set(named(once))) == 3
    assert named(once) == named(once)
    assert len(set(named(statement()))) == 1


def test_an_id_used_twice_in_one_request_is_refused() -> None:
    """XAPI-00021 (SHOULD): the second use is pointed at."""
    with pytest.raises(Rejected) as refusal:
        translate([statement(id=REGISTRATION), statement(id=REGISTRATION.upper())], source="lms", received_at=NOW)
    assert (refusal.value.first.code, refusal.value.first.pointer, refusal.value.first.index) == ("duplicate", "/id", 1)


@pytest.mark.parametrize("payload", [b"", b"{", b"5", b"null", b'"x"', b"\xff", b'[{"a":1}'])
def test_a_payload_that_is_no_statement_is_refused(payload: bytes) -> None:
    """Bytes that are no JSON, and JSON that is neither object nor array."""
    with pytest.raises(Rejected):
        statements_in(payload, is_version_2=False)


def test_every_faulty_statement_is_named_with_its_index() -> None:
    """All faults are gathered, one a statement, before the payload is refused."""
    with pytest.raises(Rejected) as refusal:
        statements_in(
            b'[{"actor":{}},{},{"actor":{"mbox":"x"},"verb":{"id":"x:y"},"object":{"id":"x:y"}}]', is_version_2=False
        )
    assert [(fault.index, fault.pointer) for fault in refusal.value.faults] == [
        (0, "/verb"),
        (1, "/actor"),
        (2, "/actor/mbox"),
    ]


def test_an_attachment_without_its_data_or_a_url_is_refused() -> None:
    """XAPI-00129: with a plain JSON body no data comes along, so fileUrl must tell where it is."""
    attachment = b'{"usageType":"x:y","display":{"en":"f"},"contentType":"a/b","length":1,"sha2":"0"}'
    body = (
        b'{"actor":{"mbox":"mailto:a@b"},"verb":{"id":"x:y"},"object":{"id":"x:y"},"attachments":[' + attachment + b"]}"
    )
    with pytest.raises(Rejected) as refusal:
        statements_in(body, is_version_2=False)
    assert refusal.value.first.pointer == "/attachments/0/fileUrl"
