from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pricing.choices import ConfidenceLevel, Route
from scrapers.errors import EvidenceMissing, MarkupDrift, UnreadableAnswer
from scrapers.records import Evidence, Sale
from scrapers.venues.ebay.sold import FULL_PAGE, parse_sales

from .reading import NOW, answer, asked, read

QUERY = "q:amber archive booster box"
NO_SESSION: Any = None  # what is refused before asking needs none
URL = "https://www.ebay.com/sch/i.html?_nkw=amber"


def sales(page, identifier=QUERY, market="EBAY_US"):
    body = page if isinstance(page, bytes) else page.encode()
    return parse_sales(answer(body, url=URL), asked=asked(identifier, market))


def changed(old, new):
    page = read("sold_mixed.html").decode()
    assert old in page
    return page.replace(old, new)


def sale(number, day, price=None, year=2026, month=11):
    return Sale(
        reference=number,
        sold_on=date(year, month, day),
        units=1,
        unit_price=None if price is None else Decimal(price),
    )


def test_sales_of_a_page_with_three_markups():
    found = sales(read("sold_mixed.html"))

    assert found.quotes == ()
    assert found.sales == (
        sale("401000000001", 18, "451.25"),
        sale("401000000002", 17),
        sale("401000000003", 30, "433.00", 2025, 12),
        sale("402000000001", 16, "1048.50"),
        sale("402000000002", 15),
        sale("402000000004", 13),
        sale("403000000001", 12),
        sale("403000000003", 10),
        sale("403000000004", 9),
    )
    assert found.evidence == Evidence(product_id=QUERY, currency="USD", selector="title words, price")
    assert (found.external_id, found.currency, found.route) == (QUERY, "USD", Route.PAGE)
    assert found.confidence_level == ConfidenceLevel.MEDIUM
    assert found.quality <= Decimal("0.50")
    assert found.fetched_at == NOW


def test_recorded_sold_page_gives_its_one_sale(shared_data):
    page = (shared_data / "wire/ebay/sold_su_item_card_2026-07.html").read_bytes()

    found = sales(page, "q:HP 63XL")

    assert found is None  # one title writes "63 XL", the other listing ended unsold


def test_recorded_page_of_asks_is_no_sold_page(shared_data):
    page = (shared_data / "wire/ebay/search_s_card_2026-04.html").read_bytes()

    with pytest.raises(EvidenceMissing, match="no sold listings"):
        sales(page, "q:TEST-PART-001")


def test_no_seller_is_in_the_record():
    assert "canary" in read("sold_mixed.html").decode()

    assert "canary" not in msgspec.json.encode(sales(read("sold_mixed.html"))).decode()


def test_no_exact_matches_is_an_empty_result_whatever_cards_follow():
    assert sales(read("sold_nothing.html")) is None


def test_words_of_nothing_in_a_script_are_no_empty_result():
    page = changed("<head>", "<head><script>var t = 'No exact matches found';</script>")

    assert len(sales(page).sales) == 9


@pytest.mark.parametrize("echo", ["amber archive booster pack", "jade"])
def test_page_of_another_search_is_no_evidence(echo):
    with pytest.raises(EvidenceMissing, match="not of the search"):
        sales(changed('value="Amber Archive booster box"', f'value="{echo}"'))


def test_full_page_without_a_known_card_is_drift():
    page = (
        "<html><ul>" + "<li class='tile'><b class='cost'>$5.00</b></li>" * (FULL_PAGE // 40) + "</ul></html>"
    )

    with pytest.raises(MarkupDrift):
        sales(page)


def test_page_that_is_cut_off_is_unreadable():
    with pytest.raises(UnreadableAnswer):
        sales(read("sold_mixed.html")[:-10])


def test_short_page_without_cards_is_not_nothing():
    with pytest.raises(EvidenceMissing):
        sales("<html><p>Hello</p></html>")


def test_cards_without_titles_are_drift():
    page = read("sold_mixed.html").decode()
    for name in ("s-item__title", "s-card__title", "s-card__link", "su-item-card__title"):
        page = page.replace(f'class="{name}"', 'class="x"').replace(f"su-link {name}", "su-link")

    with pytest.raises(MarkupDrift):
        sales(page)


@pytest.mark.parametrize("renamed", ["__price", "Sold", "SOLD"])
def test_most_sales_without_a_price_or_day_are_drift(renamed):
    page = read("sold_mixed.html").decode()
    if renamed == "__price":
        page = page.replace("__price", "__amount")
    else:
        page = page.replace("Nov", "Xov").replace("NOV", "XOV")

    with pytest.raises(MarkupDrift):
        sales(page)


def test_repeated_listing_counts_once_a_day():
    page = changed("</ul>", read("sold_mixed.html").decode().split("<ul")[1])

    assert sales(page).sales == sales(read("sold_mixed.html")).sales


@pytest.mark.parametrize("identifier", ["epid:123", "gtin:0630509123456", "item:301000000001"])
async def test_only_words_can_be_searched(identifier):
    from scrapers.base import Configuration
    from scrapers.venues.ebay.sold import EbaySoldPages

    scraper = EbaySoldPages(NO_SESSION, Configuration(urls={"ebay_site": "https://www.ebay.com"}))

    with pytest.raises(EvidenceMissing):
        await scraper.scrape_product_price(identifier)
