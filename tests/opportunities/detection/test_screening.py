from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from opportunities.choices import Refusal
from opportunities.detection import routes_at, screen
from tests.catalog.factories import state_contents
from tests.opportunities.factories import POLICY, make_deck, price, price_deck, put_inside
from tests.pricing.factories import NOW, make_held, make_product, observe, record

pytestmark = pytest.mark.django_db


def judge(product, *, now=NOW, policy=POLICY):
    (route,) = [
        route for route in routes_at(now) if route.category == "mtg" and route.buy.code == "cardmarket"
    ]
    screening = screen(route, policy=policy, now=now)
    if product.id in screening.refusals:
        return screening.refusals[product.id]
    return next(candidate for candidate in screening.candidates if candidate.product_id == product.id)


def test_a_deck_worth_more_than_it_costs_passes():
    candidate = judge(make_deck(seller_count=4).sealed)

    assert (candidate.price, candidate.cost, candidate.quote.seller_count) == (60, 60, 4)


def test_a_product_without_price_is_refused():
    assert judge(make_deck(cost=None).sealed) is Refusal.NO_PRICE


def test_an_old_price_is_refused():
    deck = make_deck(at=NOW - timedelta(hours=73))

    assert judge(deck.sealed) is Refusal.STALE


def test_a_price_of_the_greatest_age_passes():
    deck = make_deck(at=NOW - timedelta(hours=72))

    assert judge(deck.sealed).price == 60


def test_a_quarantined_price_is_refused_even_with_an_older_accepted_one():
    deck = make_deck(at=NOW - timedelta(hours=2))
    make_held(deck.sealed, at=NOW - timedelta(hours=1))

    assert judge(deck.sealed) is Refusal.QUARANTINED


def test_an_accepted_price_newer_than_the_quarantined_one_passes():
    deck = make_deck(cost=None)
    make_held(deck.sealed, at=NOW - timedelta(hours=1))
    price_deck(deck)

    assert judge(deck.sealed).price == 60


@pytest.mark.parametrize("fact", ["seller_count", "available_quantity"])
def test_a_price_nobody_offers_is_refused(fact: str):
    assert judge(make_deck(cost="60.00", at=NOW, **{fact: 0}).sealed) is Refusal.NO_OFFERS


def test_a_product_without_contents_is_unknown_and_not_worthless():
    box = make_product(sealed=True)
    price(box, "10.00")
    make_deck()

    assert judge(box) is Refusal.NO_CONTENTS


def test_incomplete_contents_are_refused():
    deck = make_deck()
    version = state_contents(deck.sealed, [("a deck nobody knows", 1)])
    version.is_complete = False
    version.save()

    assert judge(deck.sealed) is Refusal.INCOMPLETE


def test_an_impossible_number_of_copies_is_refused():
    deck = make_deck()
    put_inside(deck.sealed, make_product(), 2_000_000)

    assert judge(deck.sealed) is Refusal.IMPOSSIBLE_CONTENTS


def test_too_few_priced_copies_are_refused():
    deck = make_deck()
    put_inside(deck.sealed, make_product("Unpriced"))  # 13 of 14 copies: 0.9285…

    assert judge(deck.sealed) is Refusal.COVERAGE


def test_coverage_at_the_gate_passes():
    deck = make_deck()
    put_inside(deck.sealed, deck.chase, 6, finish="foil")
    record(observe(deck.chase, "1.00", finish="foil"))
    put_inside(deck.sealed, make_product("Unpriced"))  # 19 of 20

    assert judge(deck.sealed).cost == 60


def test_a_valuable_card_without_fresh_price_is_refused_whatever_the_coverage():
    deck = make_deck(at=NOW - timedelta(hours=80))
    record(observe(deck.solid, "20.00"), observe(deck.bulk, "0.50"), observe(deck.sealed, "20.00"))
    put_inside(deck.sealed, deck.solid, 40, finish="foil")
    record(observe(deck.solid, "1.00", finish="foil"))  # 52 of 53 copies, but 40.00 of 125.00 are missing

    assert judge(deck.sealed) is Refusal.GUARANTEED_UNPRICED


def test_a_loss_is_refused():
    assert judge(make_deck(cost="76.10").sealed) is Refusal.NO_MARGIN


def test_inbound_shipping_and_fixed_cost_count():
    deck = make_deck(cost="70.00", shipping_cost=Decimal("4.00"))
    policy = replace(POLICY, fixed_cost=Decimal("1.50"))

    assert judge(deck.sealed, policy=policy).cost == Decimal("75.50")
    assert judge(deck.sealed, policy=replace(POLICY, fixed_cost=Decimal("3.00"))) is Refusal.NO_MARGIN


def test_a_higher_wanted_margin_refuses_more():
    deck = make_deck()

    assert judge(deck.sealed, policy=replace(POLICY, min_margin=Decimal(30))) is Refusal.NO_MARGIN


@pytest.mark.parametrize(("quality", "is_refused"), [("0.49", True), ("0.50", False)])
def test_an_uncertain_price_of_the_sealed_product_is_no_leg(quality: str, is_refused: bool):
    deck = make_deck(cost=None)
    record(observe(deck.sealed, "60.00"), quality=quality)

    assert (judge(deck.sealed) == Refusal.LOW_QUALITY) is is_refused


def test_uncertain_prices_of_singles_count_as_absent():
    deck = make_deck()
    record(observe(deck.bulk, "0.60"), at=NOW + timedelta(hours=1), quality="0.30")

    assert judge(deck.sealed, now=NOW + timedelta(hours=1)) == Refusal.COVERAGE
