"""The analyst's journey: find an opportunity, inspect it, understand why."""

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from catalog.models import Product
from opportunities.models import Opportunity
from users.models import User

from .conftest import PASSWORD, OpenPage


def log_in(page: Page) -> None:
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_analyst_logs_in_finds_inspects_and_reads_why(
    open_page: OpenPage, market: Product, alice: User, settings: object
) -> None:
    settings.API_PUBLIC_READ = False  # type: ignore[attr-defined]
    row = Opportunity.objects.get(sealed_product=market)
    page = open_page("/app/opportunities?search=dragon")

    expect(page).to_have_url(re.compile(r"/app/login\?next="))
    log_in(page)
    expect(page).to_have_url(re.compile(r"/app/opportunities\?search=dragon$"))
    expect(page.get_by_text("1 match")).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    inspector = page.get_by_role("complementary", name="Inspector: Dragon Deck")
    expect(inspector.get_by_text("Price stability")).to_be_visible()

    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/app/opportunities/{row.id}$"))
    expect(page.get_by_role("heading", level=1, name="Dragon Deck")).to_be_visible()
    why = page.get_by_role("region", name="Why this score")
    expect(why.get_by_text(str(row.confidence_score), exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Where the money goes").get_by_text("Net profit")).to_be_visible()
    parts = page.get_by_role("navigation", name="Parts of the opportunity")
    parts.get_by_role("button", name="Legs & contents").click()
    expect(page.get_by_role("table", name="Contents").get_by_role("row")).to_have_count(5)
    parts.get_by_role("button", name="Simulation").click()
    expect(page.get_by_role("img", name=re.compile("Distribution of the value"))).to_be_visible()


@pytest.mark.usefixtures("public")
def test_lazy_chart_of_the_production_build_is_drawn(open_page: OpenPage, market: Product) -> None:
    page = open_page(f"/app/products/{market.id}")

    expect(page.get_by_role("img", name="Price history of Dragon Deck").locator("canvas")).to_be_visible()


@pytest.mark.usefixtures("public", "market")
def test_filters_live_in_the_url_until_the_back_button(open_page: OpenPage) -> None:
    page = open_page("/app/opportunities")
    expect(page.get_by_text("2 matches")).to_be_visible()

    page.get_by_label("Product or set").fill("dragon")
    expect(page).to_have_url(re.compile(r"search=dragon"))
    expect(page.get_by_text("1 match", exact=True)).to_be_visible()

    page.go_back()
    expect(page.get_by_text("2 matches")).to_be_visible()
    expect(page.get_by_label("Product or set")).to_have_value("")


@pytest.mark.usefixtures("public")
def test_csv_holds_exactly_the_view(open_page: OpenPage, market: Product) -> None:
    page = open_page("/app/opportunities?search=dragon&columns=profit,risk")
    expect(page.get_by_text("1 match", exact=True)).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()

    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    stored = Opportunity.objects.get(sealed_product=market)
    assert [(row["product"], row["net_profit"], row["risk_level"]) for row in rows] == [
        ("Dragon Deck", str(stored.net_profit), stored.risk_level)
    ]


@pytest.mark.usefixtures("public", "market")
def test_palette_finds_a_product_and_returns_the_focus(open_page: OpenPage) -> None:
    page = open_page("/app/opportunities")
    search = page.get_by_role("button", name="Search products and opportunities")
    search.click()
    page.get_by_role("combobox", name="Search products").fill("quiet")
    expect(page.get_by_role("option", name=re.compile("Quiet Box")).first).to_be_visible()

    page.keyboard.press("Escape")
    expect(search).to_be_focused()


@pytest.mark.usefixtures("public", "market")
def test_chosen_theme_is_there_before_the_application_runs(open_page: OpenPage) -> None:
    page = open_page("/app/products", theme="light")
    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("menuitem", name="Dark").click()

    page.route("**/dashboard/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.usefixtures("public", "market")
def test_unknown_address_is_answered_inside_the_application(open_page: OpenPage) -> None:
    page = open_page("/app/nowhere")

    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="Go to opportunities").click()
    expect(page).to_have_url(re.compile(r"/app/opportunities$"))
