"""Baked images: the credential that a PNG or an SVG carries with it. Pure: bytes in, the credential's text out.

Only the place where the credential is gets read; the picture is never decoded. Whatever a hostile image claims about
itself (lengths, compression, entities), what is read stays below a bound.
Source: Open Badges 3.0, 5.3 (file formats); Open Badges 2.0 Baking, https://www.imsglobal.org/spec/ob/v2p0/#baking; PNG
(third edition), 5 and 11.3.3.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from services.runtime.errors import Rejected

PNG_TYPE, SVG_TYPE = "image/png", "image/svg+xml"
_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORDS = (b"openbadgecredential", b"openbadges")
_MAX_OCTETS = 2 * 1024 * 1024
_LENGTH_AND_TYPE = 8
_CHECKSUM = 4
_TAGS = (
    "{https://purl.imsglobal.org/ob/v3p0}credential",
    "{http://openbadges.org}assertion",
    "{http://openbadges.org}credential",
)
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE).search
_SVG = re.compile(rb"^\s*(?:\xef\xbb\xbf)?(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?svg[\s>]", re.DOTALL).match


def is_image(payload: bytes) -> bool:
    """Whether this is a PNG or an SVG."""
    return payload.startswith(_PNG) or (payload.lstrip()[:1] == b"<" and _SVG(payload) is not None)


def credential_in(image: bytes) -> bytes:
    """The text of the credential that is baked into an image: JSON, or a compact JWS.

    Raises: Rejected with code `not_baked` when there is none, `invalid_image` when the image cannot be read.
    """
    text = _of_png(image) if image.startswith(_PNG) else _of_svg(image)
    if text is None:
        raise Rejected.because("not_baked", "no credential is baked into this image; send the credential itself")
    if text.startswith((b"http://", b"https://")):
        cure = "the image holds only the address of a hosted assertion; send the assertion that is there"
        raise Rejected.because("hosted", cure)
    return text


def _of_png(image: bytes) -> bytes | None:
    found = dict(_texts(image))
    return next((found[keyword] for keyword in _KEYWORDS if keyword in found), None)


def _texts(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG)
    while position + _LENGTH_AND_TYPE <= len(image):
        length = int.from_bytes(image[position : position + 4])
        kind = image[position + 4 : position + _LENGTH_AND_TYPE]
        start = position + _LENGTH_AND_TYPE
        if start + length + _CHECKSUM > len(image):
            raise _unreadable("a chunk of the PNG is cut off")
        if kind in (b"iTXt", b"tEXt", b"zTXt"):
            keyword, _, rest = image[start : start + length].partition(b"\0")
            if keyword in _KEYWORDS:
                yield keyword, _text(kind, rest).strip()
        position = start + length + _CHECKSUM


def _text(kind: bytes, rest: bytes) -> bytes:
    """What follows the keyword of a text chunk, without its flags and unpacked."""
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _unpacked(rest[1:])
    is_packed, (_, _, text) = rest[:1] == b"\1", _split(rest[2:])
    return _unpacked(text) if is_packed else text


def _split(rest: bytes) -> tuple[bytes, bytes, bytes]:
    language, _, after = rest.partition(b"\0")
    translated, _, text = after.partition(b"\0")
    return language, translated, text


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(packed, _MAX_OCTETS)
    except zlib.error as error:
        raise _unreadable("its text cannot be unpacked") from error
    if unpacking.unconsumed_tail:
        raise _unreadable(f"its text is larger than {_MAX_OCTETS} octets")
    return text


def _of_svg(image: bytes) -> bytes | None:
    if _ENTITIES(image):
        raise _unreadable("an SVG with a document type is not read")
    try:
        root = ET.fromstring(image)  # noqa: S314 - without a document type there are no entities to expand
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise _unreadable("it is no XML") from error
    for element in root.iter():
        if element.tag in _TAGS:
            said = (element.text or "").strip() or element.get("verify", "").strip()
            return said.encode() or None
    return None


def _unreadable(why: str) -> Rejected:
    return Rejected.because("invalid_image", f"the image cannot be read: {why}")
