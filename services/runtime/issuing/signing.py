"""Signatures under credentials: Data Integrity with eddsa-jcs-2022, and VC-JWT with EdDSA.

Source: W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.3, https://www.w3.org/TR/vc-di-eddsa/; Open Badges 3.0,
section 8.2 (JSON Web Token proof format), https://www.imsglobal.org/spec/ob/v3p0/
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

import rfc8785
from orjson import dumps

from services.core import base64url
from services.core.issuing.multibase import base58
from services.runtime.issuing.keyring import SigningKey

SUITE = "eddsa-jcs-2022"


def secured(document: dict[str, Any], did: str, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The document with a Data Integrity proof over all of it; a proof that it has is not looked at."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    options: dict[str, Any] = {
        "@context": bare["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": f"{did}#{key.fragment}",
        "proofPurpose": "assertionMethod",
    }
    digest = sha256(rfc8785.dumps(options)).digest() + sha256(rfc8785.dumps(bare)).digest()
    return {**bare, "proof": {**options, "proofValue": base58(key.private.sign(digest))}}


def token(document: dict[str, Any], did: str, key: SigningKey) -> str:
    """The document as a VC-JWT, with the registered claims that repeat what it says."""
    claims = {name: value for name, value in document.items() if name != "proof"}
    claims |= {"iss": did, "jti": document["id"], "nbf": _seconds(document["validFrom"])}
    if "id" in document["credentialSubject"]:
        claims["sub"] = document["credentialSubject"]["id"]
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"])
    header = {"alg": "EdDSA", "typ": "JWT", "kid": f"{did}#{key.fragment}"}
    signed = f"{base64url.encoded(dumps(header))}.{base64url.encoded(dumps(claims))}"
    return f"{signed}.{base64url.encoded(key.private.sign(signed.encode()))}"


def _seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
