"""No signed word can be changed: whatever differs from what was signed has no proof that holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.verify.canonical import Canonicaliser
from services.runtime.errors import Rejected
from tests.builders.credentials import bare, compact, jcs_signed, rdfc_signed, said, signed, verified

TEXT = json.dumps(signed())
TOKEN = compact()
LETTERS = st.characters(codec="ascii", categories=["L", "N", "P"])
LAWS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LAWS
@given(place=st.integers(0, len(TEXT) - 1), letter=LETTERS)
def test_no_letter_of_a_signed_document_can_be_changed(place: int, letter: str) -> None:
    """What is still JSON and still says the same is the same; all else does not hold, or cannot be told."""
    changed = TEXT[:place] + letter + TEXT[place + 1 :]
    try:
        found = verified(changed)
    except Rejected:
        return
    assert said(found)["proof"] is not True or json.loads(changed) == json.loads(TEXT)


@LAWS
@given(place=st.integers(0, len(TOKEN) - 1), letter=LETTERS)
def test_no_letter_of_a_token_can_be_changed(place: int, letter: str) -> None:
    """Header, claims or signature; the last letter of each may spell the same octets."""
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    try:
        found = verified(changed)
    except Rejected:
        return
    assert said(found)["proof"] is not True or _octets(changed) == _octets(TOKEN)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a document says something, its proof and its contexts apart."""
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if path or name not in ("proof", "@context"):
                yield from _leaves(inner, (*path, name))
    elif path[-1] != "hashed":  # as true as any other word to whoever reads it as a text
        yield path


@pytest.fixture(scope="module")
def canonicaliser() -> Iterator[Canonicaliser]:
    """One that is up, and has time."""
    one = Canonicaliser(seconds=30)
    yield one
    one.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(is_rdfc=st.booleans(), data=st.data())
def test_whatever_a_signed_document_says_cannot_be_changed(
    canonicaliser: Canonicaliser,
    is_rdfc: bool,  # noqa: FBT001 - drawn
    data: st.DataObject,
) -> None:
    """By either way of signing: the proof is false, and not merely unknown."""
    whole = rdfc_signed(canonicaliser, bare()) if is_rdfc else jcs_signed(bare())
    path = data.draw(st.sampled_from(list(_leaves(whole))))
    changed = deepcopy(whole)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = f"{inner[path[-1]]}x"
    canonicaliser.afresh()
    assert said(verified(changed, canonicaliser=canonicaliser))["proof"] is False
    assert said(verified(whole, canonicaliser=canonicaliser))["proof"] is True


def _octets(token: str) -> list[int]:
    """The parts without the bits that base64url leaves over."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    numbers = []
    for part in token.split("."):
        bits = "".join(f"{alphabet.index(letter):06b}" for letter in part)
        numbers.append(int(bits[: len(bits) // 8 * 8], 2))
    return numbers


@LAWS
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8)
        | st.sampled_from(["Assertion", "BadgeClass", "Issuer", "ClrCredential", "OpenBadgeCredential", "a.b.c"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@context",
                        "type",
                        "issuer",
                        "credentialSubject",
                        "proof",
                        "credentialStatus",
                        "id",
                        "validFrom",
                        "verificationMethod",
                        "proofValue",
                        "cryptosuite",
                        "proofPurpose",
                        "endorsement",
                        "endorsementJwt",
                        "verifiableCredential",
                        "achievement",
                        "association",
                        "identifier",
                        "previousProof",
                        "badge",
                        "recipient",
                        "verification",
                        "image",
                        "expires",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_comes_is_answered_or_refused(document: Any) -> None:
    """Nothing but `Rejected` is ever raised, and nothing arbitrary has a proof that holds."""
    one = Canonicaliser(seconds=0.5)
    try:
        found = verified(document if isinstance(document, dict) else {"credentialSubject": document}, canonicaliser=one)
    except Rejected:
        return
    finally:
        one.close()
    assert said(found)["proof"] is not True
