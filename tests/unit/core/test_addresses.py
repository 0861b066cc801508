"""Which addresses are of the Internet at large."""

from __future__ import annotations

import pytest

from services.core.addresses import is_public


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:93.184.216.34", "2002:5db8:d822::"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    """Also where IPv6 carries it within."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "127.0.0.1",
        "192.0.2.1",
        "240.0.0.1",
        "::1",
        "fd00::1",
        "2001:db8::1",
        "2001:0:1::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_with_a_purpose_of_its_own_is_not(address: str) -> None:
    """Private, loopback, of documentation, reserved, tunnelled, local, or of many."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["", "localhost", "example.org", "1.2.3", "0x7f.1", "[::1]"])
def test_a_name_is_no_address(address: str) -> None:
    """However it is spelled, it has to be resolved first."""
    assert not is_public(address)
