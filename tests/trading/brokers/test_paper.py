from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.fees import FeeSchedule, net_proceeds
from quant.sealed.contents import Contents
from tests.pricing.factories import NOW
from trading.brokers import BROKERS, BuyOrder, Market, PaperBroker, SellOrder, broker_for
from trading.brokers.market import CardPrice
from trading.choices import TradingMode
from trading.errors import LiveNotAvailable

CARD = (7, "nonfoil")
FEES = FeeSchedule.from_data(
    [
        {"name": "c", "kind": "rate", "rate": "0.0525"},
        {"name": "f", "kind": "fixed", "amount": "0.30", "base": "order"},
    ],
    currency="EUR", postage_per_order="1.10", packing_per_order="0.15",
)  # fmt: skip


def _market(price: str | None = "10.00", **facts) -> Market:
    prices = {} if price is None else {CARD: CardPrice(Decimal(price), NOW)}
    return Market(
        **{"currency": "EUR", "prices": prices, "fees": FEES, "is_open": True, "floor": Decimal(1), **facts}
    )


@pytest.mark.parametrize("mode", ["live", "margin", "", "PAPER"])
def test_only_paper_exists(mode):
    with pytest.raises(LiveNotAvailable) as refused:
        broker_for(mode)
    assert refused.value.details["available"] == ["paper"]


def test_the_paper_broker_is_made_of_nothing():
    broker = broker_for(TradingMode.PAPER)

    assert isinstance(broker, PaperBroker)
    assert not vars(broker)  # no credentials, no transport, no state
    assert set(BROKERS) == {"paper"}


def test_a_purchase_is_filled_whole_at_the_checked_price():
    asked = BuyOrder("x:0", 3, Decimal("60.00"), Decimal("1.50"), NOW - timedelta(hours=1))

    report = PaperBroker().buy(asked, now=NOW)

    assert (report.quantity, report.price) == (3, Decimal(60))
    assert (report.fees, report.postage) == (Decimal(0), Decimal("4.50"))
    assert (report.client_order_id, report.price_recorded_at, report.filled_at) == (
        "x:0",
        NOW - timedelta(hours=1),
        NOW,
    )


@given(st.decimals(Decimal("4.00"), Decimal(500), places=2), st.integers(1, 30))
def test_a_copy_brings_exactly_what_the_valuation_counts_for_it(price, copies):
    report = PaperBroker().sell(SellOrder("x:1", CARD, copies), market=_market(str(price)), now=NOW)

    assert report is not None
    net = report.gross - report.fees - report.postage
    assert net == copies * net_proceeds(price, schedule=FEES)
    assert report.postage == copies * Decimal("1.25")
    assert report.fees >= 0


@pytest.mark.parametrize(
    ("price", "facts"),
    [
        (None, {}),
        ("0.99", {}),
        ("1.20", {}),  # fees and postage eat it
        ("10.00", {"is_open": False}),
    ],
)
def test_what_cannot_be_sold_stays(price, facts):
    assert PaperBroker().sell(SellOrder("x:1", CARD, 1), market=_market(price, **facts), now=NOW) is None


def test_below_the_floor_a_copy_goes_for_the_bulk_value():
    report = PaperBroker().sell(
        SellOrder("x:1", CARD, 4), market=_market("0.40", bulk_value=Decimal("0.05")), now=NOW
    )

    assert report is not None
    assert (report.price, report.fees, report.postage) == (Decimal("0.05"), Decimal(0), Decimal(0))


def test_where_nothing_is_charged_the_price_is_kept():
    sale = _market("10.00", fees=None).sale_of(CARD, 2)

    assert sale is not None
    assert (sale.fees, sale.postage) == (Decimal(0), Decimal(0))


def test_several_copies_to_one_buyer_share_what_is_charged_per_order():
    alone, together = _market().sale_of(CARD, 4), _market(items_per_order=4).sale_of(CARD, 4)

    assert alone is not None
    assert together is not None
    assert (alone.postage, together.postage) == (Decimal("5.00"), Decimal("1.25"))
    assert together.fees < alone.fees


def test_opening_is_the_same_for_the_same_seed():
    inside = Contents(cards=((CARD, 2),))

    assert PaperBroker().open_products(inside, quantity=3, seed=5).copies == {CARD: 6}
