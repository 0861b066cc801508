"""Credentials baked into pictures are found, whichever of the ways they were baked in."""

from __future__ import annotations

import json
import zlib

import pytest

from services.ingest.verify.documents import presented
from services.ingest.verify.pictures import PNG
from services.runtime.errors import Rejected
from tests.builders.badges_2 import ASSERTION, site
from tests.builders.credentials import compact, said, signed, verified

JSON = json.dumps(signed())


def _png(kind: bytes, content: bytes) -> bytes:
    chunks = ((b"IHDR", b"\0" * 13), (kind, content), (b"IEND", b""))
    return PNG + b"".join(
        len(one).to_bytes(4) + name + one + zlib.crc32(name + one).to_bytes(4) for name, one in chunks
    )


@pytest.mark.parametrize("text", [JSON, compact()])
@pytest.mark.parametrize("way", ["iTXt", "packed", "tEXt", "zTXt", "svg", "verify"])
def test_a_baked_credential_is_the_credential(text: str, way: str) -> None:
    """PNG with international text, packed or not, or plain text; SVG by element or attribute."""
    written = text.replace("&", "&amp;").replace('"', "&quot;")
    pictures = {
        "iTXt": _png(b"iTXt", b"openbadgecredential\0\0\0\0\0" + text.encode()),
        "packed": _png(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(text.encode())),
        "tEXt": _png(b"tEXt", b"openbadges\0" + text.encode()),
        "zTXt": _png(b"zTXt", b"openbadges\0\0" + zlib.compress(text.encode())),
        "svg": f'<svg xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential>{written}</o:credential></svg>'.encode(),
        "verify": f'<svg xmlns:o="http://openbadges.org"><o:assertion verify="{written}"/></svg>'.encode(),
    }
    assert presented(pictures[way]).text == text
    assert said(verified(pictures[way]))["proof"] is True


def test_a_drawing_may_name_its_document_type() -> None:
    """As drawing programs write it, and with space around the credential."""
    head = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    baked = f'<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0">\n<![CDATA[\n{JSON}\n]]></o:credential>'
    assert presented(f'{head}<svg xmlns="http://www.w3.org/2000/svg">{baked}</svg>'.encode()).text == JSON


def test_a_picture_may_name_where_its_credential_is() -> None:
    """Open Badges 2.0: the address of a hosted assertion, which is fetched, as any."""
    picture = _png(b"tEXt", f"openbadges\0{ASSERTION}".encode())
    assert verified(picture, site()).tier == 2
    with pytest.raises(Rejected) as refusal:
        verified(picture, {})
    assert refusal.value.first.code == "hosted_elsewhere"
    with pytest.raises(Rejected) as insecure:
        verified(_png(b"tEXt", b"openbadges\0http://badges.example/1"), site())
    assert insecure.value.first.code == "not_a_credential"
