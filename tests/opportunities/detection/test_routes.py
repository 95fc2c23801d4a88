from datetime import date
from decimal import Decimal

import pytest

from catalog.models import Venue
from opportunities.detection import routes_at
from pricing.models import FeeSchedule, PriceSource
from tests.pricing.factories import NOW, make_product, observe, record

pytestmark = pytest.mark.django_db


def routes(category: str = "mtg"):
    return {route.buy.code: route for route in routes_at(NOW) if route.category == category}


def used(code: str, price_type: str, currency: str) -> None:
    record(observe(make_product(), "5.00", price_type, currency=currency), source=code)


def test_a_source_without_prices_is_no_route():
    assert routes() == {}


def test_a_marketplace_is_bought_from_and_sold_to_after_its_fees():
    used("cardmarket", "trend", "EUR")

    route = routes()["cardmarket"]

    assert (route.sell.code, route.sell_price_type, route.currency) == ("cardmarket", "trend", "EUR")
    assert route.fee_schedule is not None
    assert route.terms is not None
    assert route.has_fees


def test_a_store_pays_its_buylist_price_and_charges_nothing():
    used("cardkingdom", "retail", "USD")

    route = routes()["cardkingdom"]

    assert (route.buy_price_type, route.sell_price_type) == ("retail", "buylist")
    assert (route.terms, route.has_fees) == (None, True)


def test_a_distributor_sells_into_the_marketplace_of_its_currency():
    used("cardmarket", "trend", "EUR")
    venue = Venue.objects.create(code="boxes-and-more", name="Boxes", kind="distributor", currency="EUR")
    PriceSource.objects.create(
        code="boxes", venue=venue, currency="EUR", identifier_source="mcm", market_price_type="retail"
    )
    used("boxes", "retail", "EUR")

    route = routes()["boxes"]

    assert (route.buy_price_type, route.sell.code, route.sell_price_type) == ("retail", "cardmarket", "trend")


def test_without_a_valid_fee_schedule_nothing_may_be_claimed():
    used("cardmarket", "trend", "EUR")
    FeeSchedule.objects.filter(venue__code="cardmarket").update(valid_to=date(2025, 1, 1))

    assert not routes()["cardmarket"].has_fees


def test_terms_that_make_no_sense_stop_only_their_route():
    used("cardmarket", "trend", "EUR")
    used("tcgplayer", "market", "USD")
    FeeSchedule.objects.filter(venue__code="cardmarket").update(components=[{"kind": "magic"}])

    assert {code: route.has_fees for code, route in routes().items()} == {
        "cardmarket": False,
        "tcgplayer": True,
    }


def test_a_distributor_sells_where_sales_are_reported_rather_than_offers():
    used("cardmarket", "trend", "EUR")
    venue = Venue.objects.create(code="auctions", name="Auctions", kind="marketplace", currency="EUR")
    PriceSource.objects.create(
        code="auctions", venue=venue, currency="EUR", identifier_source="mcm", market_price_type="low"
    )
    used("auctions", "low", "EUR")
    wholesale = Venue.objects.create(code="boxes-and-more", name="B", kind="distributor", currency="EUR")
    PriceSource.objects.create(
        code="boxes", venue=wholesale, currency="EUR", identifier_source="mcm", market_price_type="retail"
    )
    used("boxes", "retail", "EUR")

    assert routes()["boxes"].sell.code == "cardmarket"


def test_a_reference_source_checks_others_and_is_no_route():
    used("cardmarket", "trend", "EUR")
    used("tcgplayer", "market", "USD")
    PriceSource.objects.filter(code="tcgplayer").update(is_reference=True)

    assert set(routes()) == {"cardmarket"}


@pytest.mark.parametrize("model", [PriceSource, Venue])
def test_what_is_switched_off_is_no_route(model):
    used("cardmarket", "trend", "EUR")
    model.objects.filter(code="cardmarket").update(is_enabled=False)

    assert routes() == {}


def test_a_schedule_of_the_game_goes_before_the_general_one():
    used("cardmarket", "trend", "EUR")
    FeeSchedule.objects.create(
        venue=Venue.objects.get(code="cardmarket"), category="pokemon", currency="EUR",
        valid_from=date(2024, 1, 1), components=[{"name": "Commission", "kind": "rate", "rate": "0.07"}],
    )  # fmt: skip

    pokemon, magic = routes("pokemon")["cardmarket"].terms, routes("mtg")["cardmarket"].terms

    assert pokemon is not None
    assert magic is not None
    assert (pokemon.components[0].rate, magic.components[0].rate) == (Decimal("0.07"), Decimal("0.05"))
