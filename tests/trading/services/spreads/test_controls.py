"""What stops an execution of a spread before anything is written."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.models import AuditEvent, OutboxMessage
from pricing.quotebook import QuotesUnreadable
from tests.trading.factories import NOW, at
from tests.trading.spread_factories import (
    Route,
    make_crypto_route,
    make_desk,
    make_route,
    open_spread,
    spread_order,
)
from trading.brokers.desk import PaperDeskBroker, SimulatedDeskBroker, desk_broker_for, is_simulated
from trading.errors import (
    FiguresMoved,
    KillSwitchIsEngaged,
    LimitExceeded,
    LiveNotAvailable,
    NotEnoughOffered,
    RouteGated,
    SpreadGone,
    SpreadNotFound,
    StaleQuote,
)
from trading.models import ExposureLimit, ExposureUse, SpreadExecution
from trading.services import engage_kill_switch
from trading.services.spreads import execute_spread

pytestmark = pytest.mark.django_db


def _nothing_written() -> bool:
    return not (
        SpreadExecution.objects.exists()
        or ExposureUse.objects.filter(used__gt=0).exists()
        or OutboxMessage.objects.filter(task="trading.resume_spread").exists()
        or AuditEvent.objects.filter(verb__startswith="spread.").exists()
    )


def _change(**facts) -> Callable[[Route], object]:
    """Return what changes columns of the stored route."""
    return lambda route: type(route.opportunity).objects.update(**facts)


def _show(venue: str, **facts) -> Callable[[Route], object]:
    return lambda route: route.show(venue, **facts)


def _desk(code: str, **facts) -> Callable[[Route], object]:
    return lambda route: make_desk(code, **facts)


def _venue_off(route: Route) -> None:
    route.opportunity.buy_venue.is_enabled = False
    route.opportunity.buy_venue.save()


def _undeclared(route: Route) -> None:
    route.opportunity.sell_venue.live_market.delete()


REFUSALS = {
    "closed": (_change(state="closed"), SpreadGone),
    "price fell": (_show("beta", bid="45.1"), SpreadGone),
    "turned around": (_show("beta", bid="44"), SpreadGone),
    "offer gone": (_show("alpha", ask=None), SpreadGone),
    "sold out": (_show("alpha", ask_size="0"), SpreadGone),
    "too few": (_show("beta", bid_size="1"), NotEnoughOffered),
    "withdrawn": (_show("alpha", state="withdrawn"), StaleQuote),
    "too old": (_show("beta", now=NOW - timedelta(seconds=16)), StaleQuote),
    "from the future": (_show("beta", now=NOW + timedelta(seconds=3)), StaleQuote),
    "seconds for milliseconds": (_show("alpha", now=NOW, venue_time_ms=int(NOW.timestamp())), StaleQuote),
    "expired": (_show("alpha", expires_ms=int(NOW.timestamp() * 1000)), StaleQuote),
    "dearer": (_change(cost=Decimal(44), net_profit=1), FiguresMoved),
    "less profit": (_change(net_profit=Decimal("2.6")), FiguresMoved),
    "basis risk": (_change(flags=["basis_risk"]), RouteGated),
    "converted": (_change(flags=["converted"]), RouteGated),
    "other money": (_show("alpha", currency="EUR"), RouteGated),
    "venue off": (_venue_off, RouteGated),
    "market off": (_desk("alpha", is_enabled=False), RouteGated),
    "market elsewhere": (_desk("beta", region="GB"), RouteGated),
    "market nowhere": (_desk("beta", region=""), RouteGated),
    "market in other money": (_desk("beta", currency="GBP"), RouteGated),
    "nobody declared it": (_undeclared, RouteGated),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_gap_that_does_not_hold_or_may_not_be_traded_is_refused(tess, why):
    route = make_route()
    change, error = REFUSALS[why]
    change(route)

    with pytest.raises(error):
        open_spread(route, tess)

    assert _nothing_written()


def test_regions_and_currencies_are_denied_unless_allowed(tess, settings):
    route = make_route()
    settings.ALLOWED_REGIONS = ()
    with pytest.raises(RouteGated):
        open_spread(route, tess)

    settings.ALLOWED_REGIONS, settings.ALLOWED_CURRENCIES = ("US",), ("EUR",)
    with pytest.raises(RouteGated):
        open_spread(route, tess)

    assert _nothing_written()


def test_the_threshold_is_inclusive_and_compared_unrounded(tess, settings):
    route = make_route(ask="100", bid="101")
    settings.PROFIT_THRESHOLD_BPS = Decimal(100)
    assert open_spread(route, tess).expected_net_bps == 100

    settings.PROFIT_THRESHOLD_BPS = Decimal("100.0000001")
    with pytest.raises(SpreadGone):
        open_spread(route, tess)


def test_crypto_goes_by_the_gross_gap_as_its_signals_do_and_strictly(tess, settings):
    route = make_crypto_route()
    settings.SPREAD_THRESHOLD_PCT = Decimal(2)  # 45,000 to 45,900 is exactly that

    with pytest.raises(SpreadGone):
        open_spread(route, tess, "0.1")

    settings.SPREAD_THRESHOLD_PCT = Decimal("1.9999")
    assert open_spread(route, tess, "0.1").quantity == Decimal("0.1")


def test_depth_is_paid_for_level_by_level(tess):
    route = make_crypto_route()
    levels = ((Decimal(45_000), Decimal("0.5")), (Decimal(45_100), Decimal("0.5")))
    route.show("binance", asks=levels)

    execution = open_spread(route, tess, "1")

    assert execution.expected_cost == Decimal("45095.05")  # 45,050 and 10 bps
    assert execution.legs.get(position=0).limit_price == 45_100
    with pytest.raises(NotEnoughOffered):
        open_spread(route, tess, "1.1")


def test_a_currency_without_a_limit_is_not_spent(tess):
    route = make_crypto_route()
    ExposureLimit.objects.filter(currency="USDT").delete()

    with pytest.raises(LimitExceeded, match="USDT"):
        open_spread(route, tess, "0.1")

    assert _nothing_written()


def test_a_limit_on_a_source_counts_the_venue_that_is_bought_at(tess):
    route = make_route()
    ExposureLimit.objects.create(
        scope="source", subject="alpha", period="open", currency="USD", amount=Decimal(100)
    )

    open_spread(route, tess)
    with pytest.raises(LimitExceeded, match="source"):
        open_spread(route, tess)

    assert ExposureUse.objects.get(limit__scope="source").used == 90


@pytest.mark.parametrize(
    ("scope", "subject"), [("global", ""), ("user", "tess"), ("source", "alpha"), ("source", "beta")]
)
def test_a_switch_stops_it_by_user_and_by_both_venues(tess, scope, subject):
    route = make_route()
    engage_kill_switch(scope=scope, subject=subject, reason="stop", actor=tess, now=NOW)

    with pytest.raises(KillSwitchIsEngaged):
        open_spread(route, tess)

    assert _nothing_written()


def test_a_switch_on_another_venue_stops_nothing(tess):
    route = make_route()
    make_desk("gamma")
    engage_kill_switch(scope="source", subject="gamma", reason="stop", actor=tess, now=NOW)

    execution = open_spread(route, tess)

    assert SpreadExecution.objects.get() == execution


def test_without_quotes_nothing_is_done(tess, settings):
    route = make_route()
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    with pytest.raises(QuotesUnreadable):
        open_spread(route, tess)

    assert _nothing_written()


def test_an_unknown_route_and_real_money_are_refused(tess):
    route = make_route()

    with pytest.raises(LiveNotAvailable):
        open_spread(route, tess, mode="live")
    with pytest.raises(SpreadNotFound):
        execute_spread(
            opportunity_id=tess.pk, actor=tess, order=spread_order(), now=NOW, clock=at(NOW)
        )  # fmt: skip


def test_orders_leave_this_house_only_for_demo_markets_at_the_simulator_here(settings):
    settings.VENUE_SIMULATOR_URL = "http://127.0.0.1:8999"
    demo = make_desk("alpha", origin="demo")

    assert isinstance(desk_broker_for("paper", demo), SimulatedDeskBroker)
    others: tuple[dict[str, Any], ...] = (
        {"origin": "staff"},
        {"origin": "environment"},
        {"order_url": "https://desk.example.org/orders"},
        {"order_url": "http://127.0.0.1:9000/giftdesk-alpha/orders"},
        {"adapter": "reloadly"},
    )
    for facts in others:
        market = make_desk("beta", **{"origin": "demo", "order_url": "", **facts})
        assert not is_simulated(market), facts
        assert isinstance(desk_broker_for("paper", market), PaperDeskBroker)
        with pytest.raises(ValueError, match="may not leave"):
            SimulatedDeskBroker(market)
    settings.VENUE_SIMULATOR_URL = "http://desk.example.org"
    assert isinstance(desk_broker_for("paper", demo), PaperDeskBroker)
    assert isinstance(desk_broker_for("paper", None), PaperDeskBroker)
