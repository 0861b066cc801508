"""A real dashboard process over a believable workforce, and a browser that is logged in to it."""

from __future__ import annotations

import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from deploy.clickhouse.migrations import migrate
from services.runtime.children import Child, spawn
from services.runtime.keys import issue
from services.runtime.ports import free_port
from tests.builders.analytics import Tables
from tests.builders.workforce import fill
from tests.e2e.dashboard.checks import LOOKS, hold_still, settle

EMPLOYER: Final = "northwind"
ROOT: Final = Path(__file__).parents[3]
SHOTS: Final = ROOT / ".test-results" / "dashboard"
PAGES: Final = (
    "login",
    "overview",
    "workers",
    "worker",
    "stacks",
    "stack",
    "advice",
    "skills",
    "equity",
    "data",
    "explore",
    "expiring",
    "catalog",
    "achievement",
    "compare",
    "nothing",
)
PATIENCE_MILLISECONDS: Final = 60_000
"""How long a page may take to come to what is expected, on a machine that has much else to do."""
LIBRARY_HOME: Final = ROOT / ".cache" / "dashboard"
"""Where the chart library is kept between runs; it is made again when the wheel changes."""


@dataclass(frozen=True, slots=True)
class Running:
    """A dashboard that runs: where, over which tables, whose token opens it, and some of the people in it."""

    url: str
    tables: Tables
    token: str
    operator_token: str
    workers: tuple[str, ...]
    child: Child

    def pages(self) -> dict[str, str]:
        """Every page worth looking at: name -> path."""
        return {
            "login": "/login",
            "overview": "/",
            "workers": "/workers",
            "worker": f"/workers/{self.workers[5]}",
            "stacks": "/stacks",
            "stack": "/stacks/ladder.it-operations",
            "advice": "/advice?budget=8",
            "skills": "/skills",
            "equity": "/equity?stack=wgu.bs-network",
            "data": "/data",
            "explore": "/explore?sql=SELECT+worker_id,+progress,+stack_title+FROM+v_progress+LIMIT+5",
            "expiring": "/expiring?days=180",
            "catalog": "/catalog?field=networking",
            "achievement": "/catalog/comptia.security%2B",
            "compare": "/compare?achievement=comptia.security%2B&achievement=isc2.cissp-exam&achievement=mitx.ctl.cfx",
            "nothing": "/nothing",
        }


def start(tables: Tables, log: Path, **settings: str) -> tuple[Child, str]:
    """A dashboard process over the tables, ready; and its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "STEPWELL_CLICKHOUSE": tables.url,
        "STEPWELL_DATABASE": tables.database,
        "STEPWELL_PORT": str(port),
        "STEPWELL_HOME": str(LIBRARY_HOME),
        "STEPWELL_LIVE_INTERVAL_SECONDS": "0.25",
        "STEPWELL_PAGE_ROWS": "15",
        **settings,
    }
    child = spawn("dashboard", [sys.executable, "-m", "services.dashboard"], log, environment)
    child.wait_ready(lambda: is_ready(url), timeout_seconds=60)
    return child, url


def is_ready(url: str) -> bool:
    """Whether the dashboard says that it is ready; proxies of the environment are no business of loopback's."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser(browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """A browser for a module's tests, and not for the whole run as the plugin's is.

    Playwright keeps an event loop running for as long as it lives, and asyncio's own tests cannot run beside it.
    """
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**browser_type_launch_args)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def dashboard(clickhouse_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One dashboard over one data set for all tests in a browser."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    migrate(clickhouse_url, name)
    tables = Tables(clickhouse_url, name)
    workers = fill(tables, EMPLOYER)
    token, operator_token = (
        issue(tables.client, "employer", EMPLOYER).token,
        issue(tables.client, "operator", "o").token,
    )
    child, url = start(tables, tmp_path_factory.mktemp("dashboard") / "dashboard.log")
    yield Running(url, tables, token, operator_token, tuple(workers), child)
    child.stop()
    write_contents(SHOTS)
    tables.client.command(f"DROP DATABASE {name}")
    tables.close()


def write_contents(folder: Path) -> None:
    """`index.html` of all pictures there are in a folder, to look at them side by side."""
    pictures = sorted(picture.name for picture in folder.glob("*.png"))
    shown = "".join(f'<figure><figcaption>{one}</figcaption><img src="{one}" alt=""></figure>\n' for one in pictures)
    folder.mkdir(parents=True, exist_ok=True)
    style = "body{display:flex;flex-wrap:wrap;gap:1rem;font:1rem system-ui}img{max-width:30rem;border:1px solid}"
    (folder / "index.html").write_text(f"<!doctype html>\n<title>Pages</title>\n<style>{style}</style>\n{shown}")


Open = Callable[..., Page]
Visit = Callable[[str], tuple[Page, str]]


@pytest.fixture(scope="module")
def session(browser: Browser, dashboard: Running) -> StorageState:
    """The cookies of somebody who logged in through the form."""
    context = browser.new_context(base_url=dashboard.url)
    log_in(context.new_page(), dashboard.token)
    cookies = context.storage_state()
    context.close()
    return cookies


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the console complains of; that fails the test when it is over."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def open_page(browser: Browser, dashboard: Running, session: StorageState, complaints: list[str]) -> Iterator[Open]:
    """Opens a path in a new, logged-in context."""
    contexts: list[BrowserContext] = []

    def open_path(path: str, *, logged_in: bool = True, **options: Any) -> Page:
        context = browser.new_context(base_url=dashboard.url, storage_state=session if logged_in else None, **options)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints)
        if path:
            page.goto(path)
        return page

    yield open_path
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def reader(browser: Browser, dashboard: Running, session: StorageState) -> Iterator[tuple[Page, list[str]]]:
    """A page that goes from visit to visit, so that what they share is fetched once; its complaints."""
    context = browser.new_context(base_url=dashboard.url, storage_state=session, **LOOKS["light"])
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page, heard = context.new_page(), list[str]()
    listen(page, heard)
    yield page, heard
    context.close()


@pytest.fixture
def visit(dashboard: Running, open_page: Open, reader: tuple[Page, list[str]]) -> Iterator[Visit]:
    """Opens a page by its name, wide and light, drawn, and still; and its HTML as it was sent."""
    page, heard = reader

    def visit_page(name: str) -> tuple[Page, str]:
        seen = page if name != "login" else open_page("", logged_in=False)
        seen.emulate_media(color_scheme="light", reduced_motion="no-preference", forced_colors="none")
        seen.set_viewport_size(LOOKS["light"]["viewport"])
        answer = seen.goto(dashboard.pages()[name])
        settle(seen)
        hold_still(seen)
        return seen, answer.text() if answer else ""

    yield visit_page
    complained, heard[:] = heard.copy(), []
    assert complained == []


def listen(page: Page, complaints: list[str]) -> None:
    """Note what the page's console complains of, besides of pages that are not there."""

    def hear(message: Any) -> None:
        if message.type in {"error", "warning"} and "404 (Not Found)" not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def log_in(page: Page, token: str) -> None:
    """Fill in the form and send it."""
    page.goto("/login")
    page.get_by_label("Employer token").fill(token)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
