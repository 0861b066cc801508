"""What a request makes of a document: preconditions, merging, deleting. Pure.

Source: xAPI 1.0.3 Communication 2.2 (merging), 3.1 (concurrency); IEEE 9274.1.1 4.1.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha1
from http import HTTPStatus
from typing import Any, Literal

import msgspec

from services.ingest.documents import decoded
from services.ingest.lrs.reading import StoredDocument
from services.runtime.errors import Rejected

Method = Literal["PUT", "POST", "DELETE"]
Precondition = Literal["never", "to replace", "always"]
"""When PUT must say what it knows of the document, by If-Match or If-None-Match."""
JSON = "application/json"
_encode = msgspec.json.Encoder().encode


class Unmet(Exception):
    """A precondition that is not met; `status` 412, or 409 (400: no document yet) where there should have been one."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Edit:
    """What a request wants done, and on which conditions."""

    method: Method
    content: bytes = b""
    content_type: str = JSON
    if_match: str | None = None
    if_none_match: str | None = None
    must_say: Precondition = "never"


class Outcome(msgspec.Struct, frozen=True):
    """The document as it will be; `etag` "" when it is to be no more."""

    etag: str
    content: bytes
    content_type: str


GONE = Outcome("", b"", "")


def etag_of(content: bytes) -> str:
    """The ETag of a document, without quotes."""
    return sha1(content, usedforsecurity=False).hexdigest()


def edited(current: StoredDocument | None, edit: Edit) -> Outcome | None:
    """The document after the edit; None when there is nothing to do.

    Raises: Unmet; Rejected when documents cannot be merged.
    """
    _check_preconditions(current, edit)
    if edit.method == "DELETE":
        return GONE if current is not None else None
    if edit.method == "POST":
        return _posted(current, edit)
    return Outcome(etag_of(edit.content), edit.content, edit.content_type)


def _check_preconditions(current: StoredDocument | None, edit: Edit) -> None:
    etag = "" if current is None else current.etag
    if edit.if_match is not None and not _names(edit.if_match, etag):
        raise Unmet(HTTPStatus.PRECONDITION_FAILED, "the document is not the one that If-Match names; get it again")
    if edit.if_none_match is not None and _names(edit.if_none_match, etag):
        raise Unmet(HTTPStatus.PRECONDITION_FAILED, "the document exists, and If-None-Match says that it must not")
    if edit.method == "PUT" and edit.if_match is None and edit.if_none_match is None:
        _check_silence(current, edit.must_say)


def _check_silence(current: StoredDocument | None, must_say: Precondition) -> None:
    """Return when PUT may say nothing. Source: xAPI 1.0.3 Communication 3.1; IEEE 9274.1.1 4.1.4 (to replace only)."""
    if current is not None and must_say != "never":
        detail = (
            "the document exists: get it, and put it with its ETag in If-Match (or If-None-Match: * to create only)"
        )
        raise Unmet(HTTPStatus.CONFLICT, detail)
    if must_say == "always":
        raise Unmet(HTTPStatus.BAD_REQUEST, "say If-None-Match: * to create the document, or If-Match to replace it")


def _names(header: str, etag: str) -> bool:
    """Whether an If-Match or If-None-Match header names the document with that ETag, "" being none at all."""
    if not etag:
        return False
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    return "*" in tags or etag in tags


def _posted(current: StoredDocument | None, edit: Edit) -> Outcome:
    is_json = _is_json(edit.content_type)
    said = _object(edit.content, "the document") if is_json else None
    if current is None:
        return Outcome(etag_of(edit.content), edit.content, edit.content_type)
    if said is None or not _is_json(current.content_type):
        raise Rejected.because("merge", "only documents of type application/json merge; PUT replaces")
    content = _encode({**_object(current.content, "the document that is there"), **said})
    return Outcome(etag_of(content), content, edit.content_type)


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == JSON


def _object(content: bytes, what: str) -> Mapping[str, Any]:
    value = decoded(content)
    if not isinstance(value, dict):
        raise Rejected.because("merge", f"{what} must be a JSON object to merge")
    return value
