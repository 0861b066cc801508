"""Loopback ports: find a free one, and ask whether something listens."""

from __future__ import annotations

import socket

LOOPBACK = "127.0.0.1"


def free_port(wanted: int = 0) -> int:
    """A free loopback port: `wanted`, or any when 0.

    The port is free when this returns, not for ever: start the listener at once, and try again should it lose the race.

    Raises: OSError when `wanted` is given and taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted))
        except OSError as error:
            raise OSError(error.errno, f"port {wanted} of {LOOPBACK} cannot be used: {error.strerror}") from None
        return int(probe.getsockname()[1])


def accepts(port: int, host: str = LOOPBACK, timeout_seconds: float = 0.2) -> bool:
    """Whether something accepts connections on the port."""
    try:
        with socket.create_connection((host, port), timeout_seconds):
            return True
    except OSError:
        return False
