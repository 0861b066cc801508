"""Endorsements: read from a verified credential, and counted only while whoever signed is known.

The credential's proof and its issuer's key were verified before anything here reads it, and no member of it lay outside
the signature. Source: Open Badges 3.0, EndorsementCredential and EndorsementSubject,
https://www.imsglobal.org/spec/ob/v3p0/
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from schemas.registry import Endorsement, Registries
from services.core.registries.faults import RegistryFault
from services.core.registries.lookup import standing

TYPE = "EndorsementCredential"


def looks_endorsing(document: Any) -> bool:
    """Whether a document is an endorsement by its type."""
    types = document.get("type") if isinstance(document, Mapping) else None
    return TYPE in (types if isinstance(types, list) else [types])


def endorsement(document: Mapping[str, Any], digest: str, verified_at: datetime) -> Endorsement:
    """What a verified endorsement says.

    Raises: RegistryFault when it is not about anything, or says who signs in no known way.
    """
    subject, issuer = document.get("credentialSubject"), document.get("issuer")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    if not looks_endorsing(document) or not isinstance(subject, Mapping):
        raise RegistryFault("not an endorsement of one issuer or achievement")
    named = issuer if isinstance(issuer, Mapping) else {"id": issuer}
    told = {
        "id": document.get("id") or digest,
        "about": subject.get("id"),
        "by": named.get("id"),
        "by_name": named.get("name"),
        "comment": subject.get("endorsementComment"),
        "digest": digest,
        "verified_at": verified_at.isoformat(),
        "valid_until": document.get("validUntil") or document.get("expirationDate"),
    }
    try:
        return Endorsement.model_validate_json(to_json(told))
    except ValidationError as error:
        fault = error.errors()[0]
        raise RegistryFault(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error


def counting(about: Collection[str], known: Registries, at: datetime) -> tuple[Endorsement, ...]:
    """The endorsements of an issuer or achievement that are in force and come from somebody who is known."""
    return tuple(
        one
        for one in known.endorsements
        if one.about in about
        and (one.valid_until is None or one.valid_until > at)
        and one.by not in about
        and standing(one.by, known, at).answer == "registered"
    )
