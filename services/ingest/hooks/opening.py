"""From a request to a hook to the payload that counts: what was signed, what was fetched.

Apart from the route so that a test needs no server, and from the kinds so that none knows the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import TypeVar

from services.ingest.hooks.claims import address_of, headers_of
from services.ingest.hooks.declared import ClaimHook, Hook, SignedHook, StandardHook, secrets_of
from services.ingest.hooks.fetching import Fetch, fetch
from services.ingest.hooks.signed import SenderKeys, opened
from services.ingest.hooks.standard import verify
from services.runtime.errors import Unavailable
from services.runtime.oidc import read_keys

H = TypeVar("H")
T = TypeVar("T")


class Opening:
    """Opens what comes to the hooks. `fetching` and `reading` go out to the network."""

    def __init__(
        self,
        hooks: Mapping[str, Hook],
        fetching: Fetch = fetch,
        reading: Callable[[str], bytes] = read_keys,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self.hooks = hooks
        self._fetch = fetching
        self._keys = {
            name: SenderKeys(hook.keys, seconds, reading)
            for name, hook in hooks.items()
            if isinstance(hook, SignedHook)
        }

    async def open(self, hook: Hook, headers: Mapping[str, str], body: bytes, now: datetime) -> bytes:
        """The payload of a request to a hook. `headers` has names in lower case.

        Raises: NotSigned; Rejected for a body that names nothing that is to be fetched; Unavailable when keys, secrets
        or the thing that is named cannot be had now.
        """
        match hook:
            case SignedHook():
                return await opened(body, self._keys[hook.name], now, hook.tolerance_seconds)
            case StandardHook():
                verify(headers, body, await _read(secrets_of, hook), now, hook.tolerance_seconds)
                return body
            case ClaimHook():
                return await self._fetch(address_of(hook, body), await _read(headers_of, hook))


async def _read(read: Callable[[H], T], hook: H) -> T:
    try:
        return await asyncio.to_thread(read, hook)
    except OSError as error:
        raise Unavailable("the secret of a hook", type(error).__name__) from error
