"""Issuing: a completed stack as an Open Badges 3.0 credential, the issuer's DID document, and its status lists.

Pure: documents in, documents out. Keys, signatures, randomness and the clock are passed in or live in
services/runtime/issuing.
"""

from __future__ import annotations

from services.core.issuing.credential import Completed, Evidence, Issuer, Status, credential_id, unsigned
from services.core.issuing.did import PublicKey, did_document, document_path, document_url, web_base
from services.core.issuing.status import LIST_BITS, encoded_list, free_index, status_list

__all__ = [
    "LIST_BITS",
    "Completed",
    "Evidence",
    "Issuer",
    "PublicKey",
    "Status",
    "credential_id",
    "did_document",
    "document_path",
    "document_url",
    "encoded_list",
    "free_index",
    "status_list",
    "unsigned",
    "web_base",
]
