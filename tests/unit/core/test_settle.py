"""Settling: what ingest fills in and what a source may not decide."""

from __future__ import annotations

import pytest

from services.core.ids import content_id, worker_id_of
from services.core.settle import routing_key, settle
from tests.builders.records import account, day, stated


def test_the_source_is_the_credentials_and_not_the_records() -> None:
    """A record cannot speak in another system's name."""
    assert settle(stated("erasure", source="someone else"), source="acme", received_at=day(1)).source == "acme"


def test_a_record_with_only_an_account_gets_its_worker() -> None:
    """The worker is derived, and the account stays in the record."""
    record = settle(stated("erasure", account=account("a")), source="acme", received_at=day(1))
    assert record.account is not None
    assert record.worker_id == worker_id_of(record.account)


def test_a_stated_worker_stays() -> None:
    """An account beside a worker id is only told, it links nothing."""
    record = settle(stated("erasure", account=account("a"), worker_id="w"), source="acme", received_at=day(1))
    assert record.worker_id == "w"


def test_the_sources_own_record_id_stays() -> None:
    """A source that has ids keeps them."""
    given = stated("erasure", record_id="6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    assert settle(given, source="acme", received_at=day(1)).record_id == given.record_id


def test_a_record_without_id_gets_its_contents_id() -> None:
    """The id is of what was stated, with the source and worker settled."""
    given = stated("erasure")
    assert settle(given, source="acme", received_at=day(1)).record_id == content_id(given)


@pytest.mark.parametrize("stated_trust, settled_trust", [(None, 1), (0, 0), (1, 1), (4, 1)])
def test_trust_defaults_to_the_cap_and_never_exceeds_it(stated_trust: int | None, settled_trust: int) -> None:
    """A source may trust itself less than we do, not more."""
    record = stated("completion", achievement="a", trust=stated_trust)
    assert settle(record, source="acme", received_at=day(1), trust_cap=1).trust == settled_trust


def test_trusting_a_source_more_does_not_rename_its_facts() -> None:
    """The cap on trust is ours, not part of what was stated."""
    record = stated("completion", achievement="a", trust=3)
    low, high = (settle(record, source="acme", received_at=day(1), trust_cap=cap) for cap in (1, 3))
    assert low.record_id == high.record_id


def test_settling_again_changes_only_the_time_of_receipt() -> None:
    """What was put aside and is driven in again stays the same fact."""
    once = settle(stated("completion", achievement="a"), source="acme", received_at=day(1))
    twice = settle(once, source="acme", received_at=day(2), dialect="xapi")
    assert twice == once.model_copy(update={"received_at": day(2)})


def test_a_link_keeps_its_target_and_goes_to_the_accounts_own_worker() -> None:
    """Whoever holds the account's records must learn where they go."""
    record = settle(stated("link", account=account("a"), worker_id="w"), source="acme", received_at=day(1))
    assert record.account is not None
    assert (record.worker_id, routing_key(record)) == ("w", worker_id_of(record.account))


def test_every_other_record_goes_to_its_worker() -> None:
    """The key on the log is the worker's id."""
    assert routing_key(stated("erasure", worker_id="w")) == "w"
