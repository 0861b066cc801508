"""The dashboard in a real browser: live, and usable without script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from services.runtime.children import ChildFailed
from tests.builders.analytics import NOW, award, employment, progress
from tests.builders.waiting import wait_until
from tests.e2e.dashboard.checks import LOOKS, settle
from tests.e2e.dashboard.conftest import EMPLOYER, Open, Running, log_in, start

pytestmark = pytest.mark.browser


def test_finding_paging_and_logging_out_work_without_script(dashboard: Running, open_page: Open) -> None:
    """Forms and links are enough."""
    page = open_page("/workers", java_script_enabled=False)

    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text(re.compile(r"Page 2 of \d+"))).to_be_visible()
    page.get_by_label("Worker id, or something they hold").fill(dashboard.workers[7])
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("1 to 1 of 1 worker")).to_be_visible()
    page.get_by_role("link", name=dashboard.workers[7]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(dashboard.workers[7])
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_picture_can_be_asked_for_its_numbers(open_page: Open) -> None:
    """Pointing at a bar shows what it stands for, under the content policy."""
    page = open_page("/", **LOOKS["light"])
    settle(page)

    page.locator("[data-chart=bands] .mark-rect path").first.hover()

    expect(page.locator(".chart-tip")).to_contain_text("Workers: ")
    expect(page.locator(".chart-tip")).to_contain_text("How far: ")


def test_a_new_record_is_seen_without_reloading(dashboard: Running, open_page: Open) -> None:
    """Tiles, sentences, tables and pictures follow ClickHouse, and what the reader opened stays open."""
    page = open_page("/", **LOOKS["light"])
    settle(page)
    workers = page.locator(".tile", has_text="Workers").locator(".tile-value")
    before = int(workers.inner_text())
    bars = page.locator("[data-chart=bands] .mark-rect path").count()
    page.locator("[data-region=bands] summary").click()
    page.get_by_role("link", name="All stacks").focus()

    dashboard.tables.put("employments", employment("newcomer", EMPLOYER))
    dashboard.tables.put("awards", award("newcomer", "agile-101", EMPLOYER, valid_from=NOW))
    dashboard.tables.put("progress", progress("newcomer", "brand-new-stack", 0.5, EMPLOYER))

    expect(workers).to_have_text(str(before + 1))
    expect(page.get_by_role("link", name="brand-new-stack")).to_be_visible()
    wait_until(lambda: page.locator("[data-chart=bands] .mark-rect path").count() == bars + 1)
    assert page.locator("details[open]").count() == 1
    assert page.evaluate("document.activeElement.textContent") == "All stacks"


def test_a_worker_s_page_is_live_too(dashboard: Running, open_page: Open) -> None:
    """An award appears as it comes in."""
    worker = dashboard.workers[11]
    page = open_page(f"/workers/{worker}", **LOOKS["light"])
    settle(page)

    dashboard.tables.put("awards", award(worker, "forklift", EMPLOYER, achievement_name="Forklift Licence"))

    expect(page.get_by_role("heading", name="Forklift Licence")).to_be_visible()


def test_pausing_stops_what_moves_until_one_goes_on(dashboard: Running, open_page: Open) -> None:
    """Nothing changes while paused, and everything is there after."""
    page = open_page("/workers?search=paused", **LOOKS["light"])
    settle(page)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#live-state")).to_have_text("Paused")

    dashboard.tables.put("employments", employment("paused-one", EMPLOYER))
    expect(open_page("/workers?search=paused").get_by_role("link", name="paused-one")).to_be_visible()
    assert page.get_by_text("paused-one").count() == 0
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("link", name="paused-one")).to_be_visible()


def test_who_leaves_disappears_from_an_open_page(dashboard: Running, open_page: Open) -> None:
    """The page of somebody who left says that it is gone, and stops."""
    dashboard.tables.put("employments", employment("leaver", EMPLOYER))
    page = open_page("/workers/leaver", **LOOKS["light"])
    settle(page)

    started_at = NOW.replace(year=NOW.year - 2)
    dashboard.tables.put(
        "employments",
        employment("leaver", EMPLOYER, ended_at=NOW),
        employment("leaver", EMPLOYER, started_at=started_at, ended_at=NOW),
    )

    expect(page.locator("#live-notice")).to_contain_text("not there any more")


def test_colours_follow_the_system_while_the_page_is_open(open_page: Open) -> None:
    """Pictures are drawn again in the other palette."""
    page = open_page("/", **LOOKS["light"])
    settle(page)
    bar = page.locator("[data-chart=bands] .mark-rect path").first
    light = bar.get_attribute("fill")

    page.emulate_media(color_scheme="dark")

    expect(bar).not_to_have_attribute("fill", light or "")


def test_the_service_ends_cleanly_with_pages_open(dashboard: Running, browser: Any, tmp_path: Any) -> None:
    """On SIGTERM the streams end and the process exits with 0, soon."""
    child, url = start(dashboard.tables, tmp_path / "dashboard.log")
    context = browser.new_context(base_url=url)
    page = context.new_page()
    log_in(page, dashboard.token)
    expect(page.locator("#live-state")).to_have_text("Live")

    assert child.stop(grace_seconds=60) == 0
    context.close()


def test_it_does_not_start_without_clickhouse(dashboard: Running, tmp_path: Any) -> None:
    """Where nothing answers the process ends at once, for a supervisor to start it again."""
    dead = type(dashboard.tables)("http://127.0.0.1:1", "nowhere")

    with pytest.raises(ChildFailed, match="ended with code 1"):
        start(dead, tmp_path / "dashboard.log")
