"""Loopback ports: find a free one, and ask whether something listens.

Ports come from below those that systems hand out to outgoing connections (32768 up on Linux, 49152 up elsewhere): a
free port of that higher range is often gone, to some client's connection, by the time that a service has started.
"""

from __future__ import annotations

import random
import socket

LOOPBACK = "127.0.0.1"
FIRST, LAST = 20_000, 32_000
TRIES = 200


def free_port(wanted: int = 0) -> int:
    """A free loopback port: `wanted`, or any when 0.

    The port is free when this returns, not for ever: start the listener soon, and try again should it lose the race.

    Raises: OSError when `wanted` is given and taken, or every port tried is.
    """
    if wanted:
        return _bindable(wanted)
    for port in random.SystemRandom().sample(range(FIRST, LAST), TRIES):
        try:
            return _bindable(port)
        except OSError:
            continue
    raise OSError(f"no free port of {LOOPBACK} between {FIRST} and {LAST} in {TRIES} tries")


def _bindable(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise OSError(error.errno, f"port {port} of {LOOPBACK} cannot be used: {error.strerror}") from None
    return port


def accepts(port: int, host: str = LOOPBACK, timeout_seconds: float = 0.2) -> bool:
    """Whether something accepts connections on the port."""
    try:
        with socket.create_connection((host, port), timeout_seconds):
            return True
    except OSError:
        return False
