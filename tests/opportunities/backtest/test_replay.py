"""The replay against the live analysis run day by day, and against planted prices."""

import random
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest

from catalog.models import Product
from opportunities.backtest.replay import end_of_day
from opportunities.models import Opportunity
from opportunities.services import analyze_products
from pricing.models import FeeSchedule
from pricing.selectors import fee_schedule_at
from pricing.services import release_price
from pricing.services.outliers import mark_outlier
from quant.fees import net_proceeds
from tests.opportunities.backtest.world import (
    NOW,
    day,
    days_of,
    deck_for,
    held_price,
    noon,
    plant,
    profits,
    replayed,
    signals,
)
from tests.opportunities.factories import POLICY, make_deck, price_deck, put_inside
from tests.pricing.factories import make_held, make_product, make_source, make_user, observe, record
from users.choices import Role

pytestmark = pytest.mark.django_db

DAYS, HORIZON = 6, 2
CENT = Decimal("0.01")


class Market:
    """Three sealed products with sure and random cards, whose prices wander."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.cards = [make_product(f"Card {number}") for number in range(8)]
        self.boxes = [make_product(f"Box {number}", sealed=True) for number in range(3)]
        self.copies: dict[Product, dict[Product, Decimal]] = {box: {} for box in self.boxes}
        for box in self.boxes:
            for card in self.dice.sample(self.cards, 5):
                self._put(box, card)
        self.prices = {card: Decimal(self.dice.randint(60, 3_000)) / 100 for card in self.cards}
        self.costs = {
            box: (self.value(box) * Decimal(self.dice.choice(["0.75", "0.97", "1.1"]))).quantize(CENT)
            for box in self.boxes
        }

    def _put(self, box: Product, card: Product) -> None:
        trials = self.dice.randint(1, 4)
        chance = self.dice.choice([None, "0.25", "0.5"])
        put_inside(box, card, trials, probability=chance, slot=card.name if chance else "")
        self.copies[box][card] = trials * Decimal(chance or 1)

    def wander(self) -> None:
        for prices in (self.prices, self.costs):
            for article, price in prices.items():
                prices[article] = max(
                    CENT, (price * Decimal(self.dice.randint(98, 102)) / 100).quantize(CENT)
                )

    def record(self, number: int) -> None:
        seen = [observe(card, price) for card, price in self.prices.items()]
        seen += [observe(box, cost, seller_count=5) for box, cost in self.costs.items()]
        record(*seen, at=noon(number))

    def value(self, box: Product) -> Decimal:
        """Value one box by the definition: copies times net proceeds of what reaches the floor."""
        _, terms = fee_schedule_at(venue=make_source().venue, on=date(2026, 11, 1), category="mtg")
        total = sum(
            (
                copies * net_proceeds(self.prices[card], schedule=terms, items_per_order=1)
                for card, copies in self.copies[box].items()
                if self.prices[card] >= 1
            ),
            Decimal(0),
        )
        return total.quantize(CENT, rounding=ROUND_FLOOR)


def _live_signals(number: int) -> list[dict[str, Any]]:
    """Return what the live analysis says at the end of a day, with nothing of later days recorded yet."""
    analyze_products(now=end_of_day(day(number)), policy=POLICY)
    return [
        {
            "day": day(number),
            "product_id": row.sealed_product_id,
            "currency": row.currency,
            "total_cost": row.total_cost,
            "expected_value": row.singles_value,
            "expected_profit": row.net_profit,
            "margin_percentage": row.margin_percentage,
            "confidence_score": row.confidence_score,
            "probability_of_profit": row.probability_of_profit,
            "risk_level": row.risk_level,
            "category": "mtg",
        }
        for row in Opportunity.objects.active().filter(needs_review=False).order_by("sealed_product_id")
    ]


@pytest.mark.parametrize("seed", [3, 7, 11])
def test_signals_are_those_of_the_live_analysis_and_profits_those_of_a_sale_later(seed: int):
    market = Market(seed)
    live, values = [], {}
    for number in range(DAYS + HORIZON):
        market.record(number)
        values.update({(day(number), box.id): market.value(box) for box in market.boxes})
        if number < DAYS:
            live += _live_signals(number)
        market.wander()

    backtest = replayed(DAYS, horizon=HORIZON)

    found = signals(backtest)
    firsts = [row.pop("is_first") for row in found]
    assert found == live
    assert len(live) >= 3
    seen = {(row["product_id"], row["day"]) for row in live}
    assert firsts == [(row["product_id"], row["day"] - timedelta(days=1)) not in seen for row in live]
    assert profits(backtest) == [
        values[row["day"] + timedelta(days=HORIZON), row["product_id"]] - row["total_cost"] for row in live
    ]


def test_a_price_of_tomorrow_changes_no_signal_of_today():
    deck = deck_for(6)
    before = signals(replayed(4))

    plant(deck.chase, "90000.00", at=end_of_day(day(3)) + timedelta(microseconds=1))
    after = signals(replayed(4))

    assert len(before) == 4
    assert after == before


def test_a_price_of_the_judging_day_changes_the_realised_side_only():
    deck = deck_for(6)
    before = replayed(2, horizon=3)

    plant(deck.chase, "90000.00", at=noon(4) + timedelta(hours=1))
    after = replayed(2, horizon=3)

    assert signals(after) == signals(before)
    assert profits(before) == [Decimal("16.00"), Decimal("16.00")]
    # 90000.00 less the highest fee of 100.00 instead of 38.00, on the judging day of the second signal only
    assert profits(after) == [Decimal("16.00"), Decimal("89878.00")]


def test_a_price_of_the_last_moment_of_the_day_counts():
    deck = deck_for(4)
    plant(deck.sealed, "70.00", at=end_of_day(day(1)))

    found = signals(replayed(2), "day", "total_cost")

    assert [row["total_cost"] for row in found] == [60, 70]


def test_a_run_of_signals_begins_again_after_a_day_without():
    deck = make_deck(at=noon(0))
    for number, cost in enumerate(["60.00", "60.00", "75.99", "76.10", "75.90", "60.00"]):
        if number:
            price_deck(deck, at=noon(number), cost=cost)

    found = signals(replayed(6), "day", "is_first")

    # 75.99 still leaves a cent of profit, 76.10 does not
    assert [((row["day"] - day(0)).days, row["is_first"]) for row in found] == [
        (0, True), (1, False), (2, False), (4, True), (5, False),
    ]  # fmt: skip


def test_prices_age_as_they_did_then():
    deck = make_deck(at=noon(0))
    price_deck(deck, at=noon(6))

    assert days_of(replayed(7)) == [0, 1, 2, 6]


def test_what_ends_after_today_is_not_judged():
    deck_for(4)

    backtest = replayed(4, horizon=2, now=noon(4))

    assert profits(backtest) == [Decimal("16.00"), Decimal("16.00"), None, None]


def test_a_basket_without_enough_prices_later_stays_unjudged():
    deck = make_deck(at=noon(0))
    price_deck(deck, at=noon(1))
    record(observe(deck.chase, "41.00"), observe(deck.solid, "21.00"), at=noon(5))

    backtest = replayed(1, horizon=5)

    (row,) = signals(backtest, "realised_profit", "realised_coverage")
    assert row == {"realised_profit": None, "realised_coverage": Decimal("0.2307")}  # 3 of 13 copies


def test_fees_are_those_of_the_day():
    deck_for(6)
    old = FeeSchedule.objects.get(venue=make_source().venue, valid_to=None)
    FeeSchedule.objects.filter(pk=old.pk).update(valid_from=date(2020, 1, 1), valid_to=day(2))
    FeeSchedule.objects.create(
        venue=old.venue, currency="EUR", version=old.version + 1, valid_from=day(2),
        components=[{"name": "Commission", "kind": "rate", "rate": "0.10"}],
    )  # fmt: skip

    found = signals(replayed(3, horizon=1), "expected_value", "realised_value", "day", "product_id")

    # 80.00 of counted cards, after 5 % and after 10 %
    assert [(row["expected_value"], row["realised_value"]) for row in found] == [(76, 76), (76, 72), (72, 72)]


def test_a_price_held_in_quarantine_then_refuses_then_whatever_was_decided_later():
    deck = deck_for(3)
    held = make_held(deck.sealed, at=noon(3))
    price_deck(deck, at=noon(5))
    operator = make_user("olga", Role.OPERATOR)
    release_price(quarantined_id=held.pk, actor=operator, now=noon(12))

    # the released price of 900.00 counts from the twelfth day on, when a newer one is known already
    assert days_of(replayed(6)) == [0, 1, 2, 5]


def test_a_released_price_counts_from_its_release_on():
    deck = deck_for(2)
    held = held_price(deck.sealed, "64.00", at=noon(2))
    record(observe(deck.chase, "40.00"), observe(deck.solid, "20.00"), observe(deck.bulk, "0.50"), at=noon(3))
    release_price(quarantined_id=held.pk, actor=make_user("olga", Role.OPERATOR), now=noon(4))

    found = signals(replayed(5), "day", "total_cost")

    assert [((row["day"] - day(0)).days, row["total_cost"]) for row in found] == [(0, 60), (1, 60), (4, 64)]


def test_a_price_released_later_does_not_steady_or_shake_the_days_before():
    deck = deck_for(4)
    before = signals(replayed(4))
    held = held_price(deck.sealed, "900.00", at=noon(1) - timedelta(hours=1))
    release_price(quarantined_id=held.pk, actor=make_user("olga", Role.OPERATOR), now=noon(12))

    assert signals(replayed(4)) == before


def test_a_price_that_staff_took_out_later_was_not_held_back_then():
    deck = deck_for(4)
    wrong = plant(deck.sealed, "64.00", at=noon(1) + timedelta(hours=1))
    mark_outlier(
        (deck.sealed.key, wrong.source_id, wrong.variant_id, wrong.recorded_at),
        reason="a slip", actor=make_user("olga", Role.OPERATOR), now=noon(12),
    )  # fmt: skip

    found = signals(replayed(4), "day", "total_cost")

    assert [((row["day"] - day(0)).days, row["total_cost"]) for row in found] == [
        (0, 60), (1, 60), (2, 60), (3, 60),
    ]  # fmt: skip


def test_what_needs_a_review_is_left_out_and_counted():
    deck_for(3, cost="19.00")

    backtest = replayed(3)

    assert signals(backtest) == []
    assert backtest.summary["left_out"] == {"held_for_review": 3}


def test_own_terms_replace_floor_and_fees():
    deck_for(4)

    found = signals(
        replayed(1, floor=Decimal("25.00"), fee_rate=Decimal(0), source="cardmarket"), "expected_value"
    )
    dear = signals(replayed(1, fee_rate=Decimal("0.2")), "expected_value")

    assert found == []  # only the Chase reaches the floor: 40.00 for 60.00
    assert dear == [{"expected_value": Decimal("64.00")}]


def test_another_game_or_source_has_no_signals():
    deck_for(3)

    assert signals(replayed(2, category="pokemon")) == []
    assert signals(replayed(2, source="tcgplayer")) == []
    assert len(signals(replayed(2, category="mtg", now=NOW))) == 2
