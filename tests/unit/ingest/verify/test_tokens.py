"""Credentials as tokens: by which key they are checked, and what their claims say of the credential."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from services.runtime.errors import Rejected
from tests.builders.badges_2 import private_key
from tests.builders.credentials import (
    DOCUMENT,
    KEY,
    bare,
    codes,
    compact,
    documents,
    jws,
    said,
    signed,
    unpadded,
    verified,
)
from tests.builders.issuing import DID

ISSUER = "https://college.example/issuer"
JWK = {"kty": "OKP", "crv": "Ed25519", "x": unpadded(KEY.private.public_key().public_bytes_raw())}
CURVE = generate_private_key(SECP256R1())
PLAIN = {name: value for name, value in bare(issuer=ISSUER).items() if name != "credentialStatus"}


def _es256(words: bytes) -> bytes:
    r, s = decode_dss_signature(CURVE.sign(words, ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def _rs256(words: bytes) -> bytes:
    return private_key().sign(words, PKCS1v15(), SHA256())


def _jwk_of_curve() -> dict[str, str]:
    numbers = CURVE.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": unpadded(numbers.x.to_bytes(32)), "y": unpadded(numbers.y.to_bytes(32))}


def _jwk_of_rsa() -> dict[str, str]:
    numbers = private_key().public_key().public_numbers()
    return {"kty": "RSA", "n": unpadded(numbers.n.to_bytes(256)), "e": unpadded(numbers.e.to_bytes(3))}


@pytest.mark.parametrize(
    "algorithm, sign, jwk",
    [("EdDSA", KEY.private.sign, JWK), ("ES256", _es256, _jwk_of_curve()), ("RS256", _rs256, _jwk_of_rsa())],
)
def test_each_algorithm_is_checked_by_the_issuers_key(algorithm: str, sign: Any, jwk: dict[str, str]) -> None:
    """Named by `kid` in the issuer's profile or DID document; named by nothing, any key that the issuer gives."""
    profile = {"id": ISSUER, "verificationMethod": [{"id": f"{ISSUER}#k", "publicKeyJwk": jwk}]}
    for kid in ({"kid": f"{ISSUER}#k"}, {"kid": "#k"}, {"kid": "k"}, {}):
        found = verified(jws({"alg": algorithm, **kid}, PLAIN, sign), {ISSUER: profile})
        assert (said(found)["proof"], codes(found)["key"], found.tier) == (True, "named", 2)
    wrong = jws({"alg": "EdDSA" if algorithm != "EdDSA" else "ES256", "kid": f"{ISSUER}#k"}, PLAIN, sign)
    assert codes(verified(wrong, {ISSUER: profile}))["proof"] == "another_algorithm"


def test_a_key_at_an_address_of_its_own_is_the_issuers_only_by_the_issuers_word() -> None:
    """A JWK, a set of them, or a verification method; whose it is, its issuer's document says."""
    url = "https://keys.example/1"
    token = jws({"alg": "EdDSA", "kid": url}, PLAIN)
    for key in (JWK, {"keys": [JWK]}):
        assert codes(verified(token, {url: key}))["key"] == "issuer_unreachable"
        assert codes(verified(token, {url: key, ISSUER: {"id": ISSUER}}))["key"] == "not_named"
        assert codes(verified(token, {url: key, ISSUER: {"id": ISSUER, "assertionMethod": [url]}}))["key"] == "named"
    method = {"id": url, "controller": ISSUER, "publicKeyJwk": JWK}
    assert codes(verified(token, {url: method, ISSUER: {"id": ISSUER, "publicKey": [url]}}))["key"] == "named"
    other = method | {"controller": "https://stranger.example"}
    assert codes(verified(token, {url: other}))["key"] == "another_key"
    two = {"keys": [JWK | {"kid": "a"}, _jwk_of_curve() | {"kid": "b"}]}
    assert said(verified(token, {url: two}))["proof"] is False  # which one is not said


@pytest.mark.parametrize("change", [{"n": unpadded(b"\xff" * 4096)}, {"e": unpadded(b"\xff" * 64)}, {"n": "AQAB"}])
def test_a_key_that_would_cost_much_or_is_worth_little_is_no_key(change: dict[str, str]) -> None:
    """An RSA key of enormous or of few bits."""
    profile = {"id": ISSUER, "verificationMethod": [{"id": f"{ISSUER}#k", "publicKeyJwk": _jwk_of_rsa() | change}]}
    found = verified(jws({"alg": "RS256", "kid": f"{ISSUER}#k"}, PLAIN, _rs256), {ISSUER: profile})
    assert said(found)["proof"] is not True


