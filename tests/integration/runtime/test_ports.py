"""Ports that stay free long enough to start something on them."""

from __future__ import annotations

import socket

import pytest

from services.runtime.ports import FIRST, LAST, LOOPBACK, accepts, free_port


def test_a_free_port_is_not_one_that_clients_are_given() -> None:
    """It lies below the range that connections take theirs from, and can be bound."""
    port = free_port()

    assert FIRST <= port < LAST
    with socket.create_server((LOOPBACK, port)):
        assert accepts(port)
    assert not accepts(port)


def test_a_wanted_port_that_is_taken_is_named() -> None:
    """The message says which, as it may be a flag that somebody gave."""
    port = free_port()
    with socket.create_server((LOOPBACK, port)), pytest.raises(OSError, match=f"port {port}"):
        free_port(port)
