"""What stands in records in place of addresses."""

from __future__ import annotations

from hashlib import sha1, sha256

import pytest

from schemas.records import Erasure, Link
from schemas.values import Account, IdentityHash
from services.core.ids import worker_id_of
from services.core.pseudonyms import account_of_address, hidden, pseudonymous, tells_address
from services.core.settle import routing_key, settle
from tests.builders.records import day, stated

KEY = b"a key of the tests"
ADDRESS = "mailto:Ana@example.org"
HASH = IdentityHash(hash="sha256$" + sha256(b"ana@example.orgsalt").hexdigest(), salt="salt")
TELLING = [
    {"mbox": ADDRESS},
    {"mbox_sha1sum": sha1(ADDRESS.lower().encode(), usedforsecurity=False).hexdigest()},
    {"identity_hash": HASH.model_dump()},
    {"account": {"homePage": "https://lms.example.org", "name": "ana@example.org"}},
    {"openid": "mailto:ana@example.org"},
    {"openid": "tel:+41555555555"},
    {"did": "did:example:ana@example.org"},
]
NOT_TELLING = [
    {"account": {"homePage": "https://lms.example.org", "name": "ana"}},
    {"openid": "https://ana.example.org"},
    {"did": "did:key:z6Mk"},
    {"pseudonym": "mbox:" + "0a" * 32},
]


@pytest.mark.parametrize("account", TELLING, ids=str)
def test_no_record_leaves_with_an_account_that_tells_an_address(account: dict[str, object]) -> None:
    """Nothing of the address, nor of a digest of it, is in what goes on the log."""
    record = stated("erasure", account=account)
    found = hidden(record, KEY)
    text = settle(found.record, source="lms", received_at=day(0)).model_dump_json().lower()
    assert "example.org" not in text.replace("lms.example.org", "")
    assert record.account is not None
    for secret in (*_texts(account), record.account.model_dump_json()):
        assert secret.lower() not in text
    assert found.stated == ((found.record.worker_id, record.account),)


def _texts(account: object) -> list[str]:
    if isinstance(account, dict):
        return [text for name, inner in account.items() if name not in ("homePage", "type") for text in _texts(inner)]
    return [account] if isinstance(account, str) and len(account) > 4 else []


@pytest.mark.parametrize("account", NOT_TELLING, ids=str)
def test_other_accounts_stay_as_they_are(account: dict[str, object]) -> None:
    """An LMS's own user name is what its operator knows the learner by."""
    record = stated("erasure", account=account)
    assert hidden(record, KEY) == (record, ())


def test_an_address_and_its_digest_are_one_worker() -> None:
    """Clause xAPI 1.0.3 Data 2.4.2.3: mbox_sha1sum is the hex SHA-1 of the mailto IRI."""
    by_address, by_digest = (Account.model_validate(each) for each in TELLING[:2])
    assert pseudonymous(by_address, KEY) == pseudonymous(by_digest, KEY)
    assert worker_id_of(pseudonymous(by_address, KEY)) != worker_id_of(by_address)


def test_another_key_gives_other_pseudonyms() -> None:
    """Who has not the key cannot try addresses."""
    account = Account(mbox=ADDRESS)
    assert pseudonymous(account, KEY) != pseudonymous(account, b"another key")


def test_pseudonyms_are_pinned() -> None:
    """If this fails, everybody known by address would get a second identity: mend the derivation."""
    pinned = "mbox:0025c9a7c224e29867d07d620e382d89e55cfb2f4ae8df91e037506df73423d3"
    assert pseudonymous(Account(mbox=ADDRESS), KEY).pseudonym == pinned


def test_a_worker_id_that_is_an_address_is_the_account_of_that_address() -> None:
    """Rosters know people by their mail."""
    for worker_id in ("ana@example.org", "mailto:ANA@example.org"):
        record = stated("erasure", worker_id=worker_id)
        assert hidden(record, KEY).record.worker_id == worker_id_of(pseudonymous(Account(mbox=ADDRESS), KEY))
    assert account_of_address("w@1") is None
    assert account_of_address("ana") is None


def test_a_link_keeps_its_target_and_goes_to_the_partition_of_its_account() -> None:
    """Its worker is whom the account is given to."""
    record = hidden(stated("link", account={"mbox": ADDRESS}, worker_id="w7"), KEY).record
    assert isinstance(record, Link)
    assert record.worker_id == "w7"
    assert routing_key(record) == worker_id_of(pseudonymous(Account(mbox=ADDRESS), KEY))


def test_hiding_twice_changes_nothing() -> None:
    """A record of the log can come back by the inbox."""
    once = hidden(stated("erasure", account={"mbox": ADDRESS}), KEY).record
    assert isinstance(once, Erasure)
    assert once.account is not None
    assert not tells_address(once.account)
    assert hidden(once, KEY) == (once, ())
