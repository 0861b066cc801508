"""Whatever the documents behind a credential say, it is answered, and none of them makes a broken signature hold."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.badges_2 import ASSERTION, BADGE, ISSUER, KEY, REVOKED, assertion, signed_assertion, site
from tests.builders.credentials import DOCUMENT, LIST, compact, documents, said, signed, verified

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from([ISSUER, BADGE, KEY, "Issuer"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "uid"]), inner, max_size=3)
    ),
    max_leaves=6,
)
MEMBERS = {
    ISSUER: ("id", "type", "name", "publicKey", "revocationList", "verification", "revoked"),
    BADGE: ("id", "type", "name", "issuer", "criteria"),
    KEY: ("id", "type", "owner", "publicKeyPem", "publicKeyJwk", "kty", "keys"),
    REVOKED: ("id", "issuer", "revokedAssertions"),
    ASSERTION: ("id", "type", "recipient", "badge", "issuedOn", "expires", "revoked", "verification", "image"),
    DOCUMENT: ("id", "verificationMethod", "assertionMethod", "publicKey", "keys", "kty"),
    LIST: ("type", "issuer", "validFrom", "credentialSubject", "proof", "@context"),
}
"""Address -> members of the document there."""
PLACES = st.sampled_from([(place, name) for place, names in MEMBERS.items() for name in names])


@settings(max_examples=80, deadline=None)
@given(place=PLACES, value=VALUES)
def test_whatever_an_address_says_is_answered(place: tuple[str, str], value: Any) -> None:
    """Nothing is raised, and a tier that needs the issuer's word is not had without."""
    there = {**site(), **documents()}
    there[place[0]] = {**there[place[0]], place[1]: value}
    for credential in (assertion(), signed_assertion(), signed(), compact()):
        found = verified(credential, there)
        assert found.tier <= 2
        assert found.tier < 2 or (said(found)["proof"], said(found)["key"]) == (True, True)
