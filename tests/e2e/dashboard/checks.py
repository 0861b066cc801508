"""What is asked of a page that is open, each check a list of what it found wrong: one visit can be asked them all.

axe finds a part of what the guidelines ask; the rest is asked of the browser here. Criteria are named in each check.
Source: https://www.w3.org/TR/WCAG22/
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 320, "height": 720}, "color_scheme": "light"},
}
STANDARDS: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""All that axe finds by the colours of a page."""
MOST_TABS: Final = 120
_AXE: Final = Axe().axe_script
_VIOLATIONS: Final = """async (rules) => {
    const found = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
    return found.violations.map(({ help, nodes }) => ({ help, nodes: nodes.map(({ html }) => ({ html })) }));
}"""
_REACHABLE: Final = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
_NUMBER: Final = f"""() => {{
    const seen = [...document.querySelectorAll("{_REACHABLE}")].filter((element) => element.checkVisibility({{
        contentVisibilityAuto: true, visibilityProperty: true }}) && !element.disabled);
    seen.forEach((element, number) => (element.dataset.number = number));
    return seen.length;
}}"""
_FOCUS: Final = """() => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (element === document.body) return null;
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 8), 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 8), 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y), faults = [];
    if (style.outlineStyle !== "solid" || parseFloat(style.outlineWidth) < 2) faults.push("not outlined");
    const isSeen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    if (!isSeen) faults.push("out of view");
    if (top !== element && !element.contains(top) && !top?.contains(element)) faults.push("covered");
    const text = (element.innerText || element.id || element.tagName).slice(0, 60);
    return [Number(element.dataset.number ?? -1), faults.map((fault) => `${text}: ${fault}`)];
}"""
_SMALL: Final = """() => {
    const boxes = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
        .filter((element) => element.checkVisibility({ contentVisibilityAuto: true }))
        .filter((element) => getComputedStyle(element).display !== "inline" || element.closest("nav, .exports"))
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1);
    const isNear = ({ box: one }, { box }) => {
        const x = one.left + one.width / 2, y = one.top + one.height / 2;
        return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) < 12;
    };
    const areApart = ({ element: one }, { element: other }) => !one.contains(other) && !other.contains(one);
    return boxes
        .filter(({ box }) => Math.min(box.width, box.height) < 24)
        .filter((one) => boxes.some((other) => areApart(one, other) && isNear(one, other)))
        .map(({ element, box }) => `${box.width}x${box.height} ${element.outerHTML.slice(0, 120)}`);
}"""
_SPACE: Final = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; "
        + "word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }");
    document.adoptedStyleSheets = [sheet];
    const cut = [...document.querySelectorAll("main *")]
        .filter((element) => element.children.length === 0)
        .filter((element) => element.checkVisibility({ contentVisibilityAuto: true }))
        .filter((element) => !element.closest("svg, .said, caption, thead, .graph, pre, .chart"))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.outerHTML.slice(0, 160));
    const width = document.documentElement.scrollWidth;
    document.adoptedStyleSheets = [];
    return width > innerWidth ? [...cut, `the page is ${width} px wide`] : cut;
}"""
_MOVING: Final = """() => [
    ...document.getAnimations().map(String),
    ...[...document.querySelectorAll("*")].filter((element) => {
        const style = getComputedStyle(element);
        return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0
            || style.scrollBehavior === "smooth";
    }).map((element) => element.outerHTML.slice(0, 80)),
]"""
_ALIKE: Final = """() => [...document.querySelectorAll(".meter svg, .bar-line")].filter((svg) => {
    const [track, fill] = [...svg.querySelectorAll("rect")].map((rect) => getComputedStyle(rect).fill);
    return fill && track === fill;
}).map((svg) => svg.outerHTML.slice(0, 120))"""
_WIDE: Final = """() => {
    document.documentElement.style.fontSize = "200%";
    const width = document.documentElement.scrollWidth;
    document.documentElement.style.fontSize = "";
    return width > innerWidth ? [`twice as large, the page is ${width} px wide`] : [];
}"""
_PICTURES: Final = """() => [...document.querySelectorAll("figure")]
    .filter((figure) => !figure.querySelector("figcaption")?.innerText.trim() || !figure.querySelector("table"))
    .filter((figure) => figure.querySelector(".chart svg"))
    .map((figure) => figure.outerHTML.slice(0, 160))"""


def settle(page: Page) -> None:
    """Wait until the page is live and its pictures are drawn."""
    if page.locator("#live").count():
        expect(page.locator("#live-state")).to_have_text("Live")
    for chart in page.locator("[data-chart]").all():
        chart.locator("svg").first.wait_for()


def hold_still(page: Page) -> None:
    """Stop live updates without moving the focus, so that nothing changes while it is measured."""
    page.evaluate("document.querySelector('#live:not([hidden]) #live-pause')?.click()")


def axe(page: Page, rules: dict[str, Any] = STANDARDS) -> list[str]:
    """What axe finds of the page as it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate(_VIOLATIONS, rules)
    return [f"{one['help']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def unfold(page: Page, *, is_open: bool = True) -> None:
    """Open everything that opens, or close it."""
    page.evaluate("to => document.querySelectorAll('main details').forEach((one) => (one.open = to))", is_open)


def focus(page: Page) -> list[str]:
    """2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11: Tab reaches all in reading order, outlined, in view, under nothing."""
    expected = min(page.evaluate(_NUMBER), MOST_TABS)
    reached: list[int] = []
    faults: list[str] = []
    while len(reached) < expected:
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUS)
        if at is None:
            break
        reached.append(at[0])
        faults += at[1]
    if reached != list(range(expected)):
        faults.append(f"of {expected} the order was {reached}")
    return faults


def targets(page: Page) -> list[str]:
    """2.5.8: 24 by 24 px at least, or as far from its neighbours; a link within a sentence is as tall as its line."""
    return list(page.evaluate(_SMALL))


def spacing(page: Page) -> list[str]:
    """1.4.10, 1.4.12: nothing is cut off with lines, letters and words as far apart as readers may set them."""
    return list(page.evaluate(_SPACE))


def larger_words(page: Page) -> list[str]:
    """1.4.4: at 200 % nothing scrolls sideways."""
    return list(page.evaluate(_WIDE))


def stillness(page: Page) -> list[str]:
    """2.3.3: with reduced motion no animation runs, no transition is set, and scrolling jumps."""
    page.emulate_media(reduced_motion="reduce")
    return list(page.evaluate(_MOVING))


def forced_colours(page: Page) -> list[str]:
    """1.4.11: with the system's few colours bars still differ from what they lie on."""
    page.emulate_media(forced_colors="active")
    alike = page.evaluate(_ALIKE)
    page.emulate_media(forced_colors="none")
    return list(alike)


def structure(page: Page, html: str) -> list[str]:
    """1.1.1, 1.3.1, 2.4.2, 2.4.6: a title, one h1, no level left out; each picture has its sentence and its table.

    `html` is the page as it was sent: every table is in it, so that nothing waits for script.
    """
    tags = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map((one) => one.tagName)")
    levels = [int(tag[1]) for tag in tags]
    faults = [f"a picture without words: {one}" for one in page.evaluate(_PICTURES)]
    if levels.count(1) != 1 or any(later > earlier + 1 for earlier, later in pairwise(levels)):
        faults.append(f"the levels of its headings are {levels}")
    if not page.title().endswith(" - Stepwell"):
        faults.append(f"its title is {page.title()}")
    if html.count("<table") != page.locator("table").count():
        faults.append("some of its tables are made by script")
    return faults
