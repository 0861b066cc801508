"""What the stage finds out about credentials, once from their bytes and then from what it knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from schemas.registry import RegisteredIssuer, Registries, Registry
from services.ingest.dialects import open_badges
from services.ingest.dialects.dialect import Arrival
from services.ingest.dialects.meanings import EMPTY_MEANINGS
from services.ingest.intake import Sender
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.stage.checking import Checking
from services.ingest.verify.stage.known import Known, says_the_same
from services.ingest.verify.stage.stating import known_from, read, restated, stated, written
from tests.builders.credentials import DOCUMENT, LIST, bare, compact, jcs_signed
from tests.builders.issuing import DID
from tests.builders.verifying import NOW, SINCE, Web, badge, checking, documents_of_long_ago, intake, sent

LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def canonicaliser() -> Iterator[Canonicaliser]:
    """One child process for all."""
    made = Canonicaliser()
    yield made
    made.close()


def only(found: Checking, content: bytes) -> Known:
    """What is found of the one award in a credential."""
    (finding,) = found.findings(sent(content), intake(), NOW)
    return finding.known


def answers(known: Known) -> dict[str, bool | None]:
    """The answers alone."""
    return {name: one["answer"] for name, one in known.answers.as_json().items()}


def test_it_is_about_the_very_record_that_ingest_made(canonicaliser: Canonicaliser) -> None:
    """Record and worker follow from the bytes, so nothing is looked up."""
    arrival = Arrival(badge(), {}, "lms", received_at=NOW)
    pairs = open_badges.translate(arrival, EMPTY_MEANINGS).whole()
    (award,) = intake().settled(pairs, Sender("lms", "open_badges", lambda _: True, "http")).records
    (finding,) = checking(Web(documents_of_long_ago()), canonicaliser).findings(sent(badge()), intake(), NOW)
    assert (finding.award.record_id, finding.award.worker_id) == (award.record_id, award.worker_id)
    record = stated(finding.award, finding.known, NOW)
    assert (record.verified_record_id, record.worker_id, record.trust) == (award.record_id, award.worker_id, 2)


def test_the_answers_are_those_of_the_verifier(canonicaliser: Canonicaliser) -> None:
    """With the subject's, since the worker is whom the credential names."""
    found = answers(only(checking(Web(documents_of_long_ago()), canonicaliser), badge()))
    assert found == dict.fromkeys(found, True) | {"issuer": None, "endorsements": None}


def test_a_registered_issuer_makes_it_tier_three(canonicaliser: Canonicaliser) -> None:
    """As soon as a registry lists it, without the bytes."""
    issuers = (RegisteredIssuer(id=DID),)
    known = Registries(registries=(Registry(id="own", kind="own", issuers=issuers),))
    before = only(checking(Web(documents_of_long_ago()), canonicaliser), badge())
    assert (before.tier, checking(Web(documents_of_long_ago()), canonicaliser, known).again(before, NOW).tier) == (2, 3)


def test_the_same_bytes_are_verified_once(canonicaliser: Canonicaliser) -> None:
    """Ten sources that send one credential cost one check; each is stated."""
    web = Web(documents_of_long_ago())
    found = checking(web, canonicaliser)
    first = only(found, badge())
    web.found.clear()
    (finding,) = found.findings(sent(badge(), "another"), intake(), LATER)
    assert says_the_same(first, finding.known)
    assert sorted(web.asked) == sorted({DOCUMENT, LIST})


def test_a_thousand_credentials_of_one_issuer_ask_for_one_list(canonicaliser: Canonicaliser) -> None:
    """And for one document that names its keys."""
    web = Web(documents_of_long_ago())
    found = checking(web, canonicaliser)
    for number in range(20):
        assert only(found, badge(id=f"urn:uuid:{number}")).tier == 2
    assert sorted(web.asked) == sorted({DOCUMENT, LIST})


def test_what_is_revoked_is_found_by_the_next_list_and_what_is_given_back_too(canonicaliser: Canonicaliser) -> None:
    """Since the first check that found so."""
    web = Web(documents_of_long_ago())
    found = checking(web, canonicaliser)
    known = only(found, badge())
    web.found.update(documents_of_long_ago(7))
    assert says_the_same(found.again(known, LATER), known)
    found.afresh()
    back = found.again(known, LATER)
    assert (back.answers.status.code, back.status_since, back.tier) == ("revoked", LATER, 2)
    assert found.again(back, LATER + timedelta(hours=1)).status_since == LATER
    web.found.update(documents_of_long_ago())
    found.afresh()
    assert says_the_same(found.again(back, LATER), known)


