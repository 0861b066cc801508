"""API keys: who may send records, and who may look. Digests at rest, never a secret.

A secret is 256 random bits, so one SHA-256 protects it at rest: nothing can be guessed, and a slow password hash would
only make every request slow. A key has a role (`source` sends, `employer` looks at its
workers, `operator` at what is refused), an owner, and scopes.

Invariants: a secret leaves this module once, from `issue`; a new key works within a second and a revoked one stops
within `Verifier.MAX_AGE_SECONDS`; keys that are known go on working while ClickHouse is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from secrets import token_hex, token_urlsafe
from time import monotonic, time_ns
from typing import Any, Literal

import structlog

from services.runtime.errors import Unavailable

log = structlog.get_logger(__name__)

Role = Literal["source", "employer", "operator"]
ALL = "all"
"""The scope that holds every other one."""
XAPI_SCOPES = ("statements/write", "statements/read", "statements/read/mine", "define", "state", "profile", "all/read")
"""Scopes of xAPI, which a key may have beside kinds of records; what each allows is the record store's to say."""
_COLUMNS = ("key_id", "role", "owner", "secret_sha256", "scopes", "version", "is_deleted")
_PREFIXES: dict[Role, str] = {"source": "src", "employer": "emp", "operator": "ops"}
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Credential:
    """What a good key proves: who speaks, in which role, and what they may do."""

    key: str
    role: Role
    owner: str
    scopes: frozenset[str]

    def allows(self, scope: str) -> bool:
        """Whether this credential may do what the scope names."""
        return scope in self.scopes or ALL in self.scopes


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key as it is kept."""

    credential: Credential
    secret_sha256: str
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key with its secret, which is shown this once."""

    key: str
    secret: str

    @property
    def token(self) -> str:
        """Key and secret in one text, good as a bearer token."""
        return f"{self.key}.{self.secret}"


def issue(client: Any, role: Role, owner: str, scopes: Iterable[str] = (ALL,)) -> IssuedKey:
    """Make a key and store its digest. `client` is a clickhouse-connect client on Stepwell's database."""
    issued = IssuedKey(f"{_PREFIXES[role]}_{token_hex(8)}", token_urlsafe(32))
    _write(client, StoredKey(Credential(issued.key, role, owner, frozenset(scopes)), digest(issued.secret)))
    return issued


def name_employer(client: Any, employer_id: str, title: str | None = None) -> None:
    """Say what pages call an employer; without a title the name it has stays, or becomes its id."""
    known = client.query(
        "SELECT name FROM employers FINAL WHERE employer_id = {employer_id:String}",
        parameters={"employer_id": employer_id},
    ).result_rows
    if title is None and known:
        return
    columns = ("employer_id", "name", "version", "is_deleted")
    client.insert("employers", [[employer_id, title or employer_id, time_ns() // 1000, 0]], column_names=columns)


def revoke(client: Any, role: Role, key_or_owner: str) -> tuple[str, ...]:
    """Revoke one key, or all keys of an owner; the keys revoked, none when nothing matched."""
    matching = [
        stored
        for stored in stored_keys(client, role).values()
        if key_or_owner in (stored.credential.key, stored.credential.owner)
    ]
    for stored in matching:
        _write(client, StoredKey(stored.credential, _NO_DIGEST), is_deleted=True)
    return tuple(stored.credential.key for stored in matching)


def stored_keys(client: Any, *roles: Role) -> dict[str, StoredKey]:
    """Every key of these roles that is not revoked, by key."""
    rows = client.query(
        "SELECT key_id, role, owner, scopes, secret_sha256, toString(created_at) FROM api_keys FINAL"
        " WHERE role IN {roles:Array(String)} ORDER BY owner, created_at",
        parameters={"roles": list(roles)},
    ).result_rows
    return {
        key: StoredKey(Credential(key, role, owner, frozenset(scopes)), _text(secret_sha256), created_at)
        for key, role, owner, scopes, secret_sha256, created_at in rows
    }


def digest(secret: str) -> str:
    """The SHA-256 of a secret, in hexadecimal."""
    return sha256(secret.encode()).hexdigest()


def split_token(token: str) -> tuple[str, str]:
    """Key and secret of a bearer token; a token of another form gives a key that does not exist."""
    key, _, secret = token.partition(".")
    return key, secret


def _write(client: Any, stored: StoredKey, *, is_deleted: bool = False) -> None:
    credential = stored.credential
    row = [
        credential.key,
        credential.role,
        credential.owner,
        stored.secret_sha256,
        sorted(credential.scopes),
        time_ns() // 1000,
        int(is_deleted),
    ]
    client.insert("api_keys", [row], column_names=_COLUMNS)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


class Verifier:
    """Checks keys against a copy of the table, read again as requests come in: no request, no query.

    A copy younger than `FRESH_SECONDS` is used as it is, an older one while it is being read again, and one older than
    `MAX_AGE_SECONDS` only when it cannot be read. An unknown key is looked up before it is refused.
    """

    FRESH_SECONDS = 1.0
    MAX_AGE_SECONDS = 4.0
    LOOKUP_SECONDS = 0.25
    """At most one look-up of unknown keys in this time, so that guessing costs ClickHouse nothing."""

    def __init__(self, load: Callable[[], Mapping[str, StoredKey]], clock: Callable[[], float] = monotonic) -> None:
        """`load` reads the table; it is called in a thread."""
        self._load = load
        self._clock = clock
        self._keys: Mapping[str, StoredKey] = {}
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None
        self._is_readable = False

    async def verify(self, key: str, secret: str) -> Credential | None:
        """The credential of a key with the right secret, else None.

        Raises: Unavailable when the key is not known and the table cannot be read.
        """
        stored = await self._find(key)
        is_right = compare_digest(digest(secret), stored.secret_sha256 if stored else _NO_DIGEST)
        return stored.credential if stored and is_right else None

    async def standing(self, key: str) -> Credential | None:
        """The credential of a key whose secret was proven before, as a signed session says; None once it is revoked.

        Raises: Unavailable as `verify`.
        """
        stored = await self._find(key)
        return stored.credential if stored else None

    async def _find(self, key: str) -> StoredKey | None:
        await self._refresh(self._limit(key))
        if key not in self._keys and not self._is_readable:
            raise Unavailable("keys", "the table of keys cannot be read")
        return self._keys.get(key)

    def _limit(self, key: str) -> float:
        return self.MAX_AGE_SECONDS if key in self._keys else self.LOOKUP_SECONDS

    async def _refresh(self, limit_seconds: float) -> None:
        age = self._clock() - self._read_at
        if age < min(self.FRESH_SECONDS, limit_seconds):
            return
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        if age >= limit_seconds:
            await asyncio.shield(self._reading)

    async def _read(self) -> None:
        started_at = self._clock()
        try:
            self._keys = await asyncio.to_thread(self._load)
            self._read_at = started_at
            self._is_readable = True
        except Exception as error:  # noqa: BLE001 - whatever ClickHouse's client raises, known keys go on working
            self._is_readable = False
            log.warning("keys_not_read", error=type(error).__name__)
        finally:
            self._reading = None
