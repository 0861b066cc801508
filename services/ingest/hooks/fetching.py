"""Fetching what a webhook names, behind a guard: https, a host that the operator named, a public address.

Apart from `services.ingest.verify.fetching`, which follows redirects: here our token goes along, and an answer that
points elsewhere is no answer. The address is checked where the connection is made, so that a name that resolves to
another one the second time gains nothing.
Source: OWASP, Server-Side Request Forgery Prevention.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from services.core.addresses import is_public
from services.runtime.errors import Rejected, Unavailable

Fetch = Callable[[str, Mapping[str, str]], Awaitable[bytes]]
"""URL and headers to the body of the answer. Raises: Rejected for an address that must not be asked, or what is not
there; Unavailable for what may answer later."""
SECONDS = 5.0
MAX_BYTES = 1 << 20
_GONE = frozenset((400, 404, 410))


class PublicOnly(AbstractResolver):
    """Resolves names to public addresses, and no others."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of a name. Raises: OSError when it has none."""
        found = [one for one in await self._inner.resolve(host, port, family) if is_public(one["host"])]
        if not found:
            raise OSError(f"{host} has no public address")
        return found

    async def close(self) -> None:
        """Let go of what the resolver holds."""
        await self._inner.close()


async def fetch(url: str, headers: Mapping[str, str]) -> bytes:
    """The body of what is at an https URL: a `Fetch`."""
    host = _asked_host(url)
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=PublicOnly(), limit=1),
                timeout=aiohttp.ClientTimeout(total=SECONDS),
            ) as session,
            session.get(url, headers=dict(headers), allow_redirects=False) as answer,
        ):
            body = await answer.content.read(MAX_BYTES + 1)
            return _taken(host, answer.status, body)
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Unavailable(host, type(error).__name__) from error


def _asked_host(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or parts.username is not None:
        raise Rejected.because("not_fetched", "only https URLs without credentials are fetched")
    is_literal = ":" in host or host.replace(".", "").isdigit()
    if is_literal and not is_public(host):
        raise Rejected.because("not_fetched", "only public addresses are fetched")
    return host


def _taken(host: str, status: int, body: bytes) -> bytes:
    if status in _GONE:
        raise Rejected.because("not_fetched", f"{host} does not have it (status {status})")
    if status != 200:  # noqa: PLR2004 - the one status that brings what was asked for
        raise Unavailable(host, f"status {status}")
    if len(body) > MAX_BYTES:
        raise Rejected.because("not_fetched", f"{host} answers with more than {MAX_BYTES} octets")
    return body
