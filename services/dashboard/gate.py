"""The gate: from a request's credential to a tenant.

The only place that makes a `Tenant`. A bearer token is checked as it is; a session cookie stands for a key proven at
log-in and is checked against the keys each time, so a revoked token ends its sessions too. Nothing in the path,
query or body can name an employer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.dashboard.errors import Forbidden, NotSignedIn
from services.dashboard.sessions import Seal, Session
from services.dashboard.tenant import Tenant
from services.runtime.keys import Credential, split_token

COOKIE = "stepwell_session"


class Keys(Protocol):
    """What the gate asks of the keys; `services.runtime.keys.Verifier` answers."""

    async def verify(self, key: str, secret: str) -> Credential | None:
        """The credential of a key with the right secret."""

    async def standing(self, key: str) -> Credential | None:
        """The credential of a key proven before."""


@dataclass(frozen=True, slots=True)
class Admission:
    """A new session: whose it is, its cookie text, and when it ends."""

    tenant: Tenant
    cookie: str
    ends_at: datetime


class Gate:
    """Admits employers."""

    def __init__(self, keys: Keys, seal: Seal, clock: Callable[[], datetime], lifetime: timedelta) -> None:
        self._keys = keys
        self._seal = seal
        self._clock = clock
        self._lifetime = lifetime

    async def tenant(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Tenant:
        """The employer that a request speaks for. An Authorization header decides alone, whatever the cookies say.

        Raises: NotSignedIn; Forbidden for a key of another role; Unavailable when keys cannot be checked.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme:
            return await self._of_token(token.strip()) if scheme.lower() == "bearer" else _tenant(None)
        session = self._seal.open(cookies.get(COOKIE, ""), self._clock())
        return _tenant(await self._keys.standing(session.key) if session else None)

    async def admit(self, token: str) -> Admission:
        """A session for the holder of an employer token. Raises as `tenant`."""
        tenant = await self._of_token(token)
        ends_at = self._clock() + self._lifetime
        return Admission(tenant, self._seal.close(Session(split_token(token)[0], ends_at)), ends_at)

    async def _of_token(self, token: str) -> Tenant:
        return _tenant(await self._keys.verify(*split_token(token)))


def _tenant(credential: Credential | None) -> Tenant:
    if credential is None:
        raise NotSignedIn
    if credential.role != "employer":
        raise Forbidden("wrong_role", "This key sends records; looking takes an employer token.")
    return Tenant(credential.owner)
