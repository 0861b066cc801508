"""The gate: from a request's credential to a tenant, or to an operator.

The only place that makes a `Tenant` or an `Operator`. A bearer token is checked as it is; a session cookie stands for a
key proven at log-in and is checked against the keys each time, so a revoked token ends its sessions too. Nothing in the
path, query or body can choose an employer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.core.seals import Seal, Sealed
from services.dashboard.errors import Forbidden, NotSignedIn
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
class Operator:
    """Somebody who runs this Stepwell: sees how it does and what it refuses, and no employer's workers."""

    name: str


@dataclass(frozen=True, slots=True)
class Admission:
    """A new session: whose it is (no tenant: an operator's), its cookie text, and when it ends."""

    tenant: Tenant | None
    cookie: str
    ends_at: datetime


class Gate:
    """Admits employers and operators."""

    def __init__(self, keys: Keys, seal: Seal, clock: Callable[[], datetime], lifetime: timedelta) -> None:
        self._keys = keys
        self._seal = seal
        self._clock = clock
        self._lifetime = lifetime

    async def tenant(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Tenant:
        """The employer that a request speaks for. An Authorization header decides alone, whatever the cookies say.

        Raises: NotSignedIn; Forbidden for a key of another role; Unavailable when keys cannot be checked.
        """
        return _tenant(await self._credential(headers, cookies))

    async def operator(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Operator:
        """The operator that a request speaks for. Raises as `tenant`."""
        return _operator(await self._credential(headers, cookies))

    async def admit(self, token: str) -> Admission:
        """A session for the holder of an employer's or an operator's token. Raises as `tenant`."""
        credential = await self._keys.verify(*split_token(token))
        is_operator = credential is not None and credential.role == "operator"
        tenant = None if is_operator else _tenant(credential)
        ends_at = self._clock() + self._lifetime
        return Admission(tenant, self._seal.close(Sealed(split_token(token)[0], ends_at)), ends_at)

    async def _credential(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Credential | None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme:
            return await self._keys.verify(*split_token(token.strip())) if scheme.lower() == "bearer" else None
        session = self._seal.open(cookies.get(COOKIE, ""), self._clock())
        return await self._keys.standing(session.what) if session else None


def _tenant(credential: Credential | None) -> Tenant:
    if credential is None:
        raise NotSignedIn
    if credential.role == "operator":
        raise Forbidden("wrong_role", "An operator's token opens /data/refusals; workers take an employer token.")
    if credential.role != "employer":
        raise Forbidden("wrong_role", "This key sends records; looking takes an employer token.")
    return Tenant(credential.owner)


def _operator(credential: Credential | None) -> Operator:
    if credential is None:
        raise NotSignedIn
    if credential.role != "operator":
        raise Forbidden("wrong_role", "This page is for operators: it takes a token of `stepwell operator add`.")
    return Operator(credential.owner)
