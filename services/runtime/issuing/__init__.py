"""Issuing keys, signatures, and the documents that are published: what services/core/issuing may not touch."""

from __future__ import annotations

from services.runtime.issuing.keyring import Keyring, SigningKey
from services.runtime.issuing.published import PublishedDocument, publish, read_published
from services.runtime.issuing.signing import secured, token

__all__ = ["Keyring", "PublishedDocument", "SigningKey", "publish", "read_published", "secured", "token"]
