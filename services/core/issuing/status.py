"""Status lists: one bit for each credential, so that looking up one tells the issuer nothing about which.

An index is drawn at random among those that are free, because indices in order would tell when something was issued.
Source: W3C Bitstring Status List 1.0, https://www.w3.org/TR/vc-bitstring-status-list/
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from services.core.issuing.multibase import base64url

LIST_BITS = 131_072
"""The least that the standard allows: 16 kB."""
_GZIP = 31
"""Window bits that make zlib write a gzip member, with no name and no time, so that equal lists are equal bytes."""
_TRIES = 200


class ListFull(Exception):
    """No index is free: a new list is wanted."""


def encoded_list(revoked: Iterable[int]) -> str:
    """The bits, gzipped, in multibase base64url; the first index is the highest bit of the first octet."""
    bits = bytearray(LIST_BITS // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return base64url(packer.compress(bytes(bits)) + packer.flush())


def free_index(taken: Collection[int], draw: Callable[[int], int]) -> int:
    """An index that is not taken. `draw(n)` gives a random whole number below n.

    Raises: ListFull when three quarters are taken, so that drawing stays quick.
    """
    if len(taken) < LIST_BITS * 3 // 4:
        for _ in range(_TRIES):
            index = draw(LIST_BITS)
            if index not in taken:
                return index
    raise ListFull


def status_list(url: str, issuer: str, revoked: Iterable[int], at: datetime) -> dict[str, Any]:
    """The status list credential, not yet signed."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list(revoked),
        },
    }
