"""Fetching what a credential points to, without being led into our own network.

Only https, only public addresses: the name is resolved first, every address it has must be public, and the connection
goes to the address that was looked at, so that a second answer of the name service changes nothing. A redirect is a new
address and is guarded alike. What cannot be fetched is unknown, never good. Source: OWASP, server-side request forgery.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urljoin, urlsplit

import certifi
from urllib3 import BaseHTTPResponse, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from services.core.addresses import is_public

MOST_BYTES = 4 << 20
CHUNK = 1 << 16
MOST_REDIRECTS = 3
MOST_FETCHES = 32
SECONDS, ALL_SECONDS = 5.0, 15.0
"""For one address, and for all that one credential points to."""
SPARED = "too_much_to_fetch"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK = 200
Fetch = Callable[[str], bytes]
Answered = tuple[int, str, bytes]
"""Status, location, content."""


class Unreachable(Exception):
    """A document could not be had, and so says nothing. `reason` is a code."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


@dataclass(slots=True, eq=False)
class Sparing:
    """Fetches for one credential: each address once, and neither many nor for long, whatever it points to."""

    fetch: Fetch
    most: int = MOST_FETCHES
    until: float = field(default_factory=lambda: monotonic() + ALL_SECONDS)
    _had: dict[str, bytes | Unreachable] = field(default_factory=dict)

    def __call__(self, url: str) -> bytes:
        """The bytes at an address. Raises: Unreachable."""
        if url not in self._had:
            self._had[url] = self._asked(url)
        found = self._had[url]
        if isinstance(found, Unreachable):
            raise found
        return found

    def _asked(self, url: str) -> bytes | Unreachable:
        if len(self._had) >= self.most or monotonic() > self.until:
            return Unreachable(url, SPARED)
        try:
            return self.fetch(url)
        except Unreachable as error:
            return error


def offline(url: str) -> bytes:
    """Fetch nothing. Raises: Unreachable."""
    raise Unreachable(url, "offline")


def fetched(url: str) -> bytes:
    """The bytes at a public https address.

    Raises: Unreachable.
    """
    return followed(url, asked)


def followed(url: str, ask: Callable[[str], Answered]) -> bytes:
    """The bytes at an address or where it redirects to, each asked of `ask`, which refuses what is not public.

    Raises: Unreachable.
    """
    for _ in range(MOST_REDIRECTS + 1):
        status, location, content = ask(url)
        if status == OK:
            return content
        if status not in REDIRECTS or not location:
            raise Unreachable(url, f"status_{status}")
        try:
            url = urljoin(url, location)
        except ValueError as error:
            raise Unreachable(url, "not_an_address") from error
    raise Unreachable(url, "too_many_redirects")


def public_address(host: str, port: int, url: str) -> str:
    """An address of a host all of whose addresses are public.

    Raises: Unreachable.
    """
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise Unreachable(url, "no_such_host") from error
    if not found or not all(map(is_public, found)):
        raise Unreachable(url, "not_public")
    return min(found)


def asked(url: str) -> Answered:
    """What is answered at one public https address, redirects not followed.

    Raises: Unreachable.
    """
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port or 443
    except ValueError as error:
        raise Unreachable(url, "not_an_address") from error
    if parts.scheme != "https" or not host or parts.username:
        raise Unreachable(url, "not_https")
    address = public_address(host, port, url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    pool = HTTPSConnectionPool(
        address, port, server_hostname=host, assert_hostname=host, ca_certs=certifi.where(), timeout=Timeout(SECONDS)
    )
    try:
        answer = pool.request(
            "GET", target, headers={"Host": host}, redirect=False, retries=False, preload_content=False
        )
        content = _within(answer, url, monotonic() + SECONDS)
    except HTTPError as error:
        raise Unreachable(url, "no_answer") from error
    finally:
        pool.close()
    return answer.status, answer.headers.get("location", ""), content


def _within(answer: BaseHTTPResponse, url: str, until: float) -> bytes:
    """The whole body, if it comes in time: whoever trickles it is given up."""
    content = b""
    while chunk := answer.read1(CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise Unreachable(url, "too_large")
        if monotonic() > until:
            raise Unreachable(url, "too_slow")
    return content
