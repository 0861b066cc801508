"""A completed stack as an Open Badges 3.0 credential, before it is signed."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from services.core.issuing import Issuer, Status, credential_id, unsigned
from services.core.issuing.achievement import as_uri
from tests.builders.issuing import CATALOG, DID, completed

ISSUER = Issuer(DID, "The College", "https://college.example")
STATUS = Status("https://college.example/status/1", 7)


def _made(subject: str = "ann", **changes: Any) -> dict[str, Any]:
    return unsigned(completed(catalog=CATALOG | changes), ISSUER, subject, STATUS, "salt")


def test_a_credential_says_what_the_stack_and_the_catalog_say() -> None:
    """Whole, and nothing that they do not say."""
    made = _made()
    assert made == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": credential_id(DID, completed()),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": DID, "type": ["Profile"], "name": "The College", "url": "https://college.example"},
        "validFrom": "2026-05-02T00:00:00Z",
        "awardedDate": "2026-05-02T00:00:00Z",
        "name": "The Certificate",
        "credentialSubject": {
            "id": "urn:stepwell:worker:ann",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:stepwell:achievement:certificate",
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": "The Certificate",
                "description": "does it all",
                "criteria": {
                    "narrative": "All requirements of The Stack, version 1.",
                    "id": "https://college.example/s",
                },
                "fieldOfStudy": "it",
                "creditsAvailable": 12.0,
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "all",
                        "targetUrl": "https://skills.example/all",
                        "targetFramework": "Skills",
                    }
                ],
            },
        },
        "evidence": [
            {
                "id": "urn:award:a",
                "type": ["Evidence"],
                "name": "Alpha",
                "narrative": "Issued by The College on 2026-05-01; serves /all/0 of the requirements.",
                "genre": "award",
            },
            {
                "id": "urn:award:b",
                "type": ["Evidence"],
                "name": "Beta",
                "narrative": "Issued by The College on 2026-05-02; serves /all/1 of the requirements.",
                "genre": "award",
            },
        ],
        "credentialStatus": {
            "id": "https://college.example/status/1#7",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": "https://college.example/status/1",
        },
    }


def test_an_address_is_written_as_a_salted_hash() -> None:
    """Of the address in small letters; the address itself is nowhere. Source: Open Badges 3.0, IdentityObject."""
    made = _made("mailto:Ann@College.example")
    assert "ann@college.example" not in repr(made).lower()
    (identity,) = made["credentialSubject"]["identifier"]
    assert identity["identityHash"] == "sha256$" + sha256(b"ann@college.examplesalt").hexdigest()
    assert "id" not in made["credentialSubject"]


@pytest.mark.parametrize("subject", ["did:key:z6MkA", "https://people.example/ann", "urn:uuid:1"])
def test_a_subject_with_a_uri_keeps_it(subject: str) -> None:
    """Only other ids become URNs of ours."""
    assert _made(subject)["credentialSubject"]["id"] == subject


def test_a_stack_that_is_renewed_ends() -> None:
    """The credential is valid as long as the completion is."""
    (stack,) = CATALOG["stacks"]
    made = _made(stacks=[stack | {"renewal": {"period": "P3Y"}}])
    assert made["validUntil"] == "2029-05-02T00:00:00Z"


def test_a_stack_that_awards_nothing_is_itself_the_achievement() -> None:
    """Under its own id and title."""
    (stack,) = CATALOG["stacks"]
    bare = {name: value for name, value in stack.items() if name not in {"awards", "source"}}
    achievement = _made(stacks=[bare])["credentialSubject"]["achievement"]
    assert (achievement["id"], achievement["name"]) == ("urn:stepwell:achievement:s", "The Stack")
    assert achievement["description"] == "Awarded for completing The Stack."
    assert "id" not in achievement["criteria"]


def test_one_completion_has_one_id() -> None:
    """Another worker, issuer or moment has another; this one is pinned, since it is for ever."""
    assert credential_id(DID, completed()) == "urn:uuid:d63f77df-5420-55ed-8590-e64ea0db8d27"
    assert credential_id(DID, completed("bob")) != credential_id(DID, completed())
    assert credential_id("did:web:b.example", completed()) != credential_id(DID, completed())


def test_what_is_not_complete_is_not_issued() -> None:
    """With the worker's standing as the reason."""
    with pytest.raises(ValueError, match="s is in_progress for ann"):
        completed("ann", CATALOG, "a")


def test_ids_that_are_no_uris_are_encoded() -> None:
    """So that a URN of ours is always one."""
    assert as_uri("a b/c", "achievement") == "urn:stepwell:achievement:a%20b%2Fc"
