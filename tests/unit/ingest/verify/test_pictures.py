"""Credentials baked into pictures are found, whichever of the ways they were baked in."""

from __future__ import annotations

import json
import zlib

import pytest

from services.ingest.verify.documents import presented
from services.ingest.verify.pictures import PNG
from tests.builders.credentials import compact, said, signed, verified

JSON = json.dumps(signed())


def _png(kind: bytes, content: bytes) -> bytes:
    chunks = ((b"IHDR", b"\0" * 13), (kind, content), (b"IEND", b""))
    return PNG + b"".join(
        len(one).to_bytes(4) + name + one + zlib.crc32(name + one).to_bytes(4) for name, one in chunks
    )


@pytest.mark.parametrize("text", [JSON, compact()])
@pytest.mark.parametrize("way", ["iTXt", "packed", "tEXt", "svg", "verify"])
def test_a_baked_credential_is_the_credential(text: str, way: str) -> None:
    """PNG with international text, packed or not, or plain text; SVG by element or attribute."""
    written = text.replace("&", "&amp;").replace('"', "&quot;")
    pictures = {
        "iTXt": _png(b"iTXt", b"openbadgecredential\0\0\0\0\0" + text.encode()),
        "packed": _png(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(text.encode())),
        "tEXt": _png(b"tEXt", b"openbadges\0" + text.encode()),
        "svg": f'<svg xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential>{written}</o:credential></svg>'.encode(),
        "verify": f'<svg xmlns:o="http://openbadges.org"><o:assertion verify="{written}"/></svg>'.encode(),
    }
    assert presented(pictures[way]).text == text
    assert said(verified(pictures[way]))["proof"] is True
