"""The catalog that the demo runs on: real stacks from `catalogs/`, and a made-up college's in `deploy/demo/catalog`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

NOT_RECKONED = frozenset(
    f"{name}.yaml" for name in ("asu", "aws", "cisco", "isc2", "ladder", "microsoft", "snhu", "stolaf", "wgu")
)
"""Left out: their renewals, averages, caps and last credits are more than the brute force of the reckoning knows."""

_HERE = Path(__file__).parent
_SHIPPED = _HERE.parents[1] / "catalogs"


def demo_catalog() -> Mapping[str, str]:
    """The catalog's texts by file name."""
    files = [*sorted(_SHIPPED.glob("*.yaml")), *sorted((_HERE / "catalog").glob("*.yaml"))]
    return {file.name: file.read_text(encoding="utf-8") for file in files if file.name not in NOT_RECKONED}
