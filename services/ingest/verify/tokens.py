"""Credentials as tokens (VC-JWT): the signature, the claims that repeat the credential, and whose key it was.

Algorithms are RS256, ES256 and EdDSA (or Ed25519, its newer name), by the key and never by what the header asks for;
`none` and symmetric ones are not known. A key inside the token proves nothing about the issuer.
Source: Open Badges 3.0, section 8.2; RFC 8725.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.core import base64url
from services.core.trust import Answer, no, unknown
from services.ingest.verify.documents import Document, document_from, id_of
from services.ingest.verify.keys import Keys, Method
from services.ingest.verify.multikeys import Key, from_jwk
from services.ingest.verify.proofs import NO_KEY, OTHER, Checked, best, sound, unsound, untold, without_key
from services.runtime.errors import Rejected

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
_CURVES = {"RS256": "RSA", "ES256": "P-256", "EdDSA": "Ed25519", "Ed25519": "Ed25519"}


@dataclass(frozen=True, slots=True)
class Token:
    """A token read and not yet believed."""

    compact: str
    header: Document
    claims: Document

    @property
    def credential(self) -> Document:
        """The credential: the claim `vc` with what other claims say of it, or the claims themselves (VC 2.0)."""
        inner = self.claims.get("vc")
        return _with_claims(inner, self.claims) if isinstance(inner, dict) else self.claims

    def validity(self, at: datetime) -> Answer | None:
        """What the claims `nbf` and `exp` say against it at an instant; None when nothing."""
        begins, ends = self.claims.get("nbf"), self.claims.get("exp")
        if any(
            one is not None and (isinstance(one, bool) or not isinstance(one, int | float)) for one in (begins, ends)
        ):
            return unknown("bad_date", "a date of the token cannot be read", at)
        if begins is not None and begins > at.timestamp():
            return no("not_yet_valid", "the token is not yet in force", at)
        if ends is not None and ends <= at.timestamp():
            return no("expired", "the token has ended", at)
        return None

    def contradiction(self) -> str | None:
        """The first registered claim that says otherwise than the credential."""
        said = self.credential
        pairs = (("iss", id_of(said.get("issuer"))), ("jti", said.get("id")), ("sub", _subject(said)))
        for claim, member in pairs:
            if claim in self.claims and member is not None and self.claims[claim] != member:
                return claim
        return None


def token_from(compact: str) -> Token:
    """The parts of a compact JWS.

    Raises: Rejected when they are no JSON objects.
    """
    header, claims, _ = compact.split(".")
    if not claims:
        raise Rejected.because("detached", "this token has its words elsewhere, so there is nothing to verify")
    return Token(compact, _part(header), _part(claims))


def checked(token: Token, keys: Keys) -> Checked:
    """Whether the token's signature holds, and by which method."""
    if token.header.get("alg") not in ALGORITHMS:
        return unsound("another_algorithm", f"tokens are signed with {', '.join(ALGORITHMS)}")
    if token.header.get("crit"):
        return untold("unknown_extension", "the header demands an extension that is not known here")
    return _by_method(token, keys)


def _by_method(token: Token, keys: Keys) -> Checked:
    found = signed_by(token, _methods(token, keys))
    own = token.header.get("jwk")
    if found.holds is None and isinstance(own, dict):
        return _by_own_key(token, own)
    return found


def _methods(token: Token, keys: Keys) -> Iterator[Method]:
    """By whom it may have been signed: the method that the header names, or any that its issuer gives."""
    kid = token.header.get("kid")
    issuer = id_of(token.credential.get("issuer"))
    if isinstance(kid, str):
        yield keys.method(_absolute(kid, issuer))
    elif issuer is not None:
        yield from keys.of_issuer(issuer)


def signed_by(token: Token, methods: Iterable[Method]) -> Checked:
    """Whether one of these methods signed."""
    return best([_of_method(token, method) for method in methods]) or untold("no_key", NO_KEY)


def _of_method(token: Token, method: Method) -> Checked:
    if method.key is None:
        return without_key(method)
    return _verified(token, method.key, method)


def _by_own_key(token: Token, jwk: Document) -> Checked:
    """By the key that the token brings along: nobody's, as far as we know."""
    try:
        return _verified(token, from_jwk(jwk), Method("", "the token itself", None, is_named=None))
    except ValueError:
        return unsound("bad_key", "the key in the header cannot be read")


def _verified(token: Token, key: Key, method: Method) -> Checked:
    algorithm = token.header["alg"]
    if _CURVES.get(algorithm) != key.curve:
        return unsound("another_algorithm", "the key is not of the algorithm that the header names", method)
    said, _, signature = token.compact.rpartition(".")
    try:
        is_signed = key.signed(base64url.decoded(signature), said.encode())
    except ValueError:
        return unsound("another_signature", "the signature is no base64url", method)
    return sound(algorithm, method) if is_signed else unsound("another_signature", OTHER, method)


def _absolute(kid: str, issuer: str | None) -> str:
    """The method that a header names: an address, or a fragment of the issuer's own."""
    return kid if ":" in kid or issuer is None else f"{issuer}#{kid.removeprefix('#')}"


def _subject(credential: Document) -> str | None:
    subject = credential.get("credentialSubject")
    return id_of(subject) if isinstance(subject, Mapping) else None


def _with_claims(credential: Document, claims: Document) -> Document:
    """A VC 1.1 credential in which the registered claims stand for members that it leaves out.

    Source: W3C VC 1.1, section 6.3.1 (JWT decoding).
    """
    begins, ends = claims.get("nbf"), claims.get("exp")
    told = {
        "issuer": claims.get("iss"),
        "id": claims.get("jti"),
        "issuanceDate": None if "validFrom" in credential else _instant(begins),
        "expirationDate": None if "validUntil" in credential else _instant(ends),
    }
    subject, who = credential.get("credentialSubject"), claims.get("sub")
    made = {name: value for name, value in told.items() if value is not None} | credential
    if isinstance(subject, dict) and "id" not in subject and isinstance(who, str):
        made["credentialSubject"] = {"id": who, **subject}
    return made


def _instant(seconds: Any) -> str | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _part(text: str) -> Document:
    try:
        return document_from(base64url.decoded(text).decode())
    except (ValueError, UnicodeDecodeError) as error:
        raise Rejected.because("not_a_token", "this is no compact JWS: its parts are no JSON") from error
