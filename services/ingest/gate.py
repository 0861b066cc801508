"""Who may come in: credentials, rate, size and kind of body, checked in the order that costs least.

Basic (`key:secret`) is what LMS plugins speak; Bearer (`key.secret`) is what everything else does.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from http import HTTPStatus

from fastapi import Request

from services.ingest.problems import Refused
from services.ingest.throttle import Throttle
from services.runtime.keys import Credential, Verifier, split_token
from services.runtime.oidc import Tokens, looks_like_a_token

HEARD_OUT = 4
"""So many times as large as it may be a body is still read to its end."""
CHALLENGE = {"WWW-Authenticate": 'Basic realm="stepwell", charset="UTF-8", Bearer realm="stepwell"'}


class Gate:
    """Admits requests of sources."""

    def __init__(self, verifier: Verifier, rate_limit: str, body_bytes: int, tokens: Tokens | None = None) -> None:
        """`rate_limit` reads like `100/second`. Raises: ValueError when it does not."""
        self._verifier = verifier
        self._tokens = tokens
        self._throttle = Throttle(rate_limit)
        self.body_bytes = body_bytes
        """Most octets that a body may have."""

    async def admit(self, request: Request) -> Credential:
        """The credential of the request.

        Raises: Refused with 401 or 429; Unavailable when keys cannot be read.
        """
        credential = await self._credential(request.headers.get("authorization", ""))
        if credential is None:
            raise Refused(HTTPStatus.UNAUTHORIZED, "send the API key as Basic or Bearer credential", CHALLENGE)
        self.throttle(credential.key)
        return credential

    def throttle(self, key: str) -> None:
        """Count a request of this key, or of this hook.

        Raises: Refused with 429.
        """
        if wait := self._throttle.wait_of(key):
            raise _too_often(f"this key may send {self._throttle.rate} requests", wait)

    async def _credential(self, authorization: str) -> Credential | None:
        scheme, _, value = authorization.strip().partition(" ")
        if self._tokens is not None and scheme.lower() == "bearer" and looks_like_a_token(value.strip()):
            return await self._tokens.verify(value.strip())
        key, secret = _key_and_secret(authorization)
        return await self._verifier.verify(key, secret) if key else None

    async def body(self, request: Request) -> bytes:
        """The whole body. Raises: as `body_of`."""
        return await body_of(request, self.body_bytes)


class Door:
    """Admits anybody, so often from one address."""

    def __init__(self, rate_limit: str, body_bytes: int) -> None:
        """`rate_limit` reads like `30/minute`. Raises: ValueError when it does not."""
        self._throttle = Throttle(rate_limit)
        self._body_bytes = body_bytes

    def admit(self, request: Request) -> None:
        """Return when the request may come in.

        Raises: Refused with 429.
        """
        address = request.client.host if request.client else ""
        if wait := self._throttle.wait_of(address):
            raise _too_often(f"one address may send {self._throttle.rate} requests", wait)

    async def body(self, request: Request) -> bytes:
        """The whole body. Raises: as `body_of`."""
        return await body_of(request, self._body_bytes)


def _too_often(detail: str, wait_seconds: int) -> Refused:
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, detail, {"Retry-After": str(wait_seconds)})


async def body_of(request: Request, most_bytes: int) -> bytes:
    """The whole body.

    Raises: Refused with 413 when it is larger than it may be. What is a few times too large is read all the same, and
        thrown away: most clients hear no answer before they have sent everything.
    """
    too_large = Refused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a request may have {most_bytes} octets; send fewer items at once"
    )
    size = int(request.headers.get("content-length") or 0)
    if size > most_bytes * HEARD_OUT:
        raise too_large
    chunks: list[bytes] = []
    is_too_large, size = size > most_bytes, 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most_bytes * HEARD_OUT:
            raise too_large
        is_too_large = is_too_large or size > most_bytes
        if not is_too_large:
            chunks.append(chunk)
    if is_too_large:
        raise too_large
    return b"".join(chunks)


def media_type(request: Request, allowed: Iterable[str]) -> str:
    """The media type of the body, without parameters; none given is taken as the first that is allowed.

    Raises: Refused with 415 for another one.
    """
    choices = tuple(allowed)
    given = request.headers.get("content-type", choices[0]).partition(";")[0].strip().lower()
    if given not in choices:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send the body as {' or '.join(choices)}")
    return given


def _key_and_secret(authorization: str) -> tuple[str, str]:
    scheme, _, value = authorization.strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            key, _, secret = b64decode(value.strip(), validate=True).decode().partition(":")
        except ValueError:
            return "", ""
        return key, secret
    if scheme.lower() == "bearer":
        return split_token(value.strip())
    return "", ""
