"""Links to credentials that are kept: to whom they open, until when, and what they show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from schemas.registry import Registries
from services.core.seals import Seal, Sealed
from services.ingest.verify.at_hand import AtHand
from services.ingest.verify.fetching import offline
from services.ingest.verify.kept import KeptLinks
from services.ingest.verify.service import Verifying
from tests.builders.credentials import AT, signed

DIGEST = "sha-256:" + "0" * 64
SEAL = Seal("s" * 32)
LINK = SEAL.close(Sealed(DIGEST, AT + timedelta(days=1)))
KEPT = {DIGEST: json.dumps(signed()).encode()}


def links(kept: Mapping[str, bytes], seal: Seal | None = SEAL, after: timedelta = timedelta(0)) -> KeptLinks:
    """Links over credentials by digest, opened some time after they were made."""
    verifying = Verifying(offline, AtHand(Registries), lambda _: None, lambda: AT)
    return KeptLinks(seal, lambda digest: [kept[digest]] if digest in kept else [], verifying, lambda: AT + after)


async def test_a_link_has_the_credential_checked_and_shows_no_more_than_its_claims() -> None:
    """With the answers of that moment and the end of the link; its text, in which there may be more, stays here."""
    found = await links(KEPT).checked(LINK)
    assert found is not None
    told = found.as_json()
    assert told["credential"]["issuer"] == "did:web:college.example"
    assert told["answers"]["form"]["answer"] is True
    assert (told["document"], told["link_ends_at"]) == ("", AT + timedelta(days=1))


async def test_a_link_leads_nowhere_once_it_is_over_or_its_credential_erased() -> None:
    """Nor does one that another secret sealed, or any here while there is no secret."""
    nowhere = [
        links(KEPT, after=timedelta(days=1)),
        links({}),
        links(KEPT, Seal("t" * 32)),
        links(KEPT, None),
    ]
    assert [await each.checked(LINK) for each in nowhere] == [None] * 4
    assert await links(KEPT).checked(f"{LINK[:-1]}x") is None
    assert await links(KEPT).checked(DIGEST) is None
