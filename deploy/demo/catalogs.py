"""The catalog that the demo runs on: real stacks from `catalogs/`, and a made-up college's in `deploy/demo/catalog`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

RECKONED = ("comptia.yaml", "google.yaml", "mitx.yaml", "nursing.yaml")
"""The shipped catalogs whose every word the reckoning knows; others have renewals, averages or caps."""

_HERE = Path(__file__).parent
_SHIPPED = _HERE.parents[1] / "catalogs"


def demo_catalog() -> Mapping[str, str]:
    """The catalog's texts by file name."""
    files = [*(_SHIPPED / name for name in RECKONED), *sorted((_HERE / "catalog").glob("*.yaml"))]
    return {file.name: file.read_text(encoding="utf-8") for file in files}
