"""Federation statements: a chain holds only by signatures, from the anchor's keys down."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from services.runtime.errors import Rejected
from services.runtime.federation import MARK, verified_chain, verified_marks
from tests.builders.federation import jwks, key, signed

ANCHOR, MIDDLE, LEAF, STRANGER = map(key, ("anchor", "middle", "leaf", "stranger"))


def _chain(leaf: OKPKey = LEAF, middle: OKPKey = MIDDLE, anchor: OKPKey = ANCHOR) -> list[str]:
    return [
        signed(leaf, {"iss": "l", "sub": "l"}),
        signed(middle, {"iss": "m", "sub": "l", "jwks": jwks(LEAF)}),
        signed(anchor, {"iss": "a", "sub": "m", "jwks": jwks(MIDDLE)}),
        signed(anchor, {"iss": "a", "sub": "a", "jwks": jwks(ANCHOR)}),
    ]


def test_each_statement_is_signed_with_a_key_that_the_one_above_names() -> None:
    """The claims come back, the issuer's first."""
    found = verified_chain(_chain(), jwks(ANCHOR))
    assert [(one["iss"], one["sub"]) for one in found] == [("l", "l"), ("m", "l"), ("a", "m"), ("a", "a")]


@pytest.mark.parametrize("at", ["leaf", "middle", "anchor"])
def test_a_stranger_signs_nothing(at: str) -> None:
    """At any place of the chain; the anchor's own word for its keys is not enough either."""
    with pytest.raises(Rejected, match="does not hold"):
        verified_chain(_chain(**{at: STRANGER}), jwks(ANCHOR))
    with pytest.raises(Rejected, match="does not hold"):
        verified_chain(_chain(), jwks(STRANGER))


def test_a_token_of_another_type_is_no_statement() -> None:
    """Else any token that the same key signed could pose as one."""
    chain = [signed(ANCHOR, {"iss": "a", "sub": "a"}, typ="JWT")]
    with pytest.raises(Rejected, match="typ must be"):
        verified_chain(chain, jwks(ANCHOR))


def test_the_older_name_of_the_algorithm_is_taken() -> None:
    """EdDSA, as federations wrote before RFC 9864; `none` and a shared secret are not."""
    with pytest.warns(SecurityWarning):
        token = signed(ANCHOR, {"iss": "a", "sub": "a"}, alg="EdDSA")
    assert verified_chain([token], jwks(ANCHOR)) == [{"iss": "a", "sub": "a"}]
    header = urlsafe_b64encode(b'{"alg":"none","typ":"entity-statement+jwt","kid":"anchor"}').rstrip(b"=").decode()
    with pytest.raises(Rejected, match="does not hold"):
        verified_chain([f"{header}.{token.split('.')[1]}."], jwks(ANCHOR))


def test_only_marks_that_the_anchor_signed_count() -> None:
    """A mark by another key, or in another's name, says nothing."""
    anchor = {"sub": "a", "jwks": jwks(ANCHOR)}
    good = signed(ANCHOR, {"iss": "a", "sub": "l"}, MARK)
    marks = [good, signed(STRANGER, {"iss": "a", "sub": "l"}, MARK), signed(ANCHOR, {"iss": "x"}, MARK), "rubbish"]
    assert verified_marks(anchor, marks) == [{"iss": "a", "sub": "l"}]
