"""An independent verifier says of signatures what ours says, but for differences that are explained one by one."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from services.ingest.verify.canonical import Canonicaliser
from tests.builders.credentials import (
    KEY,
    bare,
    compact,
    documents,
    jcs_signed,
    jws,
    rdfc_signed,
    said,
    signed,
    verified,
)
from tests.builders.issuing import DID, NOT_VERIFIED, verified_elsewhere
from tests.conformance.cross_check import DOCUMENT, FIXTURES, compared, elsewhere, page

SPELLED = f"did:key:{KEY.public.multikey}#{KEY.public.multikey}"


@pytest.fixture(scope="module")
def canonicaliser() -> Iterator[Canonicaliser]:
    """A canonicaliser that has time."""
    one = Canonicaliser(seconds=30)
    yield one
    one.close()


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the published credentials are not part of the repository")
def test_every_difference_is_explained_where_people_read_it() -> None:
    """None is a contradiction, each has its reason, and the page is what comes out."""
    found = list(compared(FIXTURES))
    assert [one for one in found if one.contradicts or (one.differs and not one.explained)] == []
    assert DOCUMENT.read_text("utf-8") == page(found)


@pytest.mark.parametrize("is_rdfc", [False, True])
def test_both_say_the_same_of_what_is_signed_here(canonicaliser: Canonicaliser, is_rdfc: bool) -> None:  # noqa: FBT001
    """And of what was changed since."""
    document = {name: value for name, value in bare().items() if name != "credentialStatus"}
    options = {"verificationMethod": SPELLED}
    whole = rdfc_signed(canonicaliser, document, **options) if is_rdfc else jcs_signed(document, **options)
    changed = deepcopy(whole)
    changed["credentialSubject"]["achievement"]["name"] = "Something grander"
    for one in (whole, changed):
        canonicaliser.afresh()
        assert said(verified(one, canonicaliser=canonicaliser))["proof"] is elsewhere(one)[0] is (one is whole)


@pytest.mark.parametrize("credential", [signed(), compact()])
def test_what_is_issued_here_is_verified_elsewhere(credential: Any) -> None:
    """With the issuer's document and status list; not once it was taken back, and not when it was changed."""
    assert verified(credential).tier == 2
    assert verified_elsewhere(credential, documents().__getitem__) == DID
    with pytest.raises(NOT_VERIFIED):
        verified_elsewhere(credential, documents(7).__getitem__)
    other = jws({"alg": "EdDSA", "kid": f"{DID}#{KEY.fragment}"}, bare(), lambda words: KEY.private.sign(words + b" "))
    changed = other if isinstance(credential, str) else credential | {"validFrom": "2020-01-01T00:00:00Z"}
    assert said(verified(changed))["proof"] is False
    with pytest.raises(NOT_VERIFIED):
        verified_elsewhere(changed, documents().__getitem__)
