"""What people see while ClickHouse is away, and after it is back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from deploy.clickhouse.migrations import migrate
from deploy.embedded.clickhouse.start import start as start_clickhouse
from services.runtime.keys import issue
from tests.builders.analytics import Tables, employment
from tests.e2e.dashboard.conftest import log_in, start

pytestmark = pytest.mark.browser


def test_a_store_that_is_away_is_told_and_waited_for(browser: Browser, tmp_path: Path) -> None:
    """An open page keeps its figures and says so, a new one says when to try again, and both go on by themselves."""
    folder, log = tmp_path / "data", tmp_path / "clickhouse.log"
    store, url = start_clickhouse(folder, log)
    migrate(url, "stepwell")
    tables = Tables(url, "stepwell")
    tables.put("employments", employment("ann"))
    token = issue(tables.client, "employer", "acme").token
    dashboard, address = start(tables, tmp_path / "dashboard.log")
    context = browser.new_context(base_url=address)
    page = context.new_page()
    log_in(page, token)
    expect(page.locator("#live-state")).to_have_text("Live")

    store.stop()
    fresh = context.new_page()
    answer = fresh.goto("/workers")

    assert answer is not None
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    expect(fresh.get_by_role("heading", level=1)).to_have_text("Not available just now")
    expect(page.locator("#live-notice")).to_contain_text("does not answer")
    expect(page.locator(".tile-value").first).to_have_text("1")

    store, _ = start_clickhouse(folder, log, int(url.rpartition(":")[2]))
    tables.put("employments", employment("ben"))

    expect(page.locator(".tile-value").first).to_have_text("2")
    expect(page.locator("#live-notice")).to_be_empty()
    context.close()
    assert dashboard.stop(grace_seconds=60) == 0
    tables.close()
    store.stop()
