"""An endorsement that our own verifier verified is taken in, as JSON or as a token; whatever it doubts is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.runtime.errors import Rejected
from services.runtime.issuing import secured
from services.tools.endorsed import endorsement_in
from tests.builders.credentials import AT, KEY, bare, documents, jws, verified
from tests.builders.issuing import DID

DIGEST = "sha-256:" + "0" * 64
ABOUT = "did:web:school.example"


def _endorsement(**more: Any) -> dict[str, Any]:
    """A praise of a school by the college, unsigned."""
    subject = {"id": ABOUT, "type": ["EndorsementSubject"], "endorsementComment": "In good standing"}
    return bare(type=["VerifiableCredential", "EndorsementCredential"], credentialSubject=subject, **more)


def _taken_in(credential: Any, there: Any = None) -> Any:
    content = credential.encode() if isinstance(credential, str) else json.dumps(credential).encode()
    answer = json.loads(json.dumps(verified(content, there).as_json(), default=str))
    return endorsement_in(content, answer, DIGEST, AT)


def _token(document: dict[str, Any]) -> str:
    return jws({"alg": "EdDSA", "kid": f"{DID}#{KEY.fragment}"}, document)


@pytest.mark.parametrize("is_token", [False, True])
def test_a_verified_endorsement_is_taken_in(is_token: bool) -> None:  # noqa: FBT001 - a table
    """With whom it is about, and whose it is."""
    found = _taken_in(_token(_endorsement()) if is_token else secured(_endorsement(), DID, KEY, AT))
    assert (found.about, found.by, found.comment) == (ABOUT, DID, "In good standing")


def test_a_token_of_the_old_kind_says_by_a_claim_whose_it_is() -> None:
    """VC 1.1: the issuer is the claim iss, the credential the claim vc."""
    left_out = {name: value for name, value in _endorsement().items() if name not in ("issuer", "validFrom")}
    inner = left_out | {"@context": ["https://www.w3.org/2018/credentials/v1", left_out["@context"][1]]}
    found = _taken_in(_token({"iss": DID, "nbf": 1767225600, "vc": inner}))
    assert (found.about, found.by) == (ABOUT, DID)


@pytest.mark.parametrize(
    "credential, there, stands_in_the_way",
    [
        (_endorsement(), None, "proof"),
        (secured(_endorsement(), DID, KEY, AT) | {"name": "Changed"}, None, "proof"),
        (secured(_endorsement(issuer="did:web:another.example"), DID, KEY, AT), None, "key"),
        (secured(_endorsement(), DID, KEY, AT), {}, "proof"),
        (secured(_endorsement(), DID, KEY, AT), documents(7), "status"),
        (secured(_endorsement(validUntil="2026-02-01T00:00:00Z"), DID, KEY, AT), None, "dates"),
    ],
)
def test_whatever_the_verifier_doubts_is_not_taken_in(credential: Any, there: Any, stands_in_the_way: str) -> None:
    """Unsigned, changed, of a key that nobody vouches for, taken back, or ended."""
    with pytest.raises(Rejected) as refusal:
        _taken_in(credential, there)
    assert refusal.value.first.detail.startswith(f"{stands_in_the_way}: ")
