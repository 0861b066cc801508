"""What is too small for a file of its own: stream differences, log-in targets, assets, settings."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.dashboard.assets import Asset, Assets
from services.dashboard.live import Picture, difference
from services.dashboard.login import _inside
from services.dashboard.settings import Settings


def test_a_stream_carries_only_what_changed() -> None:
    """Regions and rows that were sent before are not sent again, and empty parts are left out."""
    sent: Picture = {"regions": {"tiles": "1", "stamp": "x"}, "charts": {"bands": [1]}}
    now: Picture = {"regions": {"tiles": "2", "stamp": "x"}, "charts": {"bands": [1]}}

    assert difference(sent, now) == {"regions": {"tiles": "2"}}
    assert difference({}, now) == now
    assert difference(now, now) == {}


@pytest.mark.parametrize(
    "asked, path",
    [
        ("/workers?page=2", "/workers?page=2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nset-cookie: x", "/"),
        ("", "/"),
    ],
)
def test_logging_in_never_leads_elsewhere(asked: str, path: str) -> None:
    """Only a path of this site is followed."""
    assert _inside(asked) == path


def test_assets_are_found_under_their_digest_alone() -> None:
    """The digest changes with any content, and the library is read only when asked for."""
    assets = Assets({"app.css": b"a{}"}, lambda: b"vega", "1")

    assert assets.find(assets.digest, "app.css") == Asset(b"a{}", "text/css; charset=utf-8")
    assert assets.find(assets.digest, "vega.js") == Asset(b"vega", "text/javascript; charset=utf-8")
    assert assets.find("other", "app.css") is None
    assert assets.find(assets.digest, "settings.py") is None
    assert assets.digest != Assets({"app.css": b"b{}"}, lambda: b"vega", "1").digest
    assert assets.digest != Assets({"app.css": b"a{}"}, lambda: b"vega", "2").digest


def test_settings_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live interval that would ask ClickHouse without pause is refused."""
    monkeypatch.setenv("STEPWELL_LIVE_INTERVAL_SECONDS", "0")

    with pytest.raises(ValidationError, match="live_interval_seconds"):
        Settings()
