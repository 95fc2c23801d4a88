"""Turnover comes from reported sales where there are any, and else from falling stock, labelled."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import Product
from pricing.models import PriceSource
from pricing.observations import SoldCopies
from pricing.selectors import SalesTurnover, sales_turnover
from pricing.services import record_sales
from tests.pricing.factories import NOW, make_product, make_source, observe, record

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sell(external_id: str, ago: int, units: int, *, reference: str = "day", source=None, at=NOW) -> None:
    row = SoldCopies(external_id, reference, (NOW - ago * DAY).date(), units, Decimal(9))
    record_sales(source or make_source(), [row], now=at)


def stock(product: Product, *quantities: int) -> None:
    for ago, quantity in enumerate(reversed(quantities)):
        record(observe(product, "5", available_quantity=quantity), at=NOW - ago * DAY)


def turnover(product: Product, now=NOW) -> SalesTurnover | None:
    return sales_turnover([product.key], source=make_source(), now=now).get(product.key)


def test_reported_sales_of_thirty_days_are_added_up():
    box = make_product("Box", ids={"mcm": "1"})
    for ago, units in ((0, 2), (3, 5), (29, 1), (30, 100)):
        sell("1", ago, units)

    assert turnover(box) == SalesTurnover(days_with_sale=3, units_sold=8, is_feed=True)


def test_without_reports_falling_stock_stands_in_and_says_so():
    box = make_product("Box")
    stock(box, 9, 7, 7)

    assert turnover(box) == SalesTurnover(days_with_sale=1, units_sold=2, is_feed=False)


def test_reports_go_before_stock_even_when_nothing_was_sold():
    box = make_product("Box", ids={"mcm": "1"})
    stock(box, 9, 7)
    sell("1", 2, 0)

    assert turnover(box) == SalesTurnover(0, 0, is_feed=True)


def test_what_is_known_by_neither_is_absent():
    assert turnover(make_product("Box")) is None


def test_a_feed_that_fell_silent_is_no_feed():
    box = make_product("Box", ids={"mcm": "1"})
    sell("1", 0, 5)

    assert turnover(box, now=NOW + 61 * DAY) is None
    assert turnover(box, now=NOW + 40 * DAY) == SalesTurnover(0, 0, is_feed=True)


def test_listings_and_the_total_of_their_day_are_counted_once():
    box = make_product("Box", ids={"mcm": "1"})
    sell("1", 1, 3)
    sell("1", 1, 1, reference="item-1")
    sell("1", 1, 1, reference="item-2")

    assert turnover(box) == SalesTurnover(1, 3, is_feed=True)


def test_sources_of_one_venue_share_their_sales_and_are_not_added_up():
    box = make_product("Box", ids={"mcm": "1"})
    own = make_source()
    other = PriceSource.objects.create(
        code="cardmarket-sold", venue=own.venue, currency="EUR", identifier_source="mcm",
        market_price_type="market",
    )  # fmt: skip
    sell("1", 1, 3, source=other)
    sell("1", 1, 2, source=own)
    sell("1", 2, 9, source=make_source("tcgplayer"))

    assert turnover(box) == SalesTurnover(1, 3, is_feed=True)


def test_many_products_take_two_statements(django_assert_num_queries):
    boxes = [make_product("Box", ids={"mcm": str(number)}) for number in range(5)]
    sell("1", 1, 3)
    stock(boxes[2], 9, 7)
    source = make_source()

    with django_assert_num_queries(2):
        found = sales_turnover([box.key for box in boxes], source=source, now=NOW)

    assert {key: moved.is_feed for key, moved in found.items()} == {boxes[1].key: True, boxes[2].key: False}
