"""The guard of what is fetched."""

from __future__ import annotations

import pytest

from services.core.addresses import is_public
from services.ingest.hooks.fetching import fetch
from services.runtime.errors import Rejected


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    """They may be asked."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
        "host",
    ],
)
def test_addresses_of_our_own_are_not(address: str) -> None:
    """Nor the cloud's metadata, nor one that hides in IPv6, nor a name."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.org/x",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://user@api.example.org/x",
        "ftp://api.example.org/x",
        "https:///x",
    ],
)
async def test_other_addresses_are_refused_before_anything_is_asked(url: str) -> None:
    """No socket is opened for them."""
    with pytest.raises(Rejected):
        await fetch(url, {})
