"""Every page by axe in both themes, and by hand on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalog.models import Product
from opportunities.models import Opportunity

from .conftest import OpenPage

THEMES = ("dark", "light")
PHONE = (390, 844)
# Buttons, fields and navigation links lower than a fingertip: 44 px, less half a pixel of rounding.
SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, input:not([type=checkbox]), nav a')]
    .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 43.5)
    .filter((node) => !node.closest('thead, [aria-hidden=true]'))
    .map((node) => node.outerHTML.slice(0, 120))"""


def addresses(deck: Product) -> tuple[str, ...]:
    row = Opportunity.objects.get(sealed_product=deck)
    return (
        "/app/",
        "/app/opportunities",
        f"/app/opportunities?inspect={row.id}",
        f"/app/opportunities/{row.id}",
        "/app/products",
        f"/app/products/{deck.id}",
        "/app/markets",
        "/app/live",
        "/app/books",
        "/app/jobs",
        "/app/executions",
        "/app/watchlist",
        "/app/alerts",
        "/app/audit",
        "/app/reports",
        "/app/settings",
        "/app/system",
        "/app/help",
        "/app/login",
        "/app/nowhere",
    )


def settle(page: Page) -> None:
    expect(page.locator("h1")).to_be_attached()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[role=status] .animate-pulse")).to_have_count(0)


def serious_findings(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (finding["id"], node["html"][:200])
        for finding in found
        if finding["impact"] in {"serious", "critical"}
        for node in finding["nodes"]
    ]


@pytest.mark.usefixtures("public")
def test_no_page_has_a_serious_finding_in_either_theme(open_page: OpenPage, market: Product) -> None:
    findings = {}
    for path in addresses(market):
        page = open_page(path)
        settle(page)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            expect(page.locator("html")).to_have_attribute("data-theme", theme)
            findings[path, theme] = serious_findings(page)

    assert {place: found for place, found in findings.items() if found} == {}


@pytest.mark.usefixtures("public")
def test_every_page_fits_a_phone_and_a_thumb(open_page: OpenPage, market: Product) -> None:
    misfits = {}
    for path in addresses(market):
        page = open_page(path, size=PHONE)
        settle(page)
        misfits[path] = page.evaluate(SMALL_TARGETS)
        for box in ("html", "main"):
            if page.evaluate(f"document.querySelector('{box}').scrollWidth") > PHONE[0]:
                misfits[path].append(f"{box} is wider than the screen")

    assert {path: found for path, found in misfits.items() if found} == {}


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("width", [390, 1440])
def test_document_never_scrolls_behind_the_frame(open_page: OpenPage, market: Product, width: int) -> None:
    height = 420  # low enough for every page to be longer
    taller = {}
    for path in addresses(market):
        page = open_page(path, size=(width, height))
        settle(page)
        if path != "/app/login":  # has no frame
            taller[path] = page.evaluate("document.documentElement.scrollHeight") - height

    assert {path: pixels for path, pixels in taller.items() if pixels > 0} == {}


@pytest.mark.usefixtures("public", "market")
def test_phone_shows_cards_instead_of_a_table(open_page: OpenPage) -> None:
    page = open_page("/app/opportunities", size=PHONE)

    expect(page.get_by_role("list", name="Opportunities").get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("table")).to_have_count(0)


@pytest.mark.usefixtures("public", "market")
def test_dialog_takes_the_focus_and_gives_it_back(open_page: OpenPage) -> None:
    page = open_page("/app/opportunities", size=PHONE)
    opener = page.get_by_role("button", name="Filters", exact=True)
    opener.click()
    close = page.get_by_role("dialog", name="Filters").get_by_role("button", name="Close")
    expect(close).to_be_visible()

    close.click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
