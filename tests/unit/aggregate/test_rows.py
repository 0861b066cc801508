"""How domain values are written in columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.aggregate.changes import Changes
from services.aggregate.rows import COLUMNS, columns_of, micros
from services.runtime.epochs import row_version


@pytest.mark.parametrize("instant", [datetime.min, datetime(1969, 12, 31, 23, 59, 59, 999_999), datetime.max])  # noqa: DTZ001, DTZ901
def test_instants_are_exact_microseconds(instant: datetime) -> None:
    """Over all years that a datetime can name."""
    written = micros(instant.replace(tzinfo=UTC))
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=written) == instant.replace(tzinfo=UTC)


def test_versions_grow_with_the_log_and_with_its_lives() -> None:
    """A log begun anew starts above everything that the old one wrote; no version is 0."""
    places = [(0, 0), (0, 1), (0, 2**40 - 2), (1, 0), (2, 5)]
    versions = [row_version(epoch, offset) for epoch, offset in places]
    assert versions == sorted(set(versions))
    assert versions[0] == 1


def test_rows_become_columns() -> None:
    """In the order of the names; no rows give no columns."""
    changes = Changes(employments=[("e", "w", 1, None, 5, 0), ("f", "w", 2, 3, 5, 0)])
    names, columns = columns_of("employments", changes)
    assert names == COLUMNS["employments"]
    assert columns == [("e", "f"), ("w", "w"), (1, 2), (None, 3), (5, 5), (0, 0)]
    assert columns_of("awards", changes)[1] == []
