from decimal import Decimal

import pytest

from opportunities.detection.assessment import sales_volume
from pricing.selectors import SalesTurnover


def test_unknown_sales_score_nothing():
    factor = sales_volume(None)

    assert factor.score == 0
    assert factor.inputs["days_with_sale"] is None


@pytest.mark.parametrize(
    ("is_feed", "score", "basis"),
    [(False, Decimal("0.5"), "stock proxy"), (True, Decimal("0.975900"), "sales")],
)
def test_brisk_trade_counts_fully_only_where_it_is_reported(is_feed: bool, score: Decimal, basis: str):
    factor = sales_volume(SalesTurnover(days_with_sale=30, units_sold=600, is_feed=is_feed))

    assert factor.score == score
    assert (factor.inputs["is_proxy"], factor.inputs["basis"]) == (not is_feed, basis)


def test_a_month_without_sales_scores_nothing():
    assert sales_volume(SalesTurnover(days_with_sale=0, units_sold=0, is_feed=True)).score == 0
