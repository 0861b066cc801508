"""The secret of a stack's links: drawn once, and nobody else's to read."""

from __future__ import annotations

from pathlib import Path

from deploy.embedded.link_secret import FILE, link_secret
from services.core.seals import LEAST_SECRET_CHARACTERS


def test_a_stack_keeps_the_secret_of_its_links(tmp_path: Path) -> None:
    """The same after a restart, another in another home, long enough to seal with, readable by its owner alone."""
    home = tmp_path / "home"
    secret = link_secret(home)
    assert link_secret(home) == secret
    assert link_secret(tmp_path) != secret
    assert len(secret) >= LEAST_SECRET_CHARACTERS
    assert (home / FILE).stat().st_mode & 0o777 == 0o600
