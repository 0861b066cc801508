"""Ids are the same for ever: each promise, and one pinned id of each sort."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha1

import pytest

from schemas.values import Account
from services.core.ids import account_key, content_bytes, content_id, worker_id_of
from tests.builders.records import stated

HOMEPAGE = {"homePage": "https://lms.example.org", "name": "17"}


def test_a_mail_address_and_its_digest_are_one_worker() -> None:
    """Clause xAPI 1.0.3 Data 2.4.2.3: mbox_sha1sum is the hex SHA-1 of the mailto IRI, so both name the same person."""
    digest = sha1(b"mailto:a@example.org", usedforsecurity=False).hexdigest()
    by_address = worker_id_of(Account(mbox="mailto:a@example.org"))
    assert (
        by_address == worker_id_of(Account(mbox_sha1sum=digest)) == worker_id_of(Account(mbox_sha1sum=digest.upper()))
    )


def test_a_mail_address_is_compared_in_lower_case() -> None:
    """Mail systems write the same address in several letter cases."""
    assert account_key(Account(mbox="mailto:A@Example.org")) == account_key(Account(mbox="mailto:a@example.org"))


def test_accounts_of_different_sorts_never_meet() -> None:
    """The sort of account is part of the key, and the pair of an account on a system is joined without ambiguity."""
    keys = {
        account_key(Account(openid="did:web:x")),
        account_key(Account(did="did:web:x")),
        account_key(Account.model_validate({"account": {"homePage": "a", "name": "b\nc"}})),
        account_key(Account.model_validate({"account": {"homePage": "a\nb", "name": "c"}})),
    }
    assert len(keys) == 4


def test_the_same_moment_in_another_offset_is_the_same_fact() -> None:
    """Instants count as moments."""
    here = datetime(2025, 6, 1, 12, tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert content_id(stated("erasure", occurred_at=here)) == content_id(stated("erasure", occurred_at=there))


def test_record_id_and_time_of_receipt_are_not_content() -> None:
    """Receiving a fact again does not make another fact."""
    fact = stated("erasure")
    again = stated("erasure", record_id="6ba7b810-9dad-11d1-80b4-00c04fd430c8", received_at=datetime.now(UTC))
    assert content_id(fact) == content_id(again)


def test_a_default_said_aloud_is_the_same_fact() -> None:
    """A completion is successful unless stated otherwise; tags are empty unless given."""
    short = stated("completion", achievement={"id": "a"})
    long = stated("completion", achievement={"id": "a", "tags": []}, success=True, valid_until=None)
    assert content_id(short) == content_id(long)


def test_canonical_form_is_sorted_compact_and_utc() -> None:
    """The bytes that are digested, in full."""
    record = stated("award", achievement={"id": "b", "level": 100}, credits={"value": 3, "unit": "ects"}, trust=1)
    assert content_bytes(record) == (
        b'{"achievement":{"id":"b","level":100},"credits":{"unit":"ects","value":3.0},"kind":"award",'
        b'"occurred_at":"2025-06-01T00:00:00Z","source":"acme","trust":1,"worker_id":"w"}'
    )


@pytest.mark.parametrize(
    "account, worker_id",
    [
        ({"mbox": "mailto:a@example.org"}, "5e4c5434-56cd-5922-bfb9-155039afa877"),
        ({"openid": "https://a.example.org"}, "6c5c385b-dd92-5871-a31f-80b3a87f9426"),
        ({"account": HOMEPAGE}, "1bf4ee8e-a1b8-5e3e-bdc5-3883dbea1104"),
        ({"did": "did:web:a.example.org"}, "49f71a96-9e7d-56e8-99b7-acbafdcfac18"),
        ({"identity_hash": {"hash": "sha256$" + "0A" * 32, "salt": "s"}}, "0c2e70ac-cd26-582c-ad35-5b4fae1af068"),
        ({"pseudonym": "mbox:" + "0a" * 32}, "8e261cac-bb1f-5f30-95af-ad62a957d62f"),
    ],
)
def test_worker_ids_are_pinned(account: dict[str, object], worker_id: str) -> None:
    """If this fails, every stored worker would get a second identity: do not update the ids, mend the derivation."""
    assert worker_id_of(Account.model_validate(account)) == worker_id


def test_content_ids_are_pinned() -> None:
    """If this fails, every stored fact would get a second identity: do not update the id, mend the derivation."""
    record = stated("award", achievement={"id": "a+", "tags": ["x"]}, issuer_id="comptia", score={"scaled": 0.71})
    assert str(content_id(record)) == "e25ea5cd-045c-5269-af2f-6d05abc6321c"
