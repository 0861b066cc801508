"""The key under which addresses become pseudonyms, and what was hidden, sealed so that only its holder can open it.

Two keys are derived from the one secret: one that digests (pseudonyms) and one that seals (AES-256-GCM), so that
neither use weakens the other. The secret is the setting `identity_key`; where that is empty it is made once and kept in
ClickHouse (`identity_keys`). Whoever loses it loses the link between addresses and workers, and nothing else.
Source: RFC 2104 (HMAC); NIST SP 800-108 (derivation by a keyed digest); NIST SP 800-38D (GCM).
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.values import Account
from services.runtime.errors import Rejected

_NONCE = 12
_MIN_SECRET = 16


class IdentityKey:
    """One secret, ready for use; and others that only open what is sealed under them, while the secret is changed."""

    def __init__(self, secret: bytes, others: Sequence[IdentityKey] = ()) -> None:
        """Raises: Rejected when the secret is too short to be one."""
        if len(secret) < _MIN_SECRET:
            raise Rejected.because("identity_key", f"an identity key has at least {_MIN_SECRET} octets")
        self.digesting = hmac.digest(secret, b"stepwell pseudonyms 1", "sha256")
        """Key of `core.pseudonyms`."""
        self.key_id = sha256(b"stepwell key id 1" + secret).hexdigest()[:16]
        """What tells this key from another, and nothing about it."""
        self.others = tuple(others)
        """Keys that were in force, or will be."""
        self._sealing = AESGCM(hmac.digest(secret, b"stepwell sealed accounts 1", "sha256"))

    def sealed(self, account: Account, worker_id: str) -> bytes:
        """An account, readable only with this key and only as that of this worker id."""
        nonce = token_bytes(_NONCE)
        text = account.model_dump_json(exclude_none=True).encode()
        return nonce + self._sealing.encrypt(nonce, text, worker_id.encode())

    def opened(self, sealed: bytes, worker_id: str) -> Account | None:
        """The account that was sealed; None when it was under none of the keys, or not for this worker id."""
        for key in (self, *self.others):
            text = key.text_of(sealed, worker_id)
            if text is not None:
                return Account.model_validate_json(text)
        return None

    def text_of(self, sealed: bytes, worker_id: str) -> bytes | None:
        """What was sealed under this very key, as it was written; None when it was not, or not for this worker id."""
        with suppress(InvalidTag, ValueError):
            return self._sealing.decrypt(sealed[:_NONCE], sealed[_NONCE:], worker_id.encode())
        return None


def key_of_setting(text: str, earlier: str = "") -> IdentityKey:
    """The key that settings give as text, and the one that it follows.

    Raises: Rejected when one is too short.
    """
    return IdentityKey(text.encode(), [IdentityKey(earlier.encode())] if earlier else [])
