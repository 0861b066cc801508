"""What explanations say in words."""

from __future__ import annotations

import pytest

from services.core.stacks.explain import percent


@pytest.mark.parametrize(
    "share, told", [(2 / 3, "66 %"), (0.29, "29 %"), (0.57, "57 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_shares_are_rounded_down(share: float, told: str) -> None:
    """Only what is whole reads 100 %, and no share reads less than it is because it was written in binary."""
    assert percent(share) == told
