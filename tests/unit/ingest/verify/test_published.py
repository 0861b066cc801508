"""Credentials that others published come out as their manifest says, and a lost child is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.ingest.verify.canonical import Canonicaliser, NotCanonical
from tests.builders.hostile import poison
from tests.conformance.credentials import expected_of, rows

FIXTURES = Path(__file__).parents[5] / "shared" / "fixtures"


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the published credentials are not part of the repository")
def test_every_published_credential_is_judged_as_its_manifest_says() -> None:
    """With the network off."""
    found = list(rows(FIXTURES))
    assert len(found) > 70
    assert [str(row) for row in found if row.wrong] == []


def test_what_is_expected_is_read_off_the_verdict() -> None:
    """So that the table can be wrong."""
    assert expected_of("INVALID signature") == {"proof": False}
    assert expected_of("expired; issuer in oidf") == {"proof": True, "dates": False}
    assert expected_of("valid; needs https://w3id.org/citizenship/v4rc1 context") == {"proof": None}
    assert expected_of("REVOKED (bit set); issuer in oidf") == {"proof": True, "status": False}
    assert expected_of("INVALID expired", "openbadges/ob20/x.json") == {
        "form": True,
        "proof": True,
        "dates": False,
        "key": True,
    }


def test_a_canonicaliser_that_died_is_replaced() -> None:
    """Killed between two documents, and closed at last."""
    one = Canonicaliser()
    document = {"@context": "https://www.w3.org/ns/credentials/v2", "id": "urn:x", "type": "VerifiableCredential"}
    first = one.canonical(document)
    child = one._child  # noqa: SLF001 - nobody else has its process
    child.kill()
    child.wait()
    assert one.canonical(document) == first
    with pytest.raises(NotCanonical) as error:
        one.canonical({"@context": "https://nowhere.example/context"})
    assert error.value.reason == "unknown_context"
    one.close()


def test_who_has_spent_the_second_of_a_credential_gets_no_other_child() -> None:
    """However many proofs and parts it has: what is hostile once is not begun again."""
    one = Canonicaliser()
    document = {"@context": "https://www.w3.org/ns/credentials/v2", "id": "urn:x", "type": "VerifiableCredential"}
    bare = {name: value for name, value in poison().items() if name != "proof"}
    for _ in range(2):
        with pytest.raises(NotCanonical) as error:
            one.canonical(bare)
        assert error.value.reason == "too_complex"
        assert one._child is None  # noqa: SLF001 - as above
    one.afresh()
    assert one.canonical(document).quads
    one.close()
