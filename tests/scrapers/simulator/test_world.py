from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.simulator.market import Market
from scrapers.simulator.seeded import seeded_world
from scrapers.simulator.world import FOIL, NONFOIL, Quirk, SimulatedArticle, Venue, World

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def article(**changes: object) -> SimulatedArticle:
    values = {
        "key": "box", "name": "Salted Marsh Play Booster Box", "category": "mtg", "set_name": "Salted Marsh",
        "set_code": "SMA", "is_sealed": True, "prices": {Venue.CARDMARKET: 100.0, Venue.EBAY: 110.0},
        "ids": {"mcm": "990001"},
    }  # fmt: skip
    return SimulatedArticle(**{**values, **changes})  # type: ignore[arg-type]


@given(minutes=st.integers(-500_000, 500_000))
def test_price_of_a_moment_is_the_same_in_another_world_of_the_same_seed(minutes):
    at = NOW + timedelta(minutes=minutes)
    one, two = World([article()], seed=3), World([article()], seed=3)

    assert one.price(one.articles[0], Venue.EBAY, at=at) == two.price(two.articles[0], Venue.EBAY, at=at)


@given(minutes=st.integers(0, 1_000_000), seed=st.integers(0, 1000))
def test_price_stays_near_its_level_and_moves_smoothly(minutes, seed):
    world = World([article(volatility=0.02)], seed=seed)
    at = NOW + timedelta(minutes=minutes)

    now = world.price(world.articles[0], Venue.CARDMARKET, at=at)
    then = world.price(world.articles[0], Venue.CARDMARKET, at=at + timedelta(minutes=1))

    assert 90 < now < 110
    assert abs(now - then) < Decimal("1.00")


def test_price_of_a_box_moves_within_minutes():
    world = seeded_world(7)
    box = next(one for one in world.articles if one.sealed_kind == "booster_box")

    prices = {world.price(box, Venue.EBAY, at=NOW + timedelta(minutes=minute)) for minute in range(10)}

    assert len(prices) >= 5


def test_another_seed_gives_other_prices_and_ids():
    one, two = seeded_world(1), seeded_world(2)

    prices = [[world.price(a, Venue.CARDMARKET, at=NOW) for a in world.articles] for world in (one, two)]

    assert prices[0] != prices[1]
    assert one.articles[0].ids["mtgjson"] != two.articles[0].ids["mtgjson"]


def test_foil_costs_its_factor_unless_the_card_exists_only_as_foil():
    both = article(key="a", finishes=(NONFOIL, FOIL), foil_factor=3.0, volatility=0.0)
    only = article(key="b", ids={}, finishes=(FOIL,), foil_factor=3.0, volatility=0.0)
    world = World([both, only])

    assert world.price(both, Venue.CARDMARKET, at=NOW, finish=FOIL) == Decimal("300.00")
    assert world.price(only, Venue.CARDMARKET, at=NOW, finish=FOIL) == Decimal("100.00")


@pytest.mark.parametrize(
    "changes", [{"prices": {Venue.EBAY: 0.0}}, {"finishes": ()}, {"finishes": ("etched",)}]
)
def test_impossible_articles_are_refused(changes):
    with pytest.raises(ValueError, match="box"):
        article(**changes)


def test_two_articles_of_one_id_are_refused():
    with pytest.raises(ValueError, match="990001"):
        World([article(key="a"), article(key="b")])


@given(index=st.integers(0, 101), minutes=st.integers(0, 100_000))
def test_offers_agree_with_the_statistics(index, minutes):
    world = seeded_world(7)
    one = world.articles[index]
    market = Market(world, one, Venue.CARDMARKET, at=NOW + timedelta(minutes=minutes))

    offers, statistics = market.offers(), market.statistics()

    assert len(offers) == statistics.seller_count
    assert sum(offer.quantity for offer in offers) == statistics.quantity
    assert min(offer.price for offer in offers) == statistics.low == offers[0].price
    assert len({offer.listing_id for offer in offers}) == len(offers)


def test_sales_are_the_same_whenever_they_are_asked_for_and_never_in_the_future():
    world = seeded_world(7)
    box = next(one for one in world.articles if one.sealed_kind == "booster_box")
    morning = Market(world, box, Venue.TCGPLAYER, at=NOW)
    evening = Market(world, box, Venue.TCGPLAYER, at=NOW + timedelta(hours=10))

    early, late = list(morning.sales(since=NOW.date())), list(evening.sales(since=NOW.date()))

    assert early == [sale for sale in late if sale.sold_at <= NOW]
    assert all(sale.sold_at <= NOW + timedelta(hours=10) for sale in late)
    assert list(evening.sales(since=NOW.date() - timedelta(days=30)))


@pytest.mark.parametrize(
    ("quirk", "low", "trend"),
    [
        (Quirk.ZERO_TREND, "95.00", "0.00"),
        (Quirk.PENNY_TREND, "95.00", "0.02"),
        (Quirk.PARKED_LOW, "1140.00", "100.00"),
        (Quirk.NO_OFFERS, None, "35.00"),
        (Quirk.SKY_HIGH, "95.00", "900.00"),
    ],
)
def test_quirks_show_their_wrong_price(quirk, low, trend):
    world = World([article(quirks={Venue.CARDMARKET: quirk}, volatility=0.0)])

    shown = Market(world, world.articles[0], Venue.CARDMARKET, at=NOW).statistics()

    assert shown.low == (low and Decimal(low))
    assert shown.trend == Decimal(trend)
