"""Content-Encoding both ways, for the encodings that ClickHouse's clients use: lz4, zstd, gzip, deflate."""

from __future__ import annotations

import gzip
import zlib

import lz4.frame
import zstandard

from deploy.embedded.clickhouse.errors import NOT_IMPLEMENTED, refusal

FAST = 1


def decoded(body: bytes, encoding: str) -> bytes:
    """The body without its Content-Encoding.

    Raises: ClickHouseError when the encoding is not one of ours.
    """
    match encoding:
        case "" | "identity":
            return body
        case "gzip":
            return gzip.decompress(body)
        case "deflate":
            return zlib.decompress(body)
        case "lz4":
            return _all_lz4_frames(body)
        case "zstd":
            return zstandard.ZstdDecompressor().decompressobj(read_across_frames=True).decompress(body)
        case _:
            raise refusal(NOT_IMPLEMENTED, f"Content-Encoding {encoding} is not supported")


def encoded(body: bytes, accepted: str) -> tuple[bytes, str]:
    """The body in the first of our encodings that an Accept-Encoding header names, and that encoding or ''."""
    names = {name.partition(";")[0].strip() for name in accepted.split(",")}
    if "lz4" in names:
        return lz4.frame.compress(body), "lz4"
    if "zstd" in names:
        return zstandard.ZstdCompressor(level=FAST).compress(body), "zstd"
    if "gzip" in names:
        return gzip.compress(body, FAST), "gzip"
    if "deflate" in names:
        return zlib.compress(body, FAST), "deflate"
    return body, ""


def _all_lz4_frames(body: bytes) -> bytes:
    """Clients that compress block by block send one frame after another; the plain call reads only the first."""
    parts = []
    while body:
        frame = lz4.frame.LZ4FrameDecompressor()
        parts.append(frame.decompress(body))
        body = frame.unused_data or b""
    return b"".join(parts)
