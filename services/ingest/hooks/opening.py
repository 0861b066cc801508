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
from services.ingest.hooks.following import Hooks
from services.ingest.hooks.signed import SenderKeys, opened
from services.ingest.hooks.standard import verify
from services.runtime.errors import Unavailable
from services.runtime.oidc import read_keys

H = TypeVar("H")
T = TypeVar("T")


class Opening:
    """Opens what comes to the hooks in force. `fetching` and `reading` go out to the network."""

    def __init__(
        self,
        hooks: Hooks,
        fetching: Fetch = fetch,
        reading: Callable[[str], bytes] = read_keys,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._hooks = hooks
        self._fetch = fetching
        self._seconds = seconds
        self._reading = reading
        self._keys: dict[str, SenderKeys] = {}

    def hook(self, name: str) -> Hook | None:
        """The hook of that name that is declared now."""
        return self._hooks().get(name)

    async def open(self, hook: Hook, headers: Mapping[str, str], body: bytes, now: datetime) -> bytes:
        """The payload of a request to a hook. `headers` has names in lower case.

        Raises: NotSigned; Rejected for a body that names nothing that is to be fetched; Unavailable when keys, secrets
        or the thing that is named cannot be had now.
        """
        match hook:
            case SignedHook():
                return await opened(body, self._keys_of(hook), now, hook.tolerance_seconds)
            case StandardHook():
                verify(headers, body, await _read(secrets_of, hook), now, hook.tolerance_seconds)
                return body
            case ClaimHook():
                return await self._fetch(address_of(hook, body), await _read(headers_of, hook))

    def _keys_of(self, hook: SignedHook) -> SenderKeys:
        """The keys of a sender, remembered by where they are published."""
        if hook.keys not in self._keys:
            self._keys[hook.keys] = SenderKeys(hook.keys, self._seconds, self._reading)
        return self._keys[hook.keys]


async def _read(read: Callable[[H], T], hook: H) -> T:
    try:
        return await asyncio.to_thread(read, hook)
    except OSError as error:
        raise Unavailable("the secret of a hook", type(error).__name__) from error
