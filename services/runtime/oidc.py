"""Bearer tokens of an OpenID Connect provider: signed JWTs that say who sends, and what they may do.

The provider's keys come from its JWKS, a file or address that the operator names, read again when a token names a key
that is not known, at most once in `READ_SECONDS`. Scopes are the token's `scope`; the source is `azp`, `client_id` or
`sub`, in this order. Source: OpenID Connect Core 1.0, RFC 7519, RFC 9068; xAPI 1.0.3 Communication 4.2 (scopes).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.runtime.errors import Unavailable
from services.runtime.keys import Credential

log = structlog.get_logger(__name__)
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
READ_SECONDS = 10.0
FETCH_SECONDS = 5.0
MAX_BYTES = 1 << 20
_DOTS = 2


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose tokens count, for which audience, and where their keys are (a path, or an https or loopback URL)."""

    issuer: str
    audience: str
    keys: str


def looks_like_a_token(text: str) -> bool:
    """Whether a bearer credential is a JWT and not an API key."""
    return text.startswith("ey") and text.count(".") == _DOTS


class Tokens:
    """Checks tokens. `read` gives the JWKS; it is called in a thread."""

    def __init__(
        self, provider: Provider, read: Callable[[str], bytes] | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._provider = provider
        self._read = read or read_keys
        self._clock = clock
        self._keys: KeySet | None = None
        self._read_at = float("-inf")
        self._claims = jwt.JWTClaimsRegistry(
            leeway=30,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.audience},
            exp={"essential": True},
        )

    async def verify(self, token: str) -> Credential | None:
        """The credential that a good token is, else None.

        Raises: Unavailable when the provider's keys cannot be read.
        """
        for is_last in (False, True):
            keys = await self._known(renew=is_last)
            try:
                decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
                self._claims.validate(decoded.claims)
                return credential_of(decoded.claims)
            except (JoseError, ValueError) as error:
                if is_last:
                    log.info("token_refused", error=type(error).__name__)
        return None

    async def _known(self, *, renew: bool) -> KeySet:
        is_due = self._clock() - self._read_at >= READ_SECONDS
        if self._keys is None or (renew and is_due):
            self._read_at = self._clock()
            try:
                self._keys = KeySet.import_key_set(json.loads(await asyncio.to_thread(self._read, self._provider.keys)))
            except (OSError, ValueError, JoseError) as error:
                if self._keys is None:
                    raise Unavailable("the token keys", type(error).__name__) from error
        return self._keys


def credential_of(claims: dict[str, Any]) -> Credential:
    """Who a token's claims say that its bearer is.

    Raises: ValueError when they name no one.
    """
    owner = next((claims[name] for name in ("azp", "client_id", "sub") if isinstance(claims.get(name), str)), "")
    if not owner:
        raise ValueError("the token names no client")
    scope = claims.get("scope", "")
    scopes = scope.split() if isinstance(scope, str) else []
    return Credential(f"oidc {owner}", "source", owner, frozenset(scopes))


def read_keys(where: str) -> bytes:
    """The JWKS at a path or URL. Raises: OSError; ValueError for an address that is neither https nor loopback."""
    parts = urlsplit(where)
    if parts.scheme not in ("http", "https"):
        return Path(where).read_bytes()
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("keys are fetched by https")
    with urlopen(where, timeout=FETCH_SECONDS) as answer:  # noqa: S310 - http(s), named by the operator
        return bytes(answer.read(MAX_BYTES))
