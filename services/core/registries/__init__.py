"""Issuer registries: lists of known issuers read from what others publish, asked in a declared order, with key history.

Pure: documents, verified claims and instants are passed in. Signatures are checked by services/runtime/federation.py,
before anything here sees what they sign.
"""

from __future__ import annotations

from services.core.registries.endorsing import endorsement, looks_endorsing
from services.core.registries.faults import RegistryFault
from services.core.registries.keys import keys_of, seen
from services.core.registries.lookup import Found, Standing, standing
from services.core.registries.reading import registries_from
from services.core.registries.vouching import vouched, vouchers

__all__ = [
    "Found",
    "RegistryFault",
    "Standing",
    "endorsement",
    "keys_of",
    "looks_endorsing",
    "registries_from",
    "seen",
    "standing",
    "vouched",
    "vouchers",
]
