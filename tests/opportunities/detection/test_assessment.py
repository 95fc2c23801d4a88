"""The parts of an assessment that stand alone."""

from decimal import Decimal

from opportunities.detection.assessment import stock_volume
from pricing.selectors import StockTurnover


def test_stock_volume_of_unknown_stock_scores_nothing():
    factor = stock_volume(None)

    assert factor.score == 0
    assert factor.inputs["units_sold"] is None


def test_stock_volume_of_brisk_trade_is_labelled_and_capped():
    factor = stock_volume(StockTurnover(days_with_sale=30, units_sold=600))

    assert factor.score == Decimal("0.5")
    assert factor.inputs["is_proxy"] is True


def test_stock_volume_of_steady_stock_scores_nothing():
    assert stock_volume(StockTurnover(days_with_sale=0, units_sold=0)).score == 0
