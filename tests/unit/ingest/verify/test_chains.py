"""Proof sets and chains: one of a set is enough, and of a chain each proof must hold, over those before it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from services.core.issuing import Issuer
from services.ingest.verify.canonical import Canonicaliser
from services.runtime.issuing import Keyring, secured
from tests.builders.credentials import AT, bare, codes, documents, jcs_signed, rdfc_signed, said, signed, verified

STRANGER = Keyring.new(Issuer("did:web:witness.example", "A witness"), AT, lambda size: b"\x04" * size).current
WITNESS = f"did:key:{STRANGER.public.multikey}"


@pytest.fixture(scope="module")
def canonicaliser() -> Iterator[Canonicaliser]:
    """A canonicaliser that is up."""
    one = Canonicaliser(seconds=30)
    yield one
    one.close()


def _chained(document: dict[str, Any], canonicaliser: Canonicaliser | None) -> dict[str, Any]:
    """Signed by us, and then by us again over our first proof; by RDFC when a canonicaliser is given."""
    first = (
        rdfc_signed(canonicaliser, document, id="urn:first") if canonicaliser else jcs_signed(document, id="urn:first")
    )
    proof = first["proof"]
    over = {**document, "proof": [proof]}
    options = {"id": "urn:second", "previousProof": "urn:first"}
    second = rdfc_signed(canonicaliser, over, **options) if canonicaliser else jcs_signed(over, **options)
    return {**document, "proof": [proof, second["proof"]]}


@pytest.mark.parametrize("is_rdfc", [False, True])
def test_a_chain_holds_when_each_of_its_proofs_does(canonicaliser: Canonicaliser, is_rdfc: bool) -> None:  # noqa: FBT001
    """And falls with any: alone, the later one is over words that are not there."""
    whole = _chained(bare(), canonicaliser if is_rdfc else None)
    canonicaliser.afresh()
    assert said(verified(whole, documents(), canonicaliser=canonicaliser))["proof"] is True
    later = {**whole, "proof": whole["proof"][1:]}
    assert codes(verified(later, documents(), canonicaliser=canonicaliser))["proof"] == "broken_chain"
    spoiled = deepcopy(whole)
    spoiled["proof"][0]["created"] = "2020-01-01T00:00:00Z"
    assert said(verified(spoiled, documents(), canonicaliser=canonicaliser))["proof"] is False
    unchained = deepcopy(whole)
    del unchained["proof"][1]["previousProof"]
    unchained["proof"].pop(0)
    assert said(verified(unchained, documents(), canonicaliser=canonicaliser))["proof"] is False


def test_a_chain_that_leads_back_to_itself_is_broken() -> None:
    """However it is wound."""
    proof = signed()["proof"]
    ring = [{**proof, "id": f"urn:{n}", "previousProof": [f"urn:{(n + 1) % 3}"]} for n in range(3)]
    assert codes(verified(bare(proof=ring)))["proof"] == "broken_chain"
    itself = {**proof, "id": "urn:0", "previousProof": "urn:0"}
    assert codes(verified(bare(proof=itself)))["proof"] == "broken_chain"


def test_of_a_set_the_issuers_own_proof_is_the_one_that_counts() -> None:
    """A witness may sign as well, before or after; it makes nobody else the issuer."""
    own = signed()["proof"]
    witness = replace(STRANGER, fragment=STRANGER.public.multikey)
    theirs = secured(bare(), WITNESS, witness, AT)["proof"]
    for proofs in ([theirs, own], [own, theirs]):
        assert verified(bare(proof=proofs)).tier == 2
    alone = verified(bare(proof=theirs))
    assert (said(alone)["proof"], codes(alone)["key"]) == (True, "another_key")


def test_a_proof_that_has_ended_holds_no_longer() -> None:
    """By its own `expires`, signed with it."""
    document = jcs_signed(bare(), expires="2026-02-01T00:00:00Z")
    assert codes(verified(document))["proof"] == "proof_expired"
    assert said(verified(jcs_signed(bare(), expires="2027-02-01T00:00:00Z")))["proof"] is True
    assert codes(verified(jcs_signed(bare(), expires="whenever")))["proof"] == "proof_expired"
