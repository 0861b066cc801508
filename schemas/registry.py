"""Issuer registries: who says of whom that they are a known issuer, and which keys an issuer was seen to use.

One document holds all of it, so that a verifier needs no server: registries in the order of their authority, what the
operator decided itself, and the keys that were seen. `stepwell issuers list --json` writes it, `stepwell verify
--registry FILE` reads it. A registry says that an issuer is known to it, and nothing about quality, unless it states an
accreditation.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.values import Closed, Identifier, Instant, Label, Text

RegistryKind = Literal["static", "federation", "own"]
"""A DCC-style static list, an OpenID Federation, or a list that the operator keeps."""
Digest = Annotated[str, StringConstraints(pattern=r"^sha-256:[0-9a-f]{64}$")]


class Accreditation(Closed):
    """What a registry states about an issuer's quality: of which kind, by whom, until when."""

    type: Label
    by: Label
    url: Identifier | None = None
    until: Instant | None = None


class RegisteredIssuer(Closed):
    """One issuer as a registry knows it. `id` is what stands in a credential's `issuer`: a DID or an https URL."""

    id: Identifier
    name: Label | None = None
    legal_name: Label | None = None
    location: Label | None = None
    url: Identifier | None = None
    identifiers: tuple[Identifier, ...] = ()
    """Other ids of the same organisation: a CTID, a ROR id."""
    accreditations: tuple[Accreditation, ...] = ()


class Registry(Closed):
    """A list of issuers and where it comes from. After `expires_at` it is not believed any more, only reported."""

    id: Identifier
    kind: RegistryKind
    name: Label | None = None
    url: Identifier | None = None
    digest: Digest | None = None
    """Of the bytes it was read from."""
    checked_at: Instant | None = None
    expires_at: Instant | None = None
    issuers: tuple[RegisteredIssuer, ...] = ()


class Decision(Closed):
    """What the operator decided about one issuer. It goes before every registry."""

    issuer: Identifier
    trusted: bool
    name: Label | None = None
    reason: Text | None = None
    by: Label | None = None
    decided_at: Instant


class KnownKey(Closed):
    """A key that an issuer's own document named as its verification method, and when that was seen.

    `public_key` is a Multikey (`z6Mk...`) or a JWK as JSON text; `document` is the digest of the DID document or issuer
    profile that named it.
    """

    issuer: Identifier
    key_id: Identifier
    public_key: Identifier
    document: Digest | None = None
    first_seen: Instant
    last_seen: Instant


class Endorsement(Closed):
    """What somebody vouches for about an issuer or an achievement, by an endorsement whose signature was verified.

    It counts for as long as its own issuer is registered or trusted. Source: Open Badges 3.0, EndorsementCredential.
    """

    id: Identifier
    about: Identifier
    by: Identifier
    by_name: Label | None = None
    comment: Text | None = None
    digest: Digest
    verified_at: Instant
    valid_until: Instant | None = None


class Registries(Closed):
    """All that is known about issuers. The order of `registries` is their authority: the first that knows one tells."""

    registries: Annotated[tuple[Registry, ...], Field(max_length=1_000)] = ()
    decisions: tuple[Decision, ...] = ()
    keys: tuple[KnownKey, ...] = ()
    endorsements: tuple[Endorsement, ...] = ()
