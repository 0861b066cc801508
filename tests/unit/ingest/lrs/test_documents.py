"""What a request makes of a document (Communication 2.2, 3.1)."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from services.ingest.lrs.documents import Edit, Precondition, Unmet, edited, etag_of
from services.ingest.lrs.reading import StoredDocument

THERE = StoredDocument(b"{}", "application/json", etag_of(b"{}"), 1)


@pytest.mark.parametrize(
    "must_say,current,status",
    [
        ("never", None, None),
        ("never", THERE, None),
        ("to replace", None, None),
        ("to replace", THERE, HTTPStatus.CONFLICT),
        ("always", None, HTTPStatus.BAD_REQUEST),
        ("always", THERE, HTTPStatus.CONFLICT),
    ],
)
def test_a_put_that_says_nothing_of_the_document(
    must_say: Precondition, current: StoredDocument | None, status: HTTPStatus | None
) -> None:
    """XAPI-00322: 409 where one is there; a profile of 1.0.3 must be told to be new, too (XAPI-00273, XAPI-00287)."""
    edit = Edit("PUT", b"[]", must_say=must_say)
    if status is None:
        assert edited(current, edit) is not None
        return
    with pytest.raises(Unmet) as unmet:
        edited(current, edit)
    assert unmet.value.status is status


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_only_put_must_say(method: str) -> None:
    """POST merges, and DELETE leaves nothing to lose."""
    assert edited(THERE, Edit(method, b"{}", must_say="always")) is not None  # type: ignore[arg-type]
