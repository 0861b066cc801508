"""Identity end to end: addresses become pseudonyms, salted hashes find theirs, and who is erased is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import Any

import pytest

from tests.builders.statements import statement
from tests.integration.ingest.harness import XAPI as XAPI_HEADERS
from tests.integration.ingest.staging import Stage

ADDRESS = "ana.keel@example.org"
MBOX = f"mailto:{ADDRESS}"


def award(number: int, account: dict[str, Any]) -> dict[str, Any]:
    """An award that no other equals."""
    about = {"achievement": {"id": "a"}, "award_id": str(number), "account": account}
    return {"kind": "award", "occurred_at": "2025-06-01T00:00:00Z", **about}


def badge(salt: str) -> dict[str, Any]:
    """An Open Badge for whoever has the address, which it tells as a salted hash only."""
    identity = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": "sha256$" + sha256(f"{ADDRESS}{salt}".encode()).hexdigest(),
        "identityType": "emailAddress",
        "salt": salt,
    }
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"https://harbour.example/credentials/{salt}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": "https://harbour.example/issuer",
        "validFrom": "2025-09-01T08:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [identity],
            "achievement": {
                "id": "https://harbour.example/achievements/rigging",
                "type": ["Achievement"],
                "name": "Rigging",
                "description": "Splices and lifts.",
                "criteria": {"narrative": "A lift."},
            },
        },
    }


async def test_an_address_by_any_of_its_names_is_one_worker_and_leaves_ingest_by_none(stage: Stage) -> None:
    """By mailto, by xAPI's digest, and as a worker id; over HTTP as records and as statements."""
    digest = sha1(MBOX.encode(), usedforsecurity=False).hexdigest()
    await stage.send(
        award(1, {"mbox": MBOX}),
        award(2, {"mbox_sha1sum": digest}),
        award(3, {"mbox": f"mailto:{ADDRESS.upper()}"}),
        {**award(4, {}), "account": None, "worker_id": ADDRESS},
        award(5, {"account": {"homePage": "https://lms.example", "name": ADDRESS}}),
    )
    said = statement(actor={"mbox": MBOX})
    answer = await stage.gateway.post("/xAPI/statements", json=said, headers=XAPI_HEADERS)
    assert answer.status_code == 200
    found = await stage.until(lambda: len(each := stage.records()) == 6 and each)
    workers = {each.get("award_id", "statement"): each["worker_id"] for each in found}
    assert len({workers[each] for each in ("1", "2", "3", "4", "statement")}) == 1
    assert workers["5"] != workers["1"]
    published = stage.everything_published()
    assert ADDRESS not in published
    assert digest not in published
    stored = await stage.gateway.get("/xAPI/statements", params={"limit": "1"}, headers=XAPI_HEADERS)
    assert stored.json()["statements"][0]["actor"]["mbox"] == MBOX


@pytest.mark.parametrize("comes_first", ["the hash", "the address"])
async def test_a_salted_hash_is_linked_to_the_worker_of_its_address(stage: Stage, comes_first: str) -> None:
    """Whichever comes first; a hash of somebody else is not."""
    for what in ("the address", "the hash") if comes_first == "the address" else ("the hash", "the address"):
        if what == "the address":
            await stage.send(award(1, {"mbox": MBOX}))
        else:
            await _post(stage, badge("salt"))
        await stage.until(lambda: stage.count("SELECT count() FROM identities FINAL"))
    links = await stage.until(lambda: [each for each in stage.records() if each["kind"] == "link"])
    awards = {each["dialect"]: each for each in stage.records() if each["kind"] == "award"}
    assert links[0]["worker_id"] == awards["native"]["worker_id"]
    assert links[0]["account"] == awards["open_badges"]["account"]
    assert awards["open_badges"]["worker_id"] != awards["native"]["worker_id"]
    assert await stage.until(lambda: stage.count("SELECT count() FROM identity_matches FINAL")) == 1
    kept = "SELECT digest, source, JSONExtractString(content, 'id') FROM credentials FINAL"
    assert await stage.until(lambda: stage.clickhouse.query(kept).result_rows) == [
        (awards["open_badges"]["evidence"], "lms", badge("salt")["id"])
    ]


async def _post(stage: Stage, credential: dict[str, Any]) -> None:
    answer = await stage.gateway.post("/credentials", json=credential)
    assert answer.status_code == 200, answer.text


async def test_who_is_erased_is_forgotten_with_all_their_ids(stage: Stage) -> None:
    """The bodies of records, the account behind the pseudonym, statements, what was refused; others stay.

    An erasure from before all instants that tables can say forgets nothing, and stops nothing.
    """
    await stage.send(award(1, {"mbox": MBOX}), award(2, {"mbox": "mailto:ben@example.org"}))
    for actor in (MBOX, "mailto:ben@example.org"):
        await stage.gateway.post("/xAPI/statements", json=statement(actor={"mbox": actor}), headers=XAPI_HEADERS)
    await stage.send(
        {"kind": "link", "occurred_at": "2025-07-01T00:00:00Z", "account": {"mbox": MBOX}, "worker_id": "w7"}
    )
    for number, mbox in enumerate((MBOX, "mailto:ben@example.org")):
        faulty = {**award(number, {"mbox": mbox}), "occurred_at": "yesterday"}
        assert (await stage.gateway.post("/v1/records", json=faulty)).status_code == 400
    await stage.until(lambda: stage.count("SELECT count() FROM xapi_statements") == 2)
    await stage.until(lambda: stage.count("SELECT count() FROM identities FINAL") == 2)
    await stage.until(lambda: stage.count("SELECT count() FROM refusals FINAL") == 2)
    found = await stage.until(lambda: len(each := stage.records()) == 5 and each)
    stage.put_in_table(*found)
    until = datetime.now(UTC).isoformat()
    await stage.send({"kind": "erasure", "occurred_at": "0386-06-03T03:41:49.9Z", "worker_id": "w8"})
    await stage.send({"kind": "erasure", "occurred_at": until, "worker_id": "w7"})
    await stage.until(lambda: stage.count("SELECT count() FROM identities FINAL") == 1)
    await stage.until(lambda: sum(each["kind"] == "erasure" for each in stage.records()) == 3)
    assert stage.count("SELECT count() FROM records WHERE kind = 'award' OR kind = 'completion'") == 2
    assert stage.count("SELECT count() FROM xapi_statements WHERE body LIKE '%ana.keel%'") == 0
    assert stage.count("SELECT count() FROM xapi_statements") == 1
    assert stage.count("SELECT count() FROM records WHERE kind = 'link'") == 1
    await stage.until(lambda: stage.count("SELECT count() FROM refusals FINAL") == 1)
    assert [b"ben@example.org" in payload for payload in stage.refused()] == [True]
