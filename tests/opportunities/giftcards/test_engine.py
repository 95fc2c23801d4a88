"""Tests of `opportunities.giftcards.engine`: what crosses, what never does, what is told about it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from opportunities.giftcards.engine import REFRESH_MS
from quant.spreads.net import Cushions
from quant.spreads.symbols import route_id

from .engines import NOW, OPEN, POLICY, SYMBOL, desk, events, make_engine, opened, quote, told


def test_an_open_route_says_all_that_it_was_made_from():
    engine = make_engine(
        desk("alpha", fee=20, slippage=5, fixed="0.50"),
        desk("beta", fee=100),
        policy=replace(POLICY, cushions=Cushions(Decimal(10), Decimal(5)), loss_rate=Decimal("0.015")),
    )

    (one,) = told(engine, quote("alpha", ask="45.00", size=4), quote("beta", bid="47.00", size=9)).sightings

    # by hand: cost 45 x 1.0025 = 45.1125; proceeds 47 x 0.99 = 46.53; cushion 45 x 0.0015 = 0.0675
    # per card: 46.53 - 45.1125 - 0.0675 - 0.50/4 = 1.225; reserve 0.015 x 46.53 = 0.69795
    assert (one["cost"], one["proceeds"], one["cushion"]) == ("45.1125", "46.53", "0.0675")
    assert (one["gross_profit"], one["net_profit"], one["total_profit"]) == ("2", "1.225", "4.9")
    assert (one["loss_reserve"], one["expected_profit"]) == ("0.69795", "0.52705")
    assert (one["size"], one["gross_bps"]) == ("4", "444.4444")
    assert one["net_bps"] == f"{Decimal(10_000) * Decimal('4.9') / Decimal('181.22'):.4f}"
    assert one["flags"] == ["loss_reserve"]
    assert one["inputs"]["fees"]["buy"] == {"fee_bps": "20", "slippage_bps": "5", "fixed_fee": "0.50"}
    assert one["inputs"]["buy"]["ask"] == "45.00"
    assert one["expires_ms"] == NOW + POLICY.max_age_ms


def test_ids_are_the_same_in_every_engine():
    first, second = opened(), opened()

    for engine in (first, second):
        news = told(engine, quote("alpha", ask="44.00"), quote("beta", bid="47.00"), now=NOW + 1_000)
        assert set(news.spreads) == {str(route_id(SYMBOL, "alpha", "beta"))}


@pytest.mark.parametrize(
    ("policy", "desks", "reason"),
    [
        (replace(POLICY, allowed_regions=("DE",)), {}, "card"),
        (replace(POLICY, allowed_currencies=()), {}, "card"),
        (POLICY, {"region": "GB"}, "desk"),
        (POLICY, {"region": ""}, "desk"),
        (POLICY, {"currency": "EUR"}, "desk"),
        (POLICY, {"currency": ""}, "desk"),
    ],
)
def test_what_is_not_allowed_is_shown_and_never_crosses(policy, desks, reason):
    engine = make_engine(desk("alpha", **desks), desk("beta"), policy=policy)

    news = told(engine, *OPEN)

    assert news.sightings == []
    book = news.books[SYMBOL]
    states = {one["venue"]: one["state"] for one in book["venues"]}
    assert states == {"alpha": "gated", "beta": "gated" if reason == "card" else "live"}
    assert book["best_ask"] is None


def test_a_fixed_fee_in_another_currency_is_never_taken_for_one_in_this():
    policy = replace(POLICY, allowed_currencies=("USD", "JPY"))
    card = {"symbol": "giftcard:amazon:5000:JPY:US", "currency": "JPY"}
    quotes = (quote("alpha", ask=4500, **card), quote("beta", bid=4700, **card))
    free = make_engine(desk("alpha"), desk("beta", currency="JPY", fixed=1), policy=policy)
    fee_in_usd = make_engine(desk("alpha", fixed=1), desk("beta", currency="JPY"), policy=policy)

    assert events(told(free, *quotes)) == [("open", "alpha", "beta", "")]
    assert events(told(fee_in_usd, *quotes)) == []


def test_a_subdivision_of_an_allowed_country_is_allowed():
    engine = make_engine(desk("alpha", region="US-CA"), desk("beta"))

    assert told(engine, *OPEN).sightings


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda engine: engine.apply("alpha", []), "gone"),
        (lambda engine: engine.apply("alpha", [quote("alpha", bid="40.00")]), "gone"),
        (lambda engine: engine.apply("beta", [quote("beta", bid="45.10")]), "below_threshold"),
        (lambda engine: engine.apply("beta", [quote("beta", bid="47.00", ask="46.00")]), "withdrawn"),
        (lambda engine: engine.set_desks([desk("alpha")]), "withdrawn"),
        (lambda engine: engine.set_desks([desk("alpha", region="GB"), desk("beta")]), "gated"),
        (lambda engine: engine.set_desks([desk("alpha", fee=900), desk("beta")]), "below_threshold"),
        (lambda engine: engine.apply("beta", [quote("beta", bid=47, expires_ms=NOW + 10)]), "stale"),
    ],
)
def test_a_route_that_ends_says_why(change, reason):
    engine = opened()

    change(engine)
    news = engine.news(now_ms=NOW + 100)

    assert events(news) == [("closed", "alpha", "beta", reason)]
    assert news.sightings[0]["net_profit"] == "2"
    assert engine.open_count == 0


def test_silent_desks_close_their_routes_when_their_quotes_are_old():
    engine = opened()

    assert events(engine.news(now_ms=NOW + POLICY.max_age_ms)) == []
    news = engine.news(now_ms=NOW + POLICY.max_age_ms + 1)

    assert events(news) == [("closed", "alpha", "beta", "stale")]
    assert {one.state for one in news.quotes} == {"stale"}
    assert news.books[SYMBOL]["best_ask"] is None


def test_two_fresh_quotes_too_far_apart_do_not_cross():
    engine = make_engine(policy=replace(POLICY, max_skew_ms=10_000))
    old, new = quote("alpha", ask=45, received_ms=NOW - 15_000), quote("beta", bid=47, received_ms=NOW + 1)

    assert told(engine, old, replace(new, venue_time_ms=None)).sightings == []


def test_nothing_is_told_twice():
    engine = opened()

    assert not told(engine)
    assert told(engine, *OPEN, now=NOW + 100).sightings == []  # the same again, too soon and no news
    assert engine.news(now_ms=NOW + 2_000).sightings == []


def test_an_open_route_is_told_again_once_a_second_with_its_newest_figures():
    engine = opened()

    for step in range(1, 20):
        at = NOW + step * 100
        fresh = quote("beta", bid=f"47.{step:02d}", received_ms=at, venue_time_ms=at)
        engine.apply("beta", [fresh])
        news = engine.news(now_ms=at)
        if step < 10:
            assert news.sightings == []
        if step == 10:
            assert events(news) == [("seen", "alpha", "beta", "")]
            assert news.sightings[0]["sell_price"] == "47.1"
    assert engine.news(now_ms=NOW + 2_000).sightings[0]["sell_price"] == "47.19"


def test_a_clock_set_back_stops_nothing():
    engine = opened()
    at = NOW - 3_600_000

    engine.apply("alpha", [quote("alpha", ask=45, received_ms=at, venue_time_ms=at)])
    engine.apply("beta", [quote("beta", bid=46, received_ms=at, venue_time_ms=at)])

    (one,) = engine.news(now_ms=at).sightings
    assert (one["event"], one["sell_price"]) == ("seen", "46")


def test_a_route_that_comes_back_opens_again_under_the_same_id():
    engine = opened()
    engine.apply("beta", [])
    (closed,) = engine.news(now_ms=NOW + 10).spreads

    (again,) = told(engine, quote("beta", bid=47), now=NOW + 20).spreads

    assert closed == again


def test_every_pair_of_venues_that_pays_is_a_route():
    engine = make_engine()

    news = told(engine, quote("alpha", ask=45), quote("beta", bid=47), quote("gamma", bid="46.5", ask=47))

    assert {key[1:3] for key in events(news)} == {("alpha", "beta"), ("alpha", "gamma")}


@pytest.mark.parametrize(("offered", "wanted", "size"), [(3, 9, "3"), (50, 40, "10"), (7, 2, "2")])
def test_the_size_is_bounded_by_both_desks_and_by_the_operator(offered, wanted, size):
    news = told(make_engine(), quote("alpha", ask=45, size=offered), quote("beta", bid=47, size=wanted))

    assert news.sightings[0]["size"] == size


def test_an_unknown_size_is_said_and_counts_one_card():
    (one,) = told(make_engine(), quote("alpha", ask=45, size=None), quote("beta", bid=47)).sightings

    assert (one["size"], one["total_profit"]) == (None, None)
    assert "size_unknown" in one["flags"]


def test_missing_venue_times_are_marked():
    (one,) = told(make_engine(), quote("alpha", ask=45, venue_time_ms=None), quote("beta", bid=47)).sightings

    assert one["flags"] == ["no_venue_time"]


def test_lists_of_unknown_desks_are_ignored():
    engine = make_engine()

    engine.apply("stranger", [quote("stranger", ask=1)])

    assert not engine.news(now_ms=NOW)


def test_quotes_of_another_venue_in_a_list_are_ignored():
    engine = make_engine()

    engine.apply("alpha", [quote("beta", bid=47)])

    assert engine.news(now_ms=NOW).quotes == []


def test_a_standing_book_is_told_again_now_and_then():
    engine = opened()
    at = NOW + REFRESH_MS

    engine.apply("alpha", [replace(OPEN[0], received_ms=at, venue_time_ms=at)])
    engine.apply("beta", [replace(OPEN[1], received_ms=at, venue_time_ms=at)])

    assert SYMBOL in engine.news(now_ms=at).books
    assert engine.news(now_ms=at + 100).books == {}


def test_everything_is_told_anew_after_a_loss():
    engine = opened()

    engine.resend()
    news = engine.news(now_ms=NOW + 100)

    assert {one.venue for one in news.quotes} == {"alpha", "beta"}
    assert SYMBOL in news.books


def test_the_end_withdraws_everything():
    engine = opened()

    news = engine.end(now_ms=NOW + 100)

    assert events(news) == [("closed", "alpha", "beta", "withdrawn")]
    assert {one.state for one in news.quotes} == {"withdrawn"}


def test_a_crossed_desk_is_counted():
    engine = make_engine()

    told(engine, quote("alpha", bid=47, ask=46))

    assert (engine.crossed_of("alpha"), engine.crossed_of("beta"), engine.crossed_count) == (1, 0, 1)


def test_sizes_are_whole_cards():
    news = told(make_engine(), quote("alpha", ask=45, size="2.9"), quote("beta", bid=47, size=9))

    assert news.sightings[0]["size"] == "2"
