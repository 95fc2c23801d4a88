"""Scenario: the page parsers, against BeautifulSoup with `html.parser` and selectors doing the same.

Both read the same page in the same run and must find the same; the naive way builds all of the page first.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from bs4 import BeautifulSoup

from quant.money import Money
from scrapers.http import Response
from scrapers.venues.amazon.marketplaces import find_marketplace
from scrapers.venues.amazon.page import parse_product_page
from scrapers.venues.ebay.cards import parse_cards
from scrapers.venues.ebay.markets import find_market

from .parsing_pages import amazon_page, ebay_page
from .results import Figure, ScenarioResult, ratio
from .timing import median_seconds

TITLE = "Pages of about 300 kB"
TARGET_RATIO = 2.0
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ASIN = "B0AMBER001"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Cards of the result page, characters of the product page, and how often everything is timed."""

    cards: int
    characters: int
    repeats: int


FULL = Sizes(cards=110, characters=300_000, repeats=7)
QUICK = Sizes(cards=6, characters=10_000, repeats=3)


def run(*, is_quick: bool) -> ScenarioResult:
    """Parse both pages in both ways.

    Raises:
        RuntimeError: if the two ways do not find the same.
    """
    sizes = QUICK if is_quick else FULL
    cards, product = ebay_page(cards=sizes.cards), amazon_page(size=sizes.characters)
    pairs = (
        ("eBay sold page", cards, read_cards, read_cards_naively),
        ("Amazon product page", product, read_product, read_product_naively),
    )
    figures: list[Figure] = []
    for name, page, ours, naive in pairs:
        if ours(page) != naive(page):
            msg = f"{name}: the two ways do not find the same"
            raise RuntimeError(msg)
        our_seconds = median_seconds(partial(ours, page), repeats=sizes.repeats)
        naive_seconds = median_seconds(partial(naive, page), repeats=sizes.repeats)
        figures += [
            Figure(f"{name}, ours", 1 / our_seconds, "pages/s"),
            Figure(f"{name}, html.parser", 1 / naive_seconds, "pages/s"),
            ratio(
                f"{name}, against html.parser",
                naive_seconds=naive_seconds,
                our_seconds=our_seconds,
                target=TARGET_RATIO,
            ),
        ]
    counted = {"cards": sizes.cards, "eBay characters": len(cards), "Amazon characters": len(product)}
    return ScenarioResult("parsing", TITLE, counted, tuple(figures))


def read_cards(page: str) -> list[tuple[str, str, Decimal, str]]:
    """Return listing, title, price and day of each card."""
    found = parse_cards(page, market=find_market("EBAY_US"), today=NOW.date())
    return [
        (card.listing_id, card.title, card.price.amount, f"{card.ended_on:%d}")
        for card in found.cards
        if isinstance(card.price, Money) and card.ended_on is not None
    ]


def read_cards_naively(page: str) -> list[tuple[str, str, Decimal, str]]:
    """Return the same by selectors over the whole page."""
    soup = BeautifulSoup(page, "html.parser")
    found = []
    for card in soup.select("li.s-item, li.s-card, div.su-item-card"):
        title = card.select_one(".s-item__title, .s-card__title, .su-item-card__title")
        price = card.select_one(".s-item__price, .s-card__price, .su-item-card__price")
        mark = card.select_one(".s-item__title--tag, .s-card__caption, .signal")
        link = card.select_one("a[href*='/itm/']")
        if title and price and mark and link:
            number = re.search(r"/itm/(\d+)", str(link["href"]))
            day = re.search(r"(\d+),", mark.get_text())
            amount = Decimal(price.get_text().strip().lstrip("$").replace(",", ""))
            if number and day:
                found.append((number[1], title.get_text(strip=True), amount, f"{int(day[1]):02d}"))
    return found


def read_product(page: str) -> tuple[str, Decimal]:
    """Return title and price of a product page."""
    response = Response(url="", status=200, headers={}, body=page.encode(), fetched_at=NOW)
    record = parse_product_page(response, asin=ASIN, marketplace=find_marketplace("www.amazon.com"))
    if record is None:
        msg = "the page has an offer"
        raise RuntimeError(msg)
    return record.title, record.quotes[0].amount


def read_product_naively(page: str) -> tuple[str, Decimal]:
    """Return the same by selectors over the whole page."""
    soup = BeautifulSoup(page, "html.parser")
    title = soup.select_one("#productTitle")
    price = soup.select_one("#corePriceDisplay_desktop_feature_div .priceToPay .a-offscreen")
    if title is None or price is None:
        msg = "the page has a title and a price"
        raise RuntimeError(msg)
    return title.get_text(strip=True), Decimal(price.get_text(strip=True).lstrip("$").replace(",", ""))
