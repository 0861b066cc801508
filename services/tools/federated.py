"""Registries read from OpenID Federations: chains in a file, or an anchor asked for all that it vouches for.

What cannot be verified is left out and told, never believed: a federation with one bad statement is still a registry of
the others. Source: OpenID Federation 1.0, section 8 (list and fetch endpoints), section 9 (configuration).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from schemas.registry import RegisteredIssuer, Registry
from services.core.registries import RegistryFault
from services.core.registries.federation import chain_ends_at, registered
from services.runtime.errors import Rejected, Unavailable
from services.runtime.federation import verified, verified_chain, verified_marks

Read = Callable[[str], bytes]
"""The bytes at an https address. Raises: OSError; ValueError for another address."""
CONFIGURATION = "/.well-known/openid-federation"
MOST_MEMBERS = 20_000


@dataclass(frozen=True, slots=True)
class Federated:
    """The registry that came of it, and what was left out and why."""

    registry: Registry
    left_out: tuple[str, ...]


def from_chains(name: str, document: Any, anchor_keys: dict[str, Any], at: datetime) -> Federated:
    """The registry of chains in a file: a list of statements, or {"chains": [[...]], "trust_marks": [...]}.

    Raises: Rejected when the file has no chains.
    """
    held = document if isinstance(document, dict) else {"chains": [document]}
    chains, marks = held.get("chains"), held.get("trust_marks", ())
    if not isinstance(chains, list) or not chains or not all(_is_chain(one) for one in chains):
        raise Rejected.because("no_chains", "a list of signed statements is wanted, or an object with chains")
    return _registry(name, "", chains, marks, anchor_keys, at)


def from_anchor(name: str, anchor: str, anchor_keys: dict[str, Any], read: Read, at: datetime) -> Federated:
    """The registry of all that a trust anchor vouches for, asked at its own endpoints.

    Raises: Unavailable when the anchor does not answer; Rejected when its configuration is not its own.
    """
    configuration = _text(read, anchor.rstrip("/") + CONFIGURATION)
    endpoints = verified(configuration, anchor_keys).get("metadata", {}).get("federation_entity", {})
    listing, fetching = endpoints.get("federation_list_endpoint"), endpoints.get("federation_fetch_endpoint")
    if not listing or not fetching:
        raise Rejected.because("no_endpoints", f"{anchor} names no list and fetch endpoints")
    chains: list[list[str]] = []
    left_out: list[str] = []
    for member in json.loads(_text(read, listing))[:MOST_MEMBERS]:
        try:
            statement = _text(read, f"{fetching}?{urlencode({'sub': member})}")
        except Unavailable as error:
            left_out.append(f"{member}: {error.detail}")
        else:
            chains.append([*_own_configuration(member, read), statement, configuration])
    found = _registry(name, anchor, chains, (), anchor_keys, at)
    return Federated(found.registry, (*left_out, *found.left_out))


def _is_chain(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _registry(
    name: str, anchor: str, chains: Sequence[list[str]], marks: Sequence[str], keys: dict[str, Any], at: datetime
) -> Federated:
    issuers: dict[str, RegisteredIssuer] = {}
    left_out: list[str] = []
    ends: list[datetime] = []
    for number, chain in enumerate(chains):
        try:
            claims = verified_chain(chain, keys)
            vouched = [*marks, *_marks_of(claims[0])]
            issuer = registered(claims, verified_marks(claims[-1], vouched), at)
        except (RegistryFault, Rejected) as fault:
            left_out.append(f"chain {number}: {fault}")
        else:
            issuers[issuer.id] = issuer
            ends.append(chain_ends_at(claims))
    registry = Registry(
        id=name,
        kind="federation",
        url=anchor or None,
        checked_at=at,
        expires_at=min(ends, default=None),
        issuers=tuple(issuers.values()),
    )
    return Federated(registry, tuple(left_out))


def _marks_of(claims: dict[str, Any]) -> list[str]:
    """The trust marks that an entity shows in its own configuration."""
    shown = claims.get("trust_marks", ())
    return [one["trust_mark"] for one in shown if isinstance(one, dict) and isinstance(one.get("trust_mark"), str)]


def _own_configuration(member: str, read: Read) -> list[str]:
    """What an https entity says of itself; nothing for a DID, or one that does not answer."""
    if not member.startswith("https://"):
        return []
    try:
        return [_text(read, member.rstrip("/") + CONFIGURATION)]
    except Unavailable:
        return []


def _text(read: Read, address: str) -> str:
    try:
        return read(address).decode().strip()
    except (OSError, ValueError) as error:
        raise Unavailable(address, str(error) or type(error).__name__) from error
