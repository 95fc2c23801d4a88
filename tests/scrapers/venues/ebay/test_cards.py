from datetime import date
from decimal import Decimal

import pytest

from quant.money import Money
from scrapers.amounts import PriceRange
from scrapers.venues.ebay.cards import Card, parse_cards
from scrapers.venues.ebay.markets import find_market

from .reading import read

TODAY = date(2026, 11, 21)


def cards(page, market="EBAY_US"):
    return parse_cards(page, market=find_market(market), today=TODAY).cards


def usd(amount):
    return Money(Decimal(amount), "USD")


def test_recorded_cards_of_2021_are_read(shared_data):
    page = (shared_data / "wire/ebay/search_s_item_2021.html").read_text()

    assert cards(page) == (
        Card(
            listing_id="402943017690",
            title="Puma Powercamp 2.0 Training Ball Mens Soccer Cleats - Size 5",
            price=usd("19.99"),
            ended_on=date(2026, 6, 23),
            subtitle="Brand New",
        ),
    )


def test_recorded_cards_of_april_2026_are_read(shared_data):
    page = (shared_data / "wire/ebay/search_s_card_2026-04.html").read_text()

    assert cards(page) == (
        Card("111111111111", "TEST-PART-001 16G eMMC chip new", usd("13.50")),
        Card("222222222222", "2PCS TEST-PART-001 EMMC 5.1 memory chip", usd("20.00")),
        Card("333333333333", "5PCS TEST-PART-001 BGA153 EMMC flash", usd("28.00")),
        Card("444444444444", "TEST-PART-001 variable price listing", None),
    )


def test_recorded_cards_of_july_2026_are_read(shared_data):
    page = (shared_data / "wire/ebay/sold_su_item_card_2026-07.html").read_text()

    assert cards(page) == (
        Card(
            listing_id="377305506170",
            title="New HP 63 XL Black Ink Printer Cartridge High Yield",
            price=usd("45.00"),
            is_sold=True,
            ended_on=date(2026, 7, 5),
            is_best_offer=True,
            subtitle="Brand New",
        ),
        Card(
            listing_id="267717942253",
            title="HP 63XL Ink Cartridge - Black",
            price=usd("27.99"),
            is_sold=False,
            ended_on=date(2026, 7, 4),
            subtitle="Open Box",
        ),
    )


def test_three_markups_in_one_page_are_read():
    found = {card.listing_id: card for card in cards(read("sold_mixed.html").decode())}

    assert {number: card.price for number, card in found.items()} == {
        "401000000001": usd("451.25"),
        "401000000002": PriceRange(usd("410.75"), usd("930.93")),
        "401000000003": usd("433.00"),
        "402000000001": usd("1048.50"),
        "402000000002": PriceRange(usd("10.75"), usd("30.93")),
        "402000000003": None,
        "402000000004": usd("470.00"),
        "403000000001": usd("444.00"),
        "403000000002": usd("499.00"),
        "403000000003": PriceRange(usd(471), usd(796)),
        "403000000004": Money(Decimal("3497.54"), "HKD"),
        "403000000005": usd("120.00"),
        "403000000006": usd("2650.00"),
        "403000000007": usd("4.50"),
        "": usd("440.00"),
    }
    assert [number for number, card in found.items() if card.is_best_offer] == [
        "402000000004",
        "403000000001",
    ]
    assert found["401000000001"].title == "Amber Archive Booster Box & Promo"
    assert found["402000000001"].title == "AMBER ARCHIVE Booster Box NEW"
    assert found["401000000003"].ended_on == date(2025, 12, 30)
    assert found["403000000002"].is_sold is False


def test_accepted_offer_at_an_unknown_place_taints_every_card():
    page = (
        read("sold_mixed.html").decode().replace("12 bids", '</div><b class="x">Best offer accepted</b><div>')
    )

    assert all(card.is_best_offer for card in cards(page.replace('s-card__attribute-row"></', 'y"></')))


def one_card(price, *, language=""):
    return (
        f'<html{language}><li class="s-card" data-listingid="402000000002"><a class="s-card__link"'
        f' href="https://www.ebay.de/itm/402000000002"><span>Box</span></a>'
        f'<div class="s-card__attribute-row"><span class="s-card__price">{price}</span></div></li></html>'
    )


@pytest.mark.parametrize(
    ("price", "language", "market", "expected"),
    [
        ("EUR 19.500,00", "", "EBAY_US", Money(Decimal(19500), "EUR")),
        ("EUR 19.500", ' lang="de-DE"', "EBAY_US", Money(Decimal(19500), "EUR")),
        ("EUR 19.500", "", "EBAY_DE", Money(Decimal(19500), "EUR")),
        ("EUR 19.500", ' lang="en"', "EBAY_DE", None),
        ("1.234,50&nbsp;€", ' lang="fr"', "EBAY_FR", Money(Decimal("1234.50"), "EUR")),
        ("£6.50", ' lang="en"', "EBAY_GB", Money(Decimal("6.50"), "GBP")),
        ("$1,500", ' lang="en"', "EBAY_US", usd(1500)),
        ("C $26.55", ' lang="en"', "EBAY_US", Money(Decimal("26.55"), "CAD")),
        ("$1e3", "", "EBAY_US", None),
        ("-40% $18.79", "", "EBAY_US", None),
        ("Tap for price", "", "EBAY_US", None),
    ],
)
def test_price_follows_the_language_of_the_page(price, language, market, expected):
    (card,) = cards(one_card(price, language=language), market)

    assert card.price == expected


@pytest.mark.parametrize("page", ["", "<html></html>", "no markup", "<li class='s-cards'>x</li>"])
def test_page_without_cards_has_none(page):
    assert cards(page) == ()
