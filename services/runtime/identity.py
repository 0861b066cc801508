"""The key under which addresses become pseudonyms, and what was hidden, sealed so that only its holder can open it.

Two keys are derived from the one secret: one that digests (pseudonyms) and one that seals (AES-256-GCM), so that
neither use weakens the other. The secret is the setting `identity_key`; where that is empty it is made once and kept in
ClickHouse, apart from the records. Whoever loses it loses the link between addresses and workers, and nothing else.
Source: RFC 2104 (HMAC); NIST SP 800-108 (derivation by a keyed digest); NIST SP 800-38D (GCM).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256
from secrets import token_bytes
from time import sleep

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.values import Account
from services.runtime.clickhouse import Client, unavailable
from services.runtime.errors import Rejected

_OCTETS = 32
_NONCE = 12
_MIN_SECRET = 16
_OTHERS_MAY_WRITE_SECONDS = 0.3
_SELECT = "SELECT secret FROM identity_keys ORDER BY created_at, key_id LIMIT 1"


class IdentityKey:
    """One secret, ready for use."""

    def __init__(self, secret: bytes) -> None:
        """Raises: Rejected when the secret is too short to be one."""
        if len(secret) < _MIN_SECRET:
            raise Rejected.because("identity_key", f"an identity key has at least {_MIN_SECRET} octets")
        self.digesting = hmac.digest(secret, b"stepwell pseudonyms 1", "sha256")
        """Key of `core.pseudonyms`."""
        self.key_id = sha256(b"stepwell key id 1" + secret).hexdigest()[:16]
        """What tells this key from another, and nothing about it."""
        self._sealing = AESGCM(hmac.digest(secret, b"stepwell sealed accounts 1", "sha256"))

    def sealed(self, account: Account, worker_id: str) -> bytes:
        """An account, readable only with this key and only as that of this worker id."""
        nonce = token_bytes(_NONCE)
        text = account.model_dump_json(exclude_none=True).encode()
        return nonce + self._sealing.encrypt(nonce, text, worker_id.encode())

    def opened(self, sealed: bytes, worker_id: str) -> Account | None:
        """The account that was sealed; None when it was not under this key, or not for this worker id."""
        try:
            text = self._sealing.decrypt(sealed[:_NONCE], sealed[_NONCE:], worker_id.encode())
        except (InvalidTag, ValueError):
            return None
        return Account.model_validate_json(text)


def identity_key(client: Client, pause: Callable[[float], None] = sleep) -> IdentityKey:
    """The key that a database's Stepwell uses; made, when nobody has made it yet.

    Several may make one at once: then all of them take the one that was stored first.

    Raises: Unavailable when ClickHouse does not answer.
    """
    with unavailable():
        found = client.query(_SELECT).result_rows
        if not found:
            secret = token_bytes(_OCTETS)
            client.insert("identity_keys", [[IdentityKey(secret).key_id, secret.hex()]], ["key_id", "secret"])
            pause(_OTHERS_MAY_WRITE_SECONDS)
            found = client.query(_SELECT).result_rows
    return IdentityKey(bytes.fromhex(found[0][0]))


def key_of_setting(text: str) -> IdentityKey:
    """The key that a setting gives as text.

    Raises: Rejected when it is too short.
    """
    return IdentityKey(text.encode())
