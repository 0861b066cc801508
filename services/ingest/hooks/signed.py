"""Bodies that are signed JWTs: what they say, once one of the sender's keys has signed it.

Keys are read when they are first needed and again when a token names one that is not known, at most every few seconds:
so a sender may change its keys whenever it likes (Canvas does so every month), and a flood of forged tokens does not
become a flood of questions. They are also read again after an hour, and what its sender does not publish any more is
not a key of its any more; for what was signed before a change, senders go on publishing the previous one.
Source: RFC 7515, RFC 7517; Canvas Live Events (RS256, `kid`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry, deserialize_compact, extract_compact

from services.ingest.hooks.standard import NotSigned
from services.runtime.errors import Unavailable
from services.runtime.oidc import read_keys

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
READ_SECONDS = 10.0
RENEW_SECONDS = 3600.0
"""How long keys are taken as the sender's without asking again."""
MAX_BYTES = 5 * 1024 * 1024


class SenderKeys:
    """The keys of one sender, by id. `read` gives a JWKS and is called in a thread; `now` is the time in seconds."""

    def __init__(self, where: str, now: Callable[[], float], read: Callable[[str], bytes] = read_keys) -> None:
        self._where = where
        self._now = now
        self._read = read
        self._keys: dict[str, dict[str, Any]] = {}
        self._read_at = float("-inf")

    async def named(self, key_id: str | None) -> KeySet:
        """The keys to try for a token that names a key, or none.

        Raises: NotSigned when the sender has no such key; Unavailable when no keys could be read yet.
        """
        is_known = key_id is not None and key_id in self._keys
        now = self._now()
        if now - self._read_at >= (RENEW_SECONDS if is_known else READ_SECONDS):
            await self._renew(now)
        known = list(self._keys.values()) if key_id is None else [self._keys[key_id]] if key_id in self._keys else []
        if not known:
            raise NotSigned("the body's signature is of no key that its sender publishes")
        return KeySet.import_key_set({"keys": known})

    async def _renew(self, now: float) -> None:
        self._read_at = now
        try:
            document = json.loads(await asyncio.to_thread(self._read, self._where))
            published = {}
            for key in KeySet.import_key_set({"keys": document["keys"]}).keys:
                key.ensure_kid()
                published[str(key.kid)] = {**key.as_dict(private=False), "kid": key.kid}
            self._keys = published or self._keys
        except (OSError, ValueError, TypeError, KeyError, JoseError) as error:
            if not self._keys:
                raise Unavailable("the keys of a webhook's sender", type(error).__name__) from error


async def opened(token: bytes, keys: SenderKeys, now: datetime, tolerance_seconds: int) -> bytes:
    """What a signed body says, as the octets that were signed.

    Raises: NotSigned; Unavailable when the sender's keys cannot be read.
    """
    registry = JWSRegistry(algorithms=ALGORITHMS)
    registry.max_payload_length = registry.max_header_length = MAX_BYTES
    try:
        header = extract_compact(token.strip()).headers()
    except (JoseError, ValueError) as error:
        raise NotSigned("the body must be a signed JWT; switch signed payloads on") from error
    key_id = header.get("kid")
    chosen = await keys.named(key_id if isinstance(key_id, str) else None)
    try:
        payload = deserialize_compact(token.strip(), chosen, registry=registry).payload
    except (JoseError, ValueError) as error:
        raise NotSigned("the body's signature is of no key that its sender publishes") from error
    _refuse_stale(payload, now.timestamp(), tolerance_seconds)
    return payload


def _refuse_stale(payload: bytes, now: float, tolerance_seconds: int) -> None:
    claims = _claims(payload)
    ends, begins = claims.get("exp"), claims.get("nbf")
    if isinstance(ends, int | float) and now > ends + tolerance_seconds:
        raise NotSigned("the token has expired")
    if isinstance(begins, int | float) and now < begins - tolerance_seconds:
        raise NotSigned("the token is not good yet")


def _claims(payload: bytes) -> Mapping[str, Any]:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
