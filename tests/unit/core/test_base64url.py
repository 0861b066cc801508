"""Base64 of URLs: what is written is read, with or without what others pad it with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import base64url


@given(st.binary())
def test_what_is_written_is_read(octets: bytes) -> None:
    """As text and as bytes; without padding, and in letters that a URL carries as they are."""
    text = base64url.encoded(octets)
    assert base64url.decoded(text) == base64url.decoded(text.encode()) == octets
    assert not set(text) & set("=+/")


def test_what_cannot_be_read_is_a_value_error() -> None:
    """One letter is less than an octet."""
    with pytest.raises(ValueError, match="base64"):
        base64url.decoded("a")
