"""Statements of an OpenID Federation, checked: every one signed with a key that the statement above it names.

The keys of the trust anchor come from the operator, never from the network. Only asymmetric algorithms are taken, and
only tokens that say they are entity statements, so that no other token of the same key can pose as one.
Source: OpenID Federation 1.0, section 10.2, https://openid.net/specs/openid-federation-1_0.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from services.runtime.errors import Rejected

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
STATEMENT = "entity-statement+jwt"
MARK = "trust-mark+jwt"
MAX_BYTES = 256 * 1024
"""Largest statement."""
Claims = dict[str, Any]


class _Registry(JWSRegistry):
    """The algorithms of `ALGORITHMS` and no other; federations still say EdDSA where RFC 9864 now says Ed25519."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name] if name == "EdDSA" else super().get_alg(name)


def verified_chain(tokens: Sequence[str], anchor_keys: dict[str, Any]) -> list[Claims]:
    """The claims of a trust chain's statements, the issuer's first, the anchor's configuration last.

    `anchor_keys` is the anchor's JWKS as the operator has it. Raises: Rejected when a signature does not hold.
    """
    keys, found = anchor_keys, list[Claims]()
    for token in reversed(tokens):
        claims = verified(token, keys)
        found.append(claims)
        keys = claims.get("jwks") or {}
    return found[::-1]


def verified_marks(anchor: Claims, marks: Sequence[str]) -> list[Claims]:
    """The claims of those trust marks that the anchor signed; others say nothing here and are left out."""
    found: list[Claims] = []
    for mark in marks:
        try:
            claims = verified(mark, anchor.get("jwks") or {}, MARK)
        except Rejected:
            continue
        if claims.get("iss") == anchor.get("sub"):
            found.append(claims)
    return found


def verified(token: str, keys: dict[str, Any], type_: str = STATEMENT) -> Claims:
    """The claims of one signed statement.

    Raises: Rejected when it is not of the type, names no key of `keys`, or was not signed with it.
    """
    registry = _Registry(algorithms=list(ALGORITHMS))
    registry.max_header_length = registry.max_payload_length = MAX_BYTES
    if len(token) > MAX_BYTES:
        raise Rejected.because("statement_too_large", f"a statement may have {MAX_BYTES} octets")
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]  # a dict is one
    except (JoseError, ValueError, TypeError, KeyError) as error:
        reason = str(error) or type(error).__name__
        raise Rejected.because(
            "statement_not_verified", f"the statement's signature does not hold: {reason}"
        ) from error
    if decoded.header.get("typ") != type_:
        raise Rejected.because("statement_of_other_type", f"typ must be {type_}, not {decoded.header.get('typ')}")
    return dict(decoded.claims)
