"""Selling at once is shown beside an opportunity and never takes the place of its margin."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from opportunities.detection import buylist_for
from opportunities.models import Opportunity
from opportunities.selectors import explanation_of
from opportunities.services.value_document import value_document
from opportunities.services.value_options import ValueOptions
from opportunities.services.valuing import value_product
from pricing.models import FeeSchedule, PriceSource
from quant.sealed.instant_sale import Bid
from tests.opportunities.factories import POLICY, analyze, put_inside
from tests.pricing.factories import NOW, make_product, make_source, observe, record

pytestmark = pytest.mark.django_db


def bid(card, price: str, wanted: int | None, *, at=NOW, **facts) -> None:
    offer = {"currency": "USD", "condition": "near_mint", "available_quantity": wanted, **facts}
    quality = offer.pop("quality", "1.00")
    record(observe(card, price, "buylist", **offer), source="cardkingdom", at=at, quality=quality)


def bids(*cards, **options):
    keys = {card.key for card in cards}
    found = buylist_for("USD", category="mtg", product_keys=keys, policy=POLICY, now=NOW, **options)
    return None if found is None else dict(found.bids)


def test_bids_are_taken_with_the_number_the_store_wants():
    ring, vault = make_product(), make_product()
    bid(ring, "1.50", 8)
    bid(vault, "9.00", None, finish="foil")

    assert bids(ring, vault) == {
        (ring.key, "nonfoil"): Bid(Decimal("1.50"), 8),
        (vault.key, "foil"): Bid(Decimal("9.00"), None),
    }


@pytest.mark.parametrize(
    "facts", [{"at": NOW - timedelta(hours=73)}, {"quality": "0.49"}], ids=["old", "doubtful"]
)
def test_bids_that_may_not_hold_are_left_out(facts: dict[str, Any]):
    ring = make_product()
    bid(ring, "1.50", 8, **facts)

    assert not bids(ring)


def test_a_reference_source_buys_nothing():
    ring = make_product()
    bid(ring, "1.50", 8)
    PriceSource.objects.filter(code="cardkingdom").update(is_reference=True)

    assert bids(ring) is None


def test_a_store_of_another_currency_is_no_buyer():
    ring = make_product()
    bid(ring, "1.50", 8)

    assert buylist_for("EUR", category="mtg", product_keys={ring.key}, policy=POLICY, now=NOW) is None


def test_postage_is_that_of_the_stores_fee_schedule():
    ring = make_product()
    bid(ring, "1.50", 8)
    store = make_source("cardkingdom")
    FeeSchedule.objects.create(
        venue=store.venue, currency="USD", valid_from=date(2024, 1, 1), postage_per_order=Decimal("4.00"),
        components=[],
    )  # fmt: skip

    found = buylist_for("USD", category="mtg", product_keys={ring.key}, policy=POLICY, now=NOW)

    assert found is not None
    assert found.postage == Decimal("4.00")


@pytest.fixture
def box():
    """A box at 20.00 USD: one card of 30.00 for certain, and four draws of a half each of one of 10.00."""
    box, chase, other = make_product("Box", sealed=True), make_product("Chase"), make_product("Other")
    put_inside(box, chase)
    put_inside(box, other, 4, probability="0.5")
    record(
        observe(box, "20.00", "market", currency="USD", seller_count=3),
        observe(chase, "30.00", "market", currency="USD"),
        observe(other, "10.00", "market", currency="USD"),
        source="tcgplayer",
    )
    bid(chase, "12.00", 5)
    bid(other, "4.00", 1)
    return box


def test_an_opportunity_says_what_selling_at_once_brings(box):
    analyze(box)

    row = Opportunity.objects.get(buy_source__code="tcgplayer")
    # 12.00 + 4.00 x (1 - 1/16): at most one of the random copies is taken
    assert explanation_of(row)["instant_sale"] == {
        "source": "cardkingdom",
        "currency": "USD",
        "value": "15.75",
        "lines_counted": 2,
    }
    assert row.singles_value > Decimal(30)


def test_the_explanation_over_rest_has_it(box, api):
    analyze(box)
    row = Opportunity.objects.get(buy_source__code="tcgplayer")

    answer = api.get(f"/api/v1/opportunities/{row.pk}/explain/").json()

    assert answer["instant_sale"]["value"] == "15.75"


def test_the_value_document_gains_one_member(box):
    worth = value_product(product=box, options=ValueOptions(source="tcgplayer"), now=NOW)

    assert value_document(worth, now=NOW)["instant_sale"]["value"] == "15.75"


def test_without_a_store_there_is_nothing_to_say(box):
    PriceSource.objects.filter(code="cardkingdom").update(is_enabled=False)
    analyze(box)

    assert explanation_of(Opportunity.objects.get())["instant_sale"] is None


def test_an_opportunity_from_before_has_none(box):
    analyze(box)
    row = Opportunity.objects.get(buy_source__code="tcgplayer")
    del row.inputs["instant_sale"]

    assert explanation_of(row)["instant_sale"] is None
