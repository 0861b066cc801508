"""Multipart bodies are taken apart and put together."""

from __future__ import annotations

from hashlib import sha256

import pytest

from services.ingest.lrs.frames import Attachment
from services.ingest.lrs.multipart import multipart, parcel_in
from services.runtime.errors import Rejected


def attachment(content: bytes) -> Attachment:
    """An attachment of that content."""
    return Attachment(sha256(content).hexdigest(), "application/octet-stream", content)


@pytest.mark.parametrize(
    "content", [b"", b"\r\n", b"--", b"\r\n--stepwell-a7f2\r\nContent-Type: x\r\n\r\n", b"\n\n\x00\xff"]
)
def test_what_is_put_together_is_taken_apart_the_same(content: bytes) -> None:
    """Whatever an attachment holds."""
    sent = [attachment(content), attachment(b"another")]
    parcel = parcel_in(*multipart(b"[]", sent))
    assert parcel.statements == b"[]"
    assert list(parcel.attachments.values()) == sent


def test_a_line_that_only_begins_like_the_boundary_is_content() -> None:
    """Source: RFC 2046, section 5.1.1: a delimiter is a whole line."""
    body, media_type = multipart(b"[]", [])
    boundary = media_type.partition("=")[2].encode()
    content = b"\r\n--" + boundary + b"-and-more\r\n"
    digest = sha256(content).hexdigest().encode()
    headers = b"Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: " + digest + b"\r\n\r\n"
    longer = body.replace(
        b"--" + boundary + b"--", b"--" + boundary + b"\r\n" + headers + content + b"\r\n--" + boundary + b"--"
    )
    (found,) = parcel_in(longer, media_type).attachments.values()
    assert found.content == content


@pytest.mark.parametrize(
    "body", [b"", b"--b--", b"--b\r\n", b"--bb\r\n\r\nx\r\n--bb--", b"--b\r\nno empty line\r\n--b--"]
)
def test_what_is_not_multipart_is_refused(body: bytes) -> None:
    """No parts, no end, another boundary, a part without an end of its headers."""
    with pytest.raises(Rejected):
        parcel_in(body, "multipart/mixed; boundary=b")
