"""Credentials baked into pictures: a text chunk of a PNG, an element or attribute of an SVG.

The picture itself is never decoded, so its size in pixels costs nothing. Source: Open Badges 3.0, section 5.3 (baking);
Open Badges 2.0 baking specification 1.1.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from services.runtime.errors import Rejected

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORDS = (b"openbadgecredential", b"openbadges")
NAMESPACES = ("https://purl.imsglobal.org/ob/v3p0", "https://purl.imsglobal.org/spec/ob/v3p0", "http://openbadges.org")
ELEMENTS = ("credential", "assertion")
MOST_UNPACKED = 4 << 20


def credential_in(payload: bytes) -> bytes | None:
    """The text that is baked in, or None when this is no picture.

    Raises: Rejected when it is a picture and holds none.
    """
    if payload.startswith(PNG):
        return _found(_of_png(payload))
    if payload.lstrip()[:1] == b"<":
        return _found(_of_svg(payload))
    return None


def _found(texts: Iterator[bytes]) -> bytes:
    text = next(texts, None)
    if text is None:
        raise Rejected.because("not_baked", "this picture has no credential baked in")
    return text


def _of_png(payload: bytes) -> Iterator[bytes]:
    at = len(PNG)
    while at + 8 <= len(payload):
        size, kind = int.from_bytes(payload[at : at + 4]), payload[at + 4 : at + 8]
        content = payload[at + 8 : at + 8 + size]
        at += size + 12
        read = _TEXTS.get(kind)
        keyword, _, rest = content.partition(b"\0") if read else (b"", b"", b"")
        if read and keyword in KEYWORDS:
            yield read(rest)


def _international(rest: bytes) -> bytes:
    """The text of an iTXt chunk: after the flag, the method, the language and the translated keyword."""
    is_packed, text = rest[:1] == b"\1", rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return _unpacked(text) if is_packed else text


def _unpacked(text: bytes) -> bytes:
    """Raises: Rejected."""
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(text, MOST_UNPACKED)
    except zlib.error as error:
        raise Rejected.because("not_baked", "the text in this picture cannot be unpacked") from error
    if unpacker.unconsumed_tail:
        raise Rejected.because("too_large", f"a credential may have {MOST_UNPACKED} octets")
    return unpacked


_TEXTS: Mapping[bytes, Callable[[bytes], bytes]] = {
    b"iTXt": _international,
    b"tEXt": lambda rest: rest,
    b"zTXt": lambda rest: _unpacked(rest[1:]),
}
"""How the text chunks of a PNG are read, after their keyword."""


def _of_svg(payload: bytes) -> Iterator[bytes]:
    """A document type may be named, as drawing programs do; one that declares any entity is refused."""
    try:
        root = ElementTree.fromstring(payload)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise Rejected.because("not_a_picture", "this is no SVG that can be read") from error
    names = {f"{{{space}}}{name}" for space in NAMESPACES for name in ELEMENTS}
    for element in root.iter():
        if element.tag in names:
            text = (element.text or "").strip() or element.get("verify", "").strip()
            if text:
                yield text.encode()
