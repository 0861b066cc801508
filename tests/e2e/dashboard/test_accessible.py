"""Every page in a real browser, one visit each: axe, focus, sizes, reflow, spacing, stillness, and without script.

Screenshots go to `.test-results/dashboard`, to be looked at.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard import checks
from tests.e2e.dashboard.checks import LOOKS
from tests.e2e.dashboard.conftest import PAGES, SHOTS, Open, Running, Visit, log_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page(dashboard: Running, visit: Visit, name: str) -> None:
    """WCAG 2.2 AA: light and dark, wide and 320 px, by keys alone, in larger words, still, in forced colours."""
    page, html = visit(name)

    found = {"structure": checks.structure(page, html), "focus": checks.focus(page)} | looked_at(page, name)

    assert {check: faults for check, faults in found.items() if faults} == {}


def test_operators_can_use_their_page(dashboard: Running, open_page: Open) -> None:
    """The same of the page on refusals, which is for operators alone."""
    page = open_page("/login", logged_in=False, **LOOKS["light"])
    log_in(page, dashboard.operator_token)

    expect(page.get_by_role("heading", level=1)).to_have_text("Refusals")
    found = {"focus": checks.focus(page)} | looked_at(page, "refusals")

    assert {check: faults for check, faults in found.items() if faults} == {}


def looked_at(page: Page, name: str) -> dict[str, list[str]]:
    """What is wrong in each look, closed on a phone and everything opened elsewhere; a picture is taken of each."""
    wear(page, name, "phone")
    found = {
        "axe, 320 px": checks.axe(page),
        "targets, 320 px": checks.targets(page),
        "spacing, 320 px": checks.spacing(page),
    }
    wear(page, name, "light")
    checks.unfold(page)
    found |= {
        "axe, light": checks.axe(page),
        "targets": checks.targets(page),
        "larger words": checks.larger_words(page),
        "stillness": checks.stillness(page),
        "forced colours": checks.forced_colours(page),
    }
    checks.unfold(page, is_open=False)
    wear(page, name, "dark")
    checks.unfold(page)
    return found | {"axe, dark": checks.axe(page, checks.COLOURS)}


def wear(page: Page, name: str, look: str) -> None:
    """Put on the look and take the page's picture."""
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    page.set_viewport_size(LOOKS["phone" if look == "phone" else "light"]["viewport"])
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.screenshot(path=SHOTS / f"{name}-{look}.png", full_page=True)


def test_pages_are_whole_without_script(dashboard: Running, open_page: Open) -> None:
    """Tables are there and open; nothing that script would draw or move is offered."""
    page = open_page("/", java_script_enabled=False, **LOOKS["light"])

    page.screenshot(path=SHOTS / "overview-without-script.png", full_page=True)

    assert page.locator("main table:visible").count() == page.locator("main table").count() > 0
    expect(page.locator("#live")).to_be_hidden()
    expect(page.locator(".chart:visible")).to_have_count(0)


def test_the_menu_of_a_phone_works_by_keys_alone_and_without_script(open_page: Open) -> None:
    """Enter opens it, Escape closes it and gives focus back, a link in it leads on."""
    page = open_page("/workers", java_script_enabled=False, **LOOKS["phone"])
    button = page.get_by_role("button", name="Menu")

    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Skills")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Skills")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Skills").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Skills")


def test_the_budget_and_the_day_are_set_by_keys_alone(open_page: Open) -> None:
    """Arrows move the slider and its value is told; Enter asks; the day's form opens, takes a day, and leads back."""
    page = open_page("/advice?budget=10", **LOOKS["light"])
    checks.settle(page)

    page.get_by_label("Awards to pay for").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#budget-shown")).to_have_text("11")
    page.keyboard.press("Enter")
    page.wait_for_url("**/advice?budget=11")
    page.get_by_text("Another day").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("As of the end of")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**as_of=*")

    expect(page.get_by_text("You are looking at the past")).to_be_visible()
    assert "budget=11" in page.url
    page.get_by_role("link", name="Back to now").press("Enter")
    expect(page.locator("#live-state")).to_have_text("Live")
