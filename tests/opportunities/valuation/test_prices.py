from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opportunities.valuation import load_unit_prices
from opportunities.valuation.prices import net_cents
from quant.fees import FeeSchedule, flat_rate, net_proceeds
from tests.pricing.factories import NOW, make_product, make_source, observe, record

FIXED = FeeSchedule.from_data(
    [
        {"name": "rate", "kind": "rate", "rate": "0.1075", "cap": "75"},
        {"name": "order", "kind": "fixed", "base": "order", "amount": "0.30"},
    ],
    currency="USD",
)


def load(fresh_after=None):
    return load_unit_prices(source=make_source(), price_type="trend", fresh_after=fresh_after)


def price_of(card, finish: str, **options):
    prices = load(**options)
    row = prices.row_of((card.key, finish))
    return prices.price_of(row) if row else None


@pytest.mark.django_db
class TestUnitPrices:
    def test_each_finish_has_its_own_price(self):
        card = make_product()
        record(observe(card, "2.00", finish="nonfoil"), observe(card, "7.00", finish="foil"))

        assert (price_of(card, "nonfoil"), price_of(card, "foil")) == (Decimal("2.00"), Decimal("7.00"))

    def test_a_foil_without_price_does_not_take_the_plain_one(self):
        card = make_product()
        record(observe(card, "2.00", finish="nonfoil"))

        assert price_of(card, "foil") is None

    def test_a_card_never_printed_plain_takes_the_plain_price(self):
        card = make_product(finishes=["foil", "etched"])
        record(observe(card, "2.00", finish="nonfoil"))
        if price_of(card, "foil") is None:  # the ingest may refuse a finish the card has not
            pytest.skip("the ingest stores no plain price of this card")

        assert price_of(card, "foil") == price_of(card, "etched") == Decimal("2.00")

    @pytest.mark.parametrize("finish", ["reverse", "first_ed", "first_foil"])
    def test_other_finishes_have_their_own_prices_and_take_no_others(self, finish: str):
        card = make_product(finishes=["foil", finish])
        record(observe(card, "7.00", finish="foil"))
        assert price_of(card, finish) is None

        record(observe(card, "9.00", finish=finish))

        assert (price_of(card, finish), price_of(card, "foil")) == (Decimal("9.00"), Decimal("7.00"))

    def test_an_uncertain_price_is_absent(self):
        card = make_product()
        record(observe(card, "7.00"), quality="0.49")

        assert price_of(card, "nonfoil") is None

    def test_an_etched_card_takes_the_foil_price(self):
        card = make_product(finishes=["nonfoil", "foil", "etched"])
        record(observe(card, "7.00", finish="foil"))

        assert price_of(card, "etched") == Decimal("7.00")

    def test_near_mint_goes_before_any_condition_and_played_is_never_used(self):
        card, played = make_product(), make_product()
        record(
            observe(card, "2.00", finish="nonfoil", condition="any"),
            observe(card, "3.00", finish="nonfoil", condition="near_mint"),
            observe(played, "1.00", finish="nonfoil", condition="heavily_played"),
        )

        assert price_of(card, "nonfoil") == Decimal("3.00")
        assert price_of(played, "nonfoil") is None

    def test_an_old_price_is_stale_and_still_known(self):
        card = make_product()
        record(observe(card, "2.00", finish="nonfoil"), at=NOW - timedelta(hours=1))

        prices = load(fresh_after=NOW)

        assert prices.row_of((card.key, "nonfoil")) == 0
        assert prices.stale_price_of((card.key, "nonfoil")) == Decimal("2.00")

    def test_unknown_cards_have_no_price(self):
        prices = load()

        assert prices.row_of((10**6, "nonfoil")) == prices.row_of((1, "wooden")) == 0
        assert prices.stale_price_of((10**6, "nonfoil")) is None


@given(
    st.lists(st.integers(0, 500_00), min_size=1, max_size=30),
    st.sampled_from([None, FIXED, flat_rate(Decimal("0.05"), "USD")]),
    st.sampled_from(["0", "0.05", "1.00"]),
)
def test_net_amounts_equal_those_of_the_fee_mathematics(cents, schedule, floor):
    floor = Decimal(floor)

    net = net_cents(
        np.array(cents, dtype=np.int64),
        floor=floor,
        bulk_value=Decimal(0),
        schedule=schedule,
        items_per_order=1,
    )

    for amount, brought in zip(cents, net.tolist(), strict=True):
        price = Decimal(amount) / 100
        expected = Decimal(0)
        if amount and price >= floor:
            expected = price if schedule is None else net_proceeds(price, schedule=schedule)
        assert brought == max(expected, Decimal(0)) * 100
