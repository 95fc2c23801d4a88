"""Fees of real venues to the cent, and what must hold for any schedule."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.fees import FeeKind, FeeSchedule, Order, flat_rate, net_proceeds, order_fees, sale_fees
from quant.money import InvalidAmount

from ..strategies import amounts, fee_schedules, prices

TRANSACTION = [
    {"name": "transaction", "kind": "rate", "base": "order", "rate": "0.025"},
    {"name": "transaction, fixed", "kind": "fixed", "base": "order", "amount": "0.30"},
]
TCGPLAYER = FeeSchedule.from_data(
    [
        {"name": "commission", "kind": "rate", "rate": "0.1025", "includes": ["shipping"], "cap": "75"},
        *TRANSACTION,
    ],
    currency="USD",
)
TCGPLAYER_PRO = FeeSchedule.from_data(
    [
        {"name": "commission", "kind": "rate", "rate": "0.0925", "includes": ["shipping"], "cap": "75"},
        {"name": "pro", "kind": "rate", "rate": "0.025", "includes": ["shipping"], "cap": "75"},
        *TRANSACTION,
    ],
    currency="USD",
)
DIRECT_FROM = {"at_least": "2.49"}
TCGPLAYER_DIRECT = FeeSchedule.from_data(
    [
        {"name": "cheap card", "kind": "rate", "rate": "0.5", "threshold": {"below": "2.49"}},
        {"name": "per card", "kind": "fixed", "amount": "1.12", "threshold": DIRECT_FROM},
        {"name": "commission", "kind": "rate", "rate": "0.1075", "cap": "75", "threshold": DIRECT_FROM},
        {"name": "transaction", "kind": "rate", "rate": "0.025", "threshold": DIRECT_FROM},
    ],
    currency="USD",
)
EBAY = FeeSchedule.from_data(
    [
        {"name": "value", "kind": "tiers", "includes": ["shipping", "tax"],
         "tiers": [{"up_to": "7500", "rate": "0.1325"}, {"rate": "0.0235"}]},
        {"name": "small", "kind": "fixed", "base": "order", "amount": "0.30", "threshold": {"at_most": "10"}},
        {"name": "order", "kind": "fixed", "base": "order", "amount": "0.40", "threshold": {"above": "10"}},
    ],
    currency="USD",
)  # fmt: skip
CARDMARKET = FeeSchedule.from_data(
    [{"name": "commission", "kind": "rate", "rate": "0.05", "cap": "100"}], currency="EUR"
)


@pytest.mark.parametrize(("schedule", "printed"), [(TCGPLAYER, "8.87"), (TCGPLAYER_PRO, "9.86")])
def test_tcgplayers_printed_examples(schedule, printed):
    """Help page "Fee Calculation Examples": subtotal 66.30 with shipping, order total 70.78 with tax."""
    fees = sale_fees(Decimal("62.30"), schedule, shipping=Decimal("4.00"), tax=Decimal("4.48"))

    assert fees == Decimal(printed)


def test_tcgplayers_printed_components():
    order = Order((Decimal("30.00"), Decimal("32.30")), shipping=Decimal("4.00"), tax=Decimal("4.48"))

    charges = {charge.name: charge.amount for charge in order_fees(order, TCGPLAYER_PRO)}

    assert charges["commission"] == Decimal("6.13")
    assert charges["pro"] == Decimal("1.66")
    assert charges["transaction"] + charges["transaction, fixed"] == Decimal("2.07")


def test_quarter_card_loses_money_at_tcgplayer():
    assert net_proceeds(Decimal("0.25"), schedule=TCGPLAYER) == Decimal("-0.09")


@pytest.mark.parametrize(
    ("price", "fees"),
    [("1.00", "0.50"), ("2.48", "1.24"), ("2.49", "1.45"), ("10.00", "2.45"), ("1000.00", "101.12")],
)
def test_direct_takes_half_of_a_cheap_card_and_per_card_above(price, fees):
    assert sale_fees(Decimal(price), TCGPLAYER_DIRECT) == Decimal(fees)


@pytest.mark.parametrize(
    ("price", "fees"),
    [("10.00", "1.63"), ("10.01", "1.73"), ("7500.00", "994.15"), ("8500.00", "1017.65")],
)
def test_ebay_tiers_are_marginal_and_its_order_fee_switches(price, fees):
    assert sale_fees(Decimal(price), EBAY) == Decimal(fees)


@pytest.mark.parametrize(
    ("price", "fees"),
    [("0.02", "0.00"), ("0.10", "0.01"), ("50.00", "2.50"), ("2000", "100"), ("9000", "100")],
)
def test_cardmarket_takes_five_percent_up_to_a_hundred(price, fees):
    assert sale_fees(Decimal(price), CARDMARKET) == Decimal(fees)


def test_minimum_is_charged_where_the_component_applies():
    data = [
        {"name": "referral", "kind": "rate", "rate": "0.15", "min": "0.30", "threshold": {"at_least": "1"}}
    ]
    schedule = FeeSchedule.from_data(data, currency="USD")

    assert sale_fees(Decimal("1.00"), schedule) == Decimal("0.30")
    assert sale_fees(Decimal("10.00"), schedule) == Decimal("1.50")
    assert sale_fees(Decimal("0.99"), schedule) == 0


def test_shipping_of_a_free_order_is_spread_evenly():
    order = Order((Decimal(0), Decimal(0)), shipping=Decimal(10))

    assert order_fees(order, TCGPLAYER)[0].amount == Decimal("1.03")


def test_postage_and_packing_are_spread_over_the_order():
    schedule = replace(CARDMARKET, postage_per_order=Decimal("1.00"), packing_per_order=Decimal("0.20"))

    alone = net_proceeds(Decimal("10.00"), schedule=schedule)
    together = net_proceeds(Decimal("10.00"), schedule=schedule, items_per_order=4)

    assert alone == Decimal("8.30")
    assert together == Decimal("9.20")


def test_net_of_a_currency_without_decimals_is_whole():
    assert net_proceeds(Decimal(999), schedule=flat_rate(Decimal("0.05"), "JPY")) == Decimal(949)


@pytest.mark.parametrize("price", [Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity"), 1.5])
def test_bad_price_is_refused(price):
    with pytest.raises(InvalidAmount):
        sale_fees(price, CARDMARKET)


def test_order_needs_an_article_and_a_positive_size():
    with pytest.raises(InvalidAmount):
        Order(())
    with pytest.raises(InvalidAmount):
        net_proceeds(Decimal(1), schedule=CARDMARKET, items_per_order=0)


@given(price=prices, schedule=fee_schedules(), extra=amounts)
def test_raising_a_fee_never_raises_the_proceeds(price, schedule, extra):
    fixed = FeeSchedule.from_data(
        [{"name": "more", "kind": "fixed", "amount": str(extra)}], currency="EUR"
    ).components
    dearer = [
        replace(schedule, components=schedule.components + fixed),
        replace(schedule, postage_per_order=schedule.postage_per_order + extra),
        replace(schedule, packing_per_order=schedule.packing_per_order + extra),
    ]

    before = net_proceeds(price, schedule=schedule)

    assert all(net_proceeds(price, schedule=after) <= before for after in dearer)


@given(price=prices, low=st.integers(0, 10_000), more=st.integers(0, 10_000))
def test_proceeds_fall_with_the_rate(price, low, more):
    cheap = flat_rate(Decimal(low).scaleb(-4), "EUR")
    dear = flat_rate(Decimal(min(low + more, 10_000)).scaleb(-4), "EUR")

    assert net_proceeds(price, schedule=dear) <= net_proceeds(price, schedule=cheap) <= price


@given(schedule=fee_schedules(), items=st.lists(prices, min_size=1, max_size=5), data=st.data())
def test_order_of_articles_does_not_matter(schedule, items, data):
    shuffled = data.draw(st.permutations(items))

    assert order_fees(Order(tuple(items)), schedule) == order_fees(Order(tuple(shuffled)), schedule)


@given(price=prices, schedule=fee_schedules())
def test_fees_are_whole_cents_and_never_negative(price, schedule):
    for charge in order_fees(Order((price,)), schedule):
        assert charge.amount >= 0
        assert charge.amount == charge.amount.quantize(Decimal("0.01"))


@given(price=prices, schedule=fee_schedules())
def test_caps_hold_for_one_article(price, schedule):
    for component, charge in zip(schedule.components, order_fees(Order((price,)), schedule), strict=True):
        if component.cap is not None:
            assert charge.amount <= component.cap
        if component.kind is FeeKind.RATE and component.rate is not None:
            assert charge.amount <= price * component.rate + Decimal("0.005")
