"""Signed statements: a JWS among the attachments that says the same as the statement.

The signature is checked against the certificate in its own header where there is one; whose certificate that is, this
does not say. Source: xAPI 1.0.3 Data 2.6; RFC 7515.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.x509 import load_der_x509_certificate

from services.core import base64url
from services.ingest.dialects.xapi.forms import Wrong
from services.ingest.dialects.xapi.rules import fault_of
from services.ingest.lrs.frames import Attachment
from services.ingest.lrs.same import is_same, stated

USAGE = "http://adlnet.gov/expapi/attachments/signature"
_HASHES: dict[str, type[HashAlgorithm]] = {"RS256": SHA256, "RS384": SHA384, "RS512": SHA512}
_PARTS = 3
_decode = msgspec.json.Decoder().decode


def check_signatures(
    statement: Mapping[str, Any], attachments: Mapping[str, Attachment], *, is_version_2: bool
) -> None:
    """Return when every signature that came along with a valid statement is well made and says what it says.

    Raises: Wrong, its path within the statement.
    """
    for position, described in enumerate(statement.get("attachments", ())):
        if described["usageType"] != USAGE:
            continue
        try:
            _check(statement, described, attachments.get(described["sha2"]), is_version_2=is_version_2)
        except Wrong as wrong:
            wrong.path.extend((str(position), "attachments"))
            raise


def _check(
    statement: Mapping[str, Any], described: Mapping[str, Any], data: Attachment | None, *, is_version_2: bool
) -> None:
    if described["contentType"].partition(";")[0].strip().lower() != "application/octet-stream":
        raise Wrong("signature", "must be application/octet-stream, as this is a signature", "contentType")
    if data is None:
        return
    header, payload, signed, signature = _parts(data.content)
    algorithm = header.get("alg")
    if algorithm not in _HASHES:
        raise Wrong("signature", "holds a signature whose alg is none of RS256, RS384, RS512")
    if fault_of(payload, is_version_2=is_version_2) is not None or not _says_the_same(payload, statement):
        raise Wrong("signature", "holds a signature of something else than this statement")
    if header.get("x5c"):
        _verify(header["x5c"], _HASHES[algorithm](), signed, signature)


def _parts(jws: bytes) -> tuple[dict[str, Any], Any, bytes, bytes]:
    """Header, payload, what was signed, and the signature of a JWS in compact form."""
    parts = jws.strip().split(b".")
    if len(parts) != _PARTS:
        raise Wrong("signature", "holds no JWS in compact form")
    try:
        header, payload = (_decode(base64url.decoded(part)) for part in parts[:2])
        signature = base64url.decoded(parts[2])
    except (ValueError, RecursionError) as error:
        raise Wrong("signature", "holds a JWS whose header or payload is no JSON") from error
    if not isinstance(header, dict):
        raise Wrong("signature", "holds a JWS whose header is no object")
    return header, payload, b".".join(parts[:2]), signature


def _says_the_same(payload: Mapping[str, Any], statement: Mapping[str, Any]) -> bool:
    has_other_id = "id" in payload and "id" in statement and payload["id"].lower() != statement["id"].lower()
    return not has_other_id and is_same(stated(statement), stated(payload))


def _verify(chain: Any, algorithm: HashAlgorithm, signed: bytes, signature: bytes) -> None:
    try:
        key = load_der_x509_certificate(b64decode(chain[0])).public_key()
        if not isinstance(key, RSAPublicKey):
            raise Wrong("signature", "holds a signature whose certificate has no RSA key")
        key.verify(signature, signed, PKCS1v15(), algorithm)
    except (ValueError, TypeError, LookupError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise Wrong("signature", "holds a signature that its certificate does not verify") from error
