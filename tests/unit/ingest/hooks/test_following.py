"""Hooks that change while the gateway runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.ingest.hooks.declared import HooksRefused
from services.ingest.hooks.following import hooks_in
from services.ingest.hooks.opening import Opening
from services.ingest.hooks.standard import NotSigned, sign

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLD, NEW = "whsec_AQIDBAUGBwgJCgsMDQ4PEA==", "whsec_EA8ODQwLCgkIBwYFBAMCAQ=="
ACME = {"name": "acme", "source": "acme", "kind": "standard"}


def declare(path: Path, *hooks: dict[str, Any]) -> None:
    """Put a declaration where the old one was, as an editor or a mounted secret does."""
    fresh = path.with_suffix(".new")
    fresh.write_text(yaml.safe_dump({"hooks": list(hooks)}))
    fresh.replace(path)


async def is_taken(opening: Opening, secret: str) -> bool:
    """Whether a message that is signed with a secret is the hook's."""
    hook = opening.hook("acme")
    assert hook is not None
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": sign(secret, "1", NOW, b"{}"),
    }
    try:
        return await opening.open(hook, headers, b"{}", NOW) == b"{}"
    except NotSigned:
        return False


async def test_a_secret_is_changed_without_a_restart(tmp_path: Path) -> None:
    """Beside the old one at first, then alone."""
    path = tmp_path / "hooks.yaml"
    declare(path, {**ACME, "secrets": [OLD]})
    opening = Opening(hooks_in(str(path)))
    assert (await is_taken(opening, OLD), await is_taken(opening, NEW)) == (True, False)
    declare(path, {**ACME, "secrets": [OLD, NEW]})
    assert (await is_taken(opening, OLD), await is_taken(opening, NEW)) == (True, True)
    declare(path, {**ACME, "secrets": [NEW]})
    assert (await is_taken(opening, OLD), await is_taken(opening, NEW)) == (False, True)


def test_hooks_come_and_go_without_a_restart(tmp_path: Path) -> None:
    """As the file says each time."""
    path = tmp_path / "hooks.yaml"
    declare(path)
    opening = Opening(hooks_in(str(path)))
    assert opening.hook("acme") is None
    declare(path, {**ACME, "secrets": [OLD]})
    assert opening.hook("acme") is not None
    declare(path)
    assert opening.hook("acme") is None


@pytest.mark.parametrize("slip", ["hooks: [{name: acme}]", "hooks: [", None])
def test_a_slip_leaves_what_was_declared_in_force(tmp_path: Path, slip: str | None) -> None:
    """A file that cannot be followed, or is gone for a moment, stops nobody; at the start it is refused."""
    path = tmp_path / "hooks.yaml"
    declare(path, {**ACME, "secrets": [OLD]})
    hooks = hooks_in(str(path))
    path.unlink() if slip is None else path.write_text(slip)
    assert list(hooks()) == ["acme"]
    with pytest.raises(HooksRefused):
        hooks_in(str(path))
