"""Cursors: they lead back to the key that they are of, and to no other table's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.cursors import KEYS, SUFFIX, continued, cursor_of, key_after
from services.dashboard.errors import Refused
from services.dashboard.export_tables import Table
from services.dashboard.queries import statements


def test_every_table_has_a_key_and_a_query_that_goes_on() -> None:
    """So that each can be read through the API."""
    made = continued(statements())

    assert set(KEYS) == set(get_args(Table))
    assert {name + SUFFIX for name in KEYS} <= set(made)


@given(worker=st.text(), achievement=st.text(), when=st.datetimes(timezones=st.just(UTC)))
def test_a_cursor_leads_back_to_its_key(worker: str, achievement: str, when: datetime) -> None:
    """Whatever ids are like."""
    row = {"expires_at": when, "worker_id": worker, "achievement_id": achievement, "more": 1}

    assert key_after("expiring", cursor_of("expiring", row)) == {
        "key_0": when,
        "key_1": worker,
        "key_2": achievement,
        "is_first": 0,
    }


@pytest.mark.parametrize("cursor", ["nonsense", "!", "WyJ3b3JrZXJzIl0", cursor_of("stacks", {"stack_id": "x"})])
def test_what_is_no_cursor_of_the_table_is_refused(cursor: str) -> None:
    """Made up, cut off, or of another table."""
    with pytest.raises(Refused, match="cursor"):
        key_after("workers", cursor)
