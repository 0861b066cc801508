"""`/verify` in a real browser: accessible before and after, without script, and by dropping a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders.analytics import Tables
from tests.builders.gateway import Gateway, gateway
from tests.e2e.dashboard.checks import LOOKS, axe, spacing
from tests.e2e.dashboard.conftest import SHOTS, start

pytestmark = pytest.mark.browser
DROP = """text => {
  const data = new DataTransfer();
  data.items.add(new File([text], "badge.json", {type: "application/json"}));
  const card = document.getElementById("verify-form").closest(".card");
  card.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def verifying(database: tuple[str, str], tmp_path: Path) -> Iterator[tuple[str, Gateway]]:
    """A dashboard that asks a gateway of ours; its URL, and the gateway."""
    tables = Tables(*database)
    with gateway() as asked:
        child, url = start(tables, tmp_path / "dashboard.log", STEPWELL_INGEST=asked.address)
        yield url, asked
        child.stop()
    tables.close()


def _looked_at(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert axe(page) == []
    assert spacing(page) == []


def test_the_form_and_its_answer_are_accessible(browser: Browser, verifying: tuple[str, Gateway]) -> None:
    """Light and dark, wide and narrow; and whole without script."""
    url, _ = verifying
    for look, options in LOOKS.items():
        page = browser.new_context(java_script_enabled=True, **options).new_page()
        page.goto(f"{url}/verify")
        _looked_at(page, f"verify-{look}")
        page.get_by_label("Paste it").fill('{"a": 1}')
        page.get_by_role("button", name="Check it").click()
        expect(page.get_by_role("heading", name="What was checked")).to_be_visible()
        _looked_at(page, f"verified-{look}")
        page.context.close()


def test_it_works_without_script(browser: Browser, verifying: tuple[str, Gateway]) -> None:
    """Pasting, and following the link that checks again."""
    url, asked = verifying
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{url}/verify")
    page.get_by_label("Paste it").fill('{"a": 1}')
    page.get_by_role("button", name="Check it").click()
    page.get_by_role("link", name="Check it again").click()
    expect(page.get_by_role("heading", name="What was checked")).to_be_visible()
    assert [body for *_, body in asked.asked] == [b'{"a": 1}'] * 2
    page.context.close()


def test_a_dropped_file_is_checked(browser: Browser, verifying: tuple[str, Gateway]) -> None:
    """At once; nothing on the console complains of the policy."""
    url, asked = verifying
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{url}/verify")
    expect(page.get_by_text("You can drop a picture")).to_be_visible()
    page.evaluate(DROP, '{"dropped": true}')
    expect(page.get_by_role("heading", name="What was checked")).to_be_visible()
    assert asked.asked[0][2] == b'{"dropped": true}'
    assert complaints == []
    page.close()
