"""The aggregate's fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Broker
from tests.integration.aggregate.harness import Setting


@pytest.fixture
def setting(broker: Broker, topic_prefix: str, database: tuple[str, str], tmp_path: Path) -> Iterator[Setting]:
    """Topics, a database and worker processes of the test's own."""
    made = Setting(broker, topic_prefix, *database, tmp_path)
    made.apply_topics()
    yield made
    made.stop()
