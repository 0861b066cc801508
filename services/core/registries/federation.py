"""OpenID Federation: from the verified statements of a trust chain to a registered issuer.

A chain is the leaf's own configuration, one statement of each superior about the next below it, and the configuration
of the trust anchor, in this order. An issuer that is a DID publishes no configuration; then the chain begins with the
statement about it. Here only the claims are judged; that each statement was signed with a key that its place in the
chain allows was found out before (services/runtime/federation.py).
Source: OpenID Federation 1.0, sections 3 (statements), 4 (chains), 6 (policies), 10 (resolving),
https://openid.net/specs/openid-federation-1_0.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from schemas.registry import Accreditation, RegisteredIssuer
from services.core.registries.faults import RegistryFault

Claims = Mapping[str, Any]
ENTITY = "federation_entity"
_SHORTEST = 2
"""A statement about the issuer, and the anchor."""
_NAMES: Mapping[str, str] = {
    "organization_name": "name",
    "legal_name": "legal_name",
    "homepage_uri": "url",
    "organization_uri": "url",
    "location": "location",
}
_IDENTIFIERS = ("ctid", "ror", "ror_id", "ipeds")
LEEWAY_SECONDS = 60


def registered(chain: Sequence[Claims], marks: Sequence[Claims], at: datetime) -> RegisteredIssuer:
    """The issuer at the bottom of a chain, as its superiors describe it. `marks` are the anchor's verified trust marks.

    Raises: RegistryFault when the chain does not hold together or a part of it is not in force.
    """
    _check_chain(chain, at)
    leaf = chain[0]
    described = dict(leaf.get("metadata", {}).get(ENTITY, {}))
    for superior in chain[1:-1] if leaf["iss"] == leaf["sub"] else chain[:-1]:
        described = _governed(described, superior)
    told: dict[str, Any] = {}
    for claim, name in _NAMES.items():
        if isinstance(described.get(claim), str) and described[claim]:
            told.setdefault(name, described[claim])
    identifiers = tuple(str(described[name]) for name in _IDENTIFIERS if described.get(name))
    try:
        return RegisteredIssuer(
            id=leaf["sub"], identifiers=identifiers, accreditations=_accreditations(leaf["sub"], marks, at), **told
        )
    except ValidationError as error:
        fault = error.errors()[0]
        raise RegistryFault(f"{leaf['sub']}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error


def chain_ends_at(chain: Sequence[Claims]) -> datetime:
    """When the first of the statements runs out."""
    return datetime.fromtimestamp(min(statement["exp"] for statement in chain), UTC)


def _check_chain(chain: Sequence[Claims], at: datetime) -> None:
    if len(chain) < _SHORTEST:
        raise RegistryFault("a trust chain has a statement about the issuer at least, and the anchor's configuration")
    leaf, second, anchor = chain[0], chain[1], chain[-1]
    if anchor.get("iss") != anchor.get("sub"):
        raise RegistryFault(f"{anchor.get('sub')}: an entity configuration is issued by the entity itself")
    for below, above in pairwise(chain):
        if not isinstance(below.get("sub"), str) or below.get("iss") != above.get("sub"):
            raise RegistryFault(f"the chain breaks between {below.get('iss')} and {above.get('sub')}")
    if leaf.get("iss") == leaf["sub"] and second.get("iss") not in leaf.get("authority_hints", ()):
        raise RegistryFault(f"{leaf['sub']} does not name {second.get('iss')} as its authority")
    for statement in chain:
        _check_times(statement, at)


def _check_times(statement: Claims, at: datetime) -> None:
    now = at.timestamp()
    issued, expires = statement.get("iat"), statement.get("exp")
    if not _is_number(issued) or not _is_number(expires):
        raise RegistryFault(f"the statement of {statement.get('iss')} lacks iat or exp")
    if float(issued) > now + LEEWAY_SECONDS:  # type: ignore[arg-type]  # _is_number has looked
        raise RegistryFault(f"the statement of {statement.get('iss')} is of the future")
    if float(expires) <= now:  # type: ignore[arg-type]  # the same
        raise RegistryFault(f"the statement of {statement.get('iss')} has expired")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _governed(described: dict[str, Any], superior: Claims) -> dict[str, Any]:
    """The entity's own description as its superior overrides it and limits it."""
    made = described | dict(superior.get("metadata", {}).get(ENTITY, {}))
    for claim, policy in superior.get("metadata_policy", {}).get(ENTITY, {}).items():
        if "value" in policy:
            made[claim] = policy["value"]
        elif "default" in policy:
            made.setdefault(claim, policy["default"])
        if "one_of" in policy and claim in made and made[claim] not in policy["one_of"]:
            raise RegistryFault(f"{superior.get('iss')} does not allow {claim} to be {made[claim]}")
        if policy.get("essential") and claim not in made:
            raise RegistryFault(f"{superior.get('iss')} wants {claim}, which is not stated")
    return made


def _accreditations(subject: str, marks: Sequence[Claims], at: datetime) -> tuple[Accreditation, ...]:
    """The anchor's trust marks about the issuer that are in force."""
    found: list[Accreditation] = []
    for mark in marks:
        kind, expires = mark.get("trust_mark_type") or mark.get("id"), mark.get("exp")
        if mark.get("sub") != subject or not isinstance(kind, str):
            continue
        until = datetime.fromtimestamp(expires, UTC) if isinstance(expires, int | float) else None
        if until is None or until > at:
            found.append(Accreditation(type=kind, by=str(mark.get("iss")), url=mark.get("ref"), until=until))
    return tuple(found)