def test_a_list_that_cannot_be_had_is_unknown(canonicaliser: Canonicaliser) -> None:
    """Never "not revoked"."""
    web = Web(documents_of_long_ago())
    found = checking(web, canonicaliser)
    known = only(found, badge())
    del web.found[LIST]
    found.afresh()
    again = found.again(known, LATER)
    assert (again.answers.status.answer, again.answers.status.code) == (None, "list_unreachable")


def test_what_could_not_be_told_for_want_of_a_key_is_verified_again(
    canonicaliser: Canonicaliser,
) -> None:
    """As soon as the issuer's document can be had."""
    web = Web({})
    found = checking(web, canonicaliser)
    known = only(found, badge())
    assert (known.answers.proof.answer, known.needs_bytes) == (None, True)
    web.found.update(documents_of_long_ago())
    found.afresh()
    assert only(found, badge()).tier == 2


def test_a_changed_credential_is_found_out(canonicaliser: Canonicaliser) -> None:
    """The signature is of other words."""
    said = json.loads(badge())
    said["credentialSubject"]["achievement"]["name"] = "A greater one"
    known = only(checking(Web(documents_of_long_ago()), canonicaliser), json.dumps(said).encode())
    assert (known.answers.proof.answer, known.tier) == (False, 0)


def test_what_is_no_credential_states_nothing(canonicaliser: Canonicaliser) -> None:
    """Whoever put it on the topic."""
    assert checking(Web({}), canonicaliser).findings(sent(b"{}"), intake(), NOW) == []


def transcript(*within: Any, **more: Any) -> bytes:
    """A transcript that the college signed, with these credentials in it."""
    subject = {"type": ["ClrSubject"], "id": "did:key:z6MkA", "verifiableCredential": list(within)}
    made = {
        "@context": [*bare()["@context"], "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"],
        "id": "urn:uuid:transcript",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": DID, "type": ["Profile"], "name": "The College"},
        "validFrom": SINCE["validFrom"],
        "name": "Transcript",
        "credentialSubject": subject,
        **more,
    }
    return json.dumps(jcs_signed(made)).encode()


def test_each_award_of_a_transcript_has_answers_of_its_own(canonicaliser: Canonicaliser) -> None:
    """Its signature's where it has one, else the transcript's; but the college's key is not another issuer's."""
    own = bare(**SINCE, id="urn:uuid:own")
    others = bare(
        **SINCE, id="urn:uuid:others", issuer={"id": "did:web:other.example", "type": ["Profile"], "name": "O"}
    )
    revoked = bare(**SINCE, id="urn:uuid:revoked")
    revoked["credentialStatus"] = {**revoked["credentialStatus"], "statusListIndex": "8"}
    sealed = json.loads(badge(id="urn:uuid:sealed"))
    content = transcript(own, others, revoked, sealed)
    found = checking(Web(documents_of_long_ago(8)), canonicaliser).findings(sent(content), intake(), NOW)
    told = {each.award.award_id: each.known for each in found}
    assert {str(name).removeprefix("urn:uuid:"): known.tier for name, known in told.items()} == {
        "own": 2,
        "others": 1,
        "revoked": 2,
        "sealed": 2,
    }
    assert told["urn:uuid:others"].answers.key.code == "signed_by_another"
    assert told["urn:uuid:revoked"].answers.status.code == "revoked"
    assert told["urn:uuid:sealed"].answers.key.code == "named"


@pytest.mark.parametrize("form", ["object", "token"])
def test_a_signed_credential_vouches_for_none_beside_it(canonicaliser: Canonicaliser, form: str) -> None:
    """Whoever puts a true credential beside another with its ids gets no more for either than his own signature."""
    other = {"id": "did:web:other.example", "type": ["Profile"], "name": "O"}
    genuine = compact(**SINCE, id="urn:uuid:1") if form == "token" else json.loads(badge(id="urn:uuid:1"))
    content = transcript(bare(**SINCE, id="urn:uuid:1", name="A greater one"), genuine, issuer=other)
    found = checking(Web(documents_of_long_ago()), canonicaliser).findings(sent(content), intake(), NOW)
    assert [each.known.tier for each in found] == [1, 1]


def test_what_is_known_comes_back_from_the_record(canonicaliser: Canonicaliser) -> None:
    """The table keeps records, and checking again begins with them."""
    (finding,) = checking(Web(documents_of_long_ago()), canonicaliser).findings(sent(badge()), intake(), NOW)
    record = stated(finding.award, finding.known, NOW)
    assert read(written(record)) == record
    assert known_from(record, finding.known.asked) == finding.known
    again = restated(record, finding.known, LATER)
    assert (again.record_id != record.record_id, again.checked_at) == (True, LATER)
