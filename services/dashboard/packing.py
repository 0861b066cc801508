"""A credential packed into a link, so that sharing one stores nothing: whoever opens the link has it checked again.

Deflated and base64url; unpacking is bounded, since a link is whatever somebody wrote.
"""

from __future__ import annotations

import zlib

from services.core import base64url
from services.dashboard.errors import Refused

LONGEST = 6_000
"""Characters of a packed credential that still make a link that browsers, mail and proxies carry."""
_RAW = -15


def packed(document: bytes) -> str | None:
    """The document for a link; None when it would be too long."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    text = base64url.encoded(deflater.compress(document) + deflater.flush())
    return text if len(text) <= LONGEST else None


def unpacked(text: str, most_bytes: int) -> bytes:
    """The document of a link. Raises: Refused when there is none in it."""
    inflater = zlib.decompressobj(_RAW)
    try:
        document = inflater.decompress(base64url.decoded(text), most_bytes)
    except (ValueError, zlib.error) as error:
        raise Refused("link_broken", "This link is not whole. Ask for it again.") from error
    if not document or not inflater.eof:
        raise Refused("link_broken", "This link is not whole. Ask for it again.")
    return document
