"""Links hold credentials whole, and whatever somebody writes into one costs little."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.errors import Refused
from services.dashboard.packing import LONGEST, packed, unpacked

MOST = 100_000


@given(st.binary(min_size=1, max_size=3000))
def test_what_is_packed_comes_back(document: bytes) -> None:
    """Byte for byte, in characters that need no encoding in a link."""
    text = packed(document)
    assert text is not None
    assert text.replace("-", "").replace("_", "").isalnum()
    assert unpacked(text, MOST) == document


@given(st.text(max_size=300))
def test_rubbish_is_refused(text: str) -> None:
    """Or is, by chance, something packed; it never fails otherwise."""
    try:
        unpacked(text, MOST)
    except Refused as refusal:
        assert refusal.status == 400  # noqa: PT017 - either is right


def test_a_bomb_is_not_unpacked() -> None:
    """What would be larger than may be is refused when it has grown to that."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflater.compress(b"\0" * 50_000_000) + deflater.flush()
    with pytest.raises(Refused):
        unpacked(urlsafe_b64encode(bomb).decode(), MOST)


def test_what_makes_too_long_a_link_is_not_packed() -> None:
    """Random bytes cannot be made shorter."""
    noise = b"".join(zlib.crc32(str(number).encode()).to_bytes(4) for number in range(LONGEST))
    assert packed(noise) is None