def test_an_id_that_is_its_own_key_needs_no_document() -> None:
    """did:jwk, and did:key where the token names no method at all."""
    issuer = f"did:jwk:{unpadded(json.dumps(JWK).encode())}"
    found = verified(jws({"alg": "EdDSA", "kid": f"{issuer}#0"}, PLAIN | {"issuer": issuer}), {})
    assert (said(found)["proof"], said(found)["key"], found.tier) == (True, True, 2)
    own = f"did:key:{KEY.public.multikey}"
    assert verified(jws({"alg": "EdDSA"}, PLAIN | {"issuer": {"id": own}}), {}).tier == 2
    assert codes(verified(jws({"alg": "EdDSA", "kid": "did:jwk:x#0"}, PLAIN), {}))["proof"] == "bad_key"


def test_a_key_that_the_token_brings_along_is_nobodys() -> None:
    """Unless it is the one that the issuer names anyway."""
    token = jws({"alg": "EdDSA", "jwk": JWK}, PLAIN)
    assert (said(verified(token, {}))["proof"], codes(verified(token, {}))["key"]) == (True, "own_key")
    profile = {"id": ISSUER, "verificationMethod": [{"id": f"{ISSUER}#k", "publicKeyJwk": JWK}]}
    assert codes(verified(token, {ISSUER: profile}))["key"] == "named"


def test_the_claims_of_a_token_stand_for_what_its_credential_leaves_out() -> None:
    """VC 1.1: iss, jti, sub, nbf and exp are issuer, id, subject and dates."""
    left_out = ("issuer", "id", "validFrom", "credentialStatus", "@context")
    inner = {name: value for name, value in bare().items() if name not in left_out}
    inner["@context"] = ["https://www.w3.org/2018/credentials/v1", bare()["@context"][1]]
    inner["credentialSubject"] = {n: v for n, v in inner["credentialSubject"].items() if n != "id"}
    claims = {"iss": DID, "jti": "urn:one", "sub": "did:key:zAnn", "nbf": 1767225600, "exp": 1798761600, "vc": inner}
    found = verified(jws({"alg": "EdDSA", "kid": f"{DID}#{KEY.fragment}"}, claims))
    assert (said(found)["form"], said(found)["key"], said(found)["dates"]) == (True, True, True)
    assert (found.claims["id"], found.claims["subject"], found.claims["issuer"]) == ("urn:one", "did:key:zAnn", DID)


def test_a_token_may_come_in_an_envelope() -> None:
    """An EnvelopedVerifiableCredential, or an object with nothing else in it."""
    token = compact()
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }
    for payload in (envelope, {"compact_jws": token}):
        found = verified(payload)
        assert (found.document, found.tier) == (token, 2)


def test_a_transcript_may_be_made_of_tokens() -> None:
    """Each is verified as it would be alone; one that cannot be read says nothing."""
    transcript = signed(
        type=["VerifiableCredential", "ClrCredential"],
        credentialSubject={
            "type": ["ClrSubject"],
            "verifiableCredential": [
                compact(),
                "a.b.c",
                {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{compact()}"},
            ],
        },
    )
    assert [part.tier for part in verified(transcript).parts] == [2, 2]


def test_what_is_in_a_transcript_is_about_the_person_whom_that_is_about() -> None:
    """Somebody else's badge within is told; an endorsement is about something else and is not asked."""
    theirs = compact(credentialSubject={**bare()["credentialSubject"], "id": "did:key:z6MkBob"})
    praise = compact(type=["VerifiableCredential", "EndorsementCredential"], credentialSubject={"id": DID})
    for own, answers in (("did:key:z6MkA", [True, False, None]), ("did:key:z6MkBob", [False, True, None])):
        subject = {"id": own, "type": ["ClrSubject"], "verifiableCredential": [compact(), theirs, praise]}
        found = verified(signed(type=["VerifiableCredential", "ClrCredential"], credentialSubject=subject))
        assert [said(part)["subject"] for part in found.parts] == answers


def test_words_that_are_elsewhere_are_not_verified() -> None:
    """A detached payload, with or without the header that allows one."""
    header, _, signature = compact().split(".")
    with pytest.raises(Rejected) as refusal:
        verified(f"{header}..{signature}")
    assert refusal.value.first.code == "detached"
    unencoded = jws({"alg": "EdDSA", "kid": f"{DID}#{KEY.fragment}", "b64": False, "crit": ["b64"]}, bare())
    assert codes(verified(unencoded, documents()))["proof"] == "unknown_extension"


def test_a_document_of_somebody_else_names_no_key() -> None:
    """What stands at a DID's address is another's document: no key, no binding."""
    there = {DOCUMENT: documents()[DOCUMENT] | {"id": "did:web:stranger.example"}}
    assert said(verified(compact(), there))["proof"] is None
