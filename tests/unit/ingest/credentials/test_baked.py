"""Credentials that images carry. Source: Open Badges 3.0, 5.3; Open Badges 2.0, Baking."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.ingest.dialects.credentials.documents import documents_in, is_picture
from services.ingest.dialects.detect import dialect_of
from services.ingest.dialects.dialect import Arrival
from services.ingest.dialects.meanings import EMPTY_MEANINGS
from services.runtime.errors import Rejected

GOLDEN = Path(__file__).parents[3] / "golden"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks: bytes) -> bytes:
    """A PNG of these chunks."""
    return SIGNATURE + chunk(b"IHDR", bytes(13)) + b"".join(chunks) + chunk(b"IEND", b"")


TEXT = b'{"a":1}'
BAKED = {
    "plain": png(chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + TEXT)),
    "packed": png(chunk(b"iTXt", b"openbadges\0\1\0en\0Badge\0" + zlib.compress(TEXT))),
    "old": png(chunk(b"tEXt", b"openbadges\0" + TEXT)),
    "after other texts": png(
        chunk(b"tEXt", b"Title\0A badge"), chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + TEXT)
    ),
    "svg of 3.0": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" '
    b'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential><![CDATA[' + TEXT + b"]]>"
    b"</openbadges:credential></svg>",
    "svg of 2.0": b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">'
    b'<openbadges:assertion verify="{&quot;a&quot;:1}"/></svg>',
}
BROKEN = {
    "cut off": png(chunk(b"iTXt", b"openbadges\0\0\0\0\0" + TEXT))[:-20],
    "no credential": png(),
    "not packed": png(chunk(b"iTXt", b"openbadges\0\1\0\0\0" + TEXT)),
    "packed too well": png(chunk(b"iTXt", b"openbadges\0\1\0\0\0" + zlib.compress(bytes(9_000_000)))),
    "only an address": png(chunk(b"tEXt", b"openbadges\0https://example.org/assertion")),
    "entities": b'<svg ><!DOCTYPE svg [<!ENTITY a "b">]></svg>',
    "no xml": b"<svg ><svg>",
}


@pytest.mark.parametrize("image", BAKED.values(), ids=BAKED)
def test_the_credential_comes_out_as_it_went_in(image: bytes) -> None:
    """Whatever way it was baked."""
    assert is_picture(image)
    assert [document.original for document in documents_in(image)] == [TEXT]


@pytest.mark.parametrize("image", BROKEN.values(), ids=BROKEN)
def test_an_image_that_cannot_be_read_is_refused(image: bytes) -> None:
    """Nothing else is raised, whatever the image claims."""
    assert is_picture(image)
    with pytest.raises(Rejected):
        list(documents_in(image))


def test_a_baked_badge_is_translated_like_the_badge() -> None:
    """Its evidence is the digest of the credential, not of the picture."""
    badge = (GOLDEN / "open_badges/for-whoever-holds-it.json").read_bytes().strip()
    now = datetime(2026, 11, 24, tzinfo=UTC)
    alone = Arrival(badge, {}, "lms", received_at=now)
    baked = Arrival(png(chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + badge)), {}, "lms", received_at=now)
    dialect = dialect_of(baked)
    assert dialect is dialect_of(alone)
    assert dialect.translate(baked, EMPTY_MEANINGS) == dialect.translate(alone, EMPTY_MEANINGS)
