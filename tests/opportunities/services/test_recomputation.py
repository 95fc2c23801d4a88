from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import ProductIdentifier
from catalog.services import rebuild_product_singles
from opportunities.errors import RecomputationImpossible
from opportunities.models import Opportunity
from opportunities.services import differences, recompute
from pricing.models import PriceRecord
from pricing.observations import SoldCopies
from pricing.services import record_sales
from tests.catalog.factories import BoosterPackFactory, state_contents
from tests.opportunities.factories import analyze, found, make_deck, price_deck, put_inside
from tests.pricing.factories import NOW, make_product, make_source, observe, record, record_series

pytestmark = pytest.mark.django_db


def make_box() -> Opportunity:
    """A box with a foil, a random sheet and a history of prices."""
    cards = [make_product(f"Card {number}") for number in range(5)]
    pack = BoosterPackFactory(
        sheets=[
            ("common", 2, [(card, 1) for card in cards[:3]]),
            ("rare", 1, [(card, 1) for card in cards[3:]]),
        ]
    )
    box = make_product("Box", sealed=True)
    state_contents(box, [(pack, 6), (cards[0], 1)])
    rebuild_product_singles(product_ids=[box.id], now=NOW)
    put_inside(box, cards[4], finish="foil")
    for card, amount in zip(cards, ("1.10", "2.30", "0.40", "9.00", "14.00"), strict=True):
        record_series(card, [amount, amount, amount])
        record(observe(card, amount, finish="nonfoil"))
    record(observe(cards[4], "33.33", finish="foil"), observe(box, "70.00", seller_count=3))
    record_series(box, ["71.00", "70.50"])
    analyze()
    return Opportunity.objects.get(sealed_product=box)


def test_every_figure_can_be_computed_again():
    row = make_box()

    again = recompute(row)

    assert differences(row) == {}
    assert again["margin_percentage"] == row.margin_percentage
    assert len(again) > 20


def test_prices_replaced_since_are_found_in_the_history():
    deck = make_deck(seller_count=2)
    analyze()
    price_deck(deck, cost="80.00", chase="11.00", at=NOW + timedelta(days=1))

    assert differences(found(deck)) == {}


def test_a_figure_that_was_tampered_with_is_found():
    deck = make_deck()
    analyze()
    Opportunity.objects.update(net_profit=Decimal("999.00"))

    assert differences(found(deck)) == {"net_profit": (Decimal("999.00"), Decimal("16.00"))}


def test_contents_changed_since_are_named():
    deck = make_deck()
    analyze()
    put_inside(deck.sealed, make_product())

    with pytest.raises(RecomputationImpossible) as refused:
        recompute(found(deck))
    assert set(refused.value.details) == {"contents"}


def test_a_price_that_is_gone_is_named():
    deck = make_deck()
    analyze()
    PriceRecord.objects.filter(product=deck.chase).delete()

    with pytest.raises(RecomputationImpossible) as refused:
        recompute(found(deck))
    assert refused.value.details["prices"]["gone"][0][0] == deck.chase.key


def test_another_algorithm_is_named():
    deck = make_deck()
    analyze()
    row = found(deck)
    row.algorithm_version = "cards-0"

    with pytest.raises(RecomputationImpossible, match="algorithm"):
        recompute(row)


def test_sales_reported_later_do_not_change_what_was_computed():
    deck = make_deck(seller_count=2)
    ProductIdentifier.objects.create(product=deck.sealed, source="mcm", external_id="deck")
    record_sales(make_source(), [sold(3)], now=NOW)
    analyze()

    record_sales(make_source(), [sold(30)], now=NOW + timedelta(hours=1))

    volume = found(deck).factors["volume_history"]["inputs"]
    assert (volume["basis"], volume["units_sold"]) == ("sales", 3)
    assert differences(found(deck)) == {}


def sold(units: int) -> SoldCopies:
    return SoldCopies("deck", "day", NOW.date(), units, Decimal(60))
