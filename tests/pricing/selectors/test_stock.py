"""Turnover read from falling stock."""

from datetime import timedelta

import pytest

from pricing.selectors import StockTurnover, stock_turnover
from tests.pricing.factories import NOW, make_product, make_source, observe, record

pytestmark = pytest.mark.django_db


def _offer(product, quantities, *, price_type="low"):
    """Record one offer a day, the last one now."""
    for age, quantity in enumerate(reversed(quantities)):
        seen = observe(product, "90", price_type, available_quantity=quantity)
        record(seen, at=NOW - timedelta(days=age), now=NOW)


def _turnover(*products):
    return stock_turnover(product_keys=[p.key for p in products], source=make_source(), now=NOW)


def test_stock_turnover_counts_falls_and_not_restocking():
    box = make_product("Box", sealed=True)
    _offer(box, [10, 8, 8, 20, 15])

    assert _turnover(box) == {box.key: StockTurnover(days_with_sale=2, units_sold=7)}


def test_stock_turnover_of_steady_stock_is_known_and_zero():
    box = make_product("Box", sealed=True)
    _offer(box, [4, 4, 4])

    assert _turnover(box) == {box.key: StockTurnover(days_with_sale=0, units_sold=0)}


def test_stock_turnover_without_two_days_of_stock_is_absent():
    once, never = make_product("Once", sealed=True), make_product("Never", sealed=True)
    _offer(once, [3])
    record(observe(never, "50", "low"), at=NOW, now=NOW)

    assert _turnover(once, never) == {}


def test_stock_turnover_takes_one_figure_a_day():
    box = make_product("Box", sealed=True)
    _offer(box, [9, 5])
    record(observe(box, "90", "low", available_quantity=7), at=NOW - timedelta(hours=2), now=NOW)

    assert _turnover(box)[box.key].units_sold == 4


def test_stock_turnover_ignores_what_is_older_than_the_period():
    box = make_product("Box", sealed=True)
    record(observe(box, "90", "low", available_quantity=50), at=NOW - timedelta(days=40), now=NOW)
    _offer(box, [6, 5])

    assert _turnover(box)[box.key].units_sold == 1
