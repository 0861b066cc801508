"""The issuer's keys: a file that only its owner may read, with every key that was ever made.

Invariant: exactly one key signs, the newest that is not retired; a rotated key stays in the DID document so that what
it signed stays good; a retired one does not. The file is written whole or not at all, and is not read when others than
its owner could.
"""

from __future__ import annotations

import json
import os
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.core.issuing import Issuer, PublicKey, web_base
from services.core.issuing.multibase import multikey
from services.runtime.errors import Conflict, Rejected

FILE_NAME = "issuer.json"
SEED_OCTETS = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One Ed25519 key; `seed` is its private half, base64url."""

    fragment: str
    created_at: str
    seed: str
    retired_at: str | None = None

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key that signs."""
        return Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(self.seed))

    @property
    def public(self) -> PublicKey:
        """What the DID document says of it."""
        return PublicKey(self.fragment, multikey(self.private.public_key().public_bytes_raw()))


@dataclass(frozen=True, slots=True)
class Keyring:
    """An issuer and its keys, oldest first."""

    issuer: Issuer
    keys: tuple[SigningKey, ...]

    @classmethod
    def new(cls, issuer: Issuer, at: datetime, randomness: Callable[[int], bytes]) -> Keyring:
        """A ring with its first key. Raises: Rejected for a DID that is no did:web."""
        try:
            web_base(issuer.did)
        except ValueError as error:
            raise Rejected.because("did_not_web", str(error)) from error
        return cls(issuer, ()).rotated(at, randomness)

    def rotated(self, at: datetime, randomness: Callable[[int], bytes]) -> Keyring:
        """The ring with a new key that signs from now on; the others stay good for what they signed."""
        seed = urlsafe_b64encode(randomness(SEED_OCTETS)).decode()
        key = SigningKey(f"key-{len(self.keys) + 1}", at.isoformat(), seed)
        return replace(self, keys=(*self.keys, key))

    def retired(self, fragment: str, at: datetime) -> Keyring:
        """The ring in which a key is not good any more, and what it signed neither.

        Raises: Rejected when there is no such key; Conflict when no other would be left to sign.
        """
        if all(key.fragment != fragment for key in self.keys):
            raise Rejected.because("key_unknown", f"there is no key {fragment}")
        if all(key.fragment == fragment for key in self.standing):
            raise Conflict(fragment, "is the only key left: rotate first")
        when = at.isoformat()
        keys = (replace(k, retired_at=k.retired_at or when) if k.fragment == fragment else k for k in self.keys)
        return replace(self, keys=tuple(keys))

    @property
    def standing(self) -> tuple[SigningKey, ...]:
        """The keys that are in the DID document."""
        return tuple(key for key in self.keys if key.retired_at is None)

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return self.standing[-1]

    def save(self, home: Path) -> None:
        """Write the ring to its file in `home`, readable for its owner alone."""
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f"{FILE_NAME}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        content = json.dumps({"issuer": asdict(self.issuer), "keys": [asdict(key) for key in self.keys]}, indent=1)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content + "\n")
        draft.replace(home / FILE_NAME)

    @classmethod
    def load(cls, home: Path) -> Keyring:
        """The ring of a home. Raises: Rejected when there is none, or when others than its owner may read it."""
        path = home / FILE_NAME
        try:
            mode = path.stat().st_mode
            content = json.loads(path.read_text())
        except FileNotFoundError as error:
            raise Rejected.because(
                "no_keys", "no issuing keys yet: make them with `stepwell issuers keys new`"
            ) from error
        if stat.S_IMODE(mode) & 0o077:
            raise Rejected.because("keys_open", f"others may read {path}: `chmod 600 {path}`, and rotate if they did")
        return cls(Issuer(**content["issuer"]), tuple(SigningKey(**key) for key in content["keys"]))
