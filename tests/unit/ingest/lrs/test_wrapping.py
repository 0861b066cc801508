"""What senders make of the endpoint that they were given."""

from __future__ import annotations

import pytest

from services.ingest.lrs.wrapping import path_meant


@pytest.mark.parametrize(
    "path,meant",
    [
        ("/xAPI/statements", "/xAPI/statements"),
        ("/xAPI//statements", "/xAPI/statements"),
        ("/xapi/statements", "/xAPI/statements"),
        ("/XAPI//activities///state", "/xAPI/activities/state"),
        ("/xapi", "/xAPI"),
        ("/xapis/statements", "/xapis/statements"),
        ("/v1//records", "/v1//records"),
        ("//xAPI/statements", "//xAPI/statements"),
    ],
)
def test_two_slashes_and_small_letters_are_understood(path: str, meant: str) -> None:
    """Below the endpoint, and nowhere else."""
    assert path_meant(path) == meant
