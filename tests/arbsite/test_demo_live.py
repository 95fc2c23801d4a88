"""The demo's live desk: declared once, left to staff, and taken out with all that happened on it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from arbsite.demo.live import demo_markets, install_live_desk
from arbsite.demo.live_removal import forget_live_news
from arbsite.demo.removal import remove_demo
from catalog.choices import InstrumentKind, VenueKind
from catalog.models import Instrument, Venue
from common.live import SIGNALS_HISTORY, SPREADS_STREAM
from common.models import AuditEvent
from common.redis import shared_redis
from opportunities.models import CrossVenueOpportunity, SpreadEpisode
from pricing.models import QuoteSample
from quant.spreads.symbols import route_id
from scrapers.choices import LiveAdapter, MarketOrigin, MarketSide
from scrapers.models import LiveMarket
from scrapers.selectors.live_markets import as_market
from scrapers.simulator.faults import demo_script

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


@pytest.fixture
def desk():
    return install_live_desk(now=NOW)


def sighted(buy: Venue, sell: Venue, instrument: Instrument) -> CrossVenueOpportunity:
    """Store a route between two venues as the sink would, with one opening and a sample."""
    row = CrossVenueOpportunity(
        id=route_id(instrument.symbol, buy.code, sell.code),
        market=instrument.kind, instrument=instrument, buy_venue=buy, sell_venue=sell, currency="USD",
        fingerprint=f"cross_venue|{instrument.symbol}|{buy.code}|{sell.code}",
        state="open", created_at=NOW, opened_at=NOW, last_seen_at=NOW, expires_at=NOW + timedelta(seconds=15),
        **dict.fromkeys(
            ("buy_price", "sell_price", "cost", "proceeds", "net_profit", "gross_profit", "net_bps",
             "gross_bps", "best_net_bps", "threshold_bps", "loss_reserve", "expected_profit", "cushion"),
            Decimal(1),
        ),
    )  # fmt: skip
    row.save(force_insert=True)
    SpreadEpisode.objects.create(
        opportunity=row, opened_at=NOW, peak_net_bps=Decimal(60), peak_net_profit=Decimal(1)
    )
    for venue in (buy, sell):
        QuoteSample.objects.create(instrument=instrument, venue=venue, bid=Decimal(1), received_at=NOW)
    return row


def make_instrument(symbol: str = "giftcard:amazon:50:USD:US") -> Instrument:
    return Instrument.objects.create(
        symbol=symbol, kind=InstrumentKind.GIFT_CARD, base="amazon", quote="USD", denomination=50, region="US"
    )


def test_desks_and_exchanges_are_declared(desk):
    rows = {row.code: row for row in LiveMarket.objects.select_related("venue")}

    assert desk == len(rows) == 11
    assert {row.origin for row in rows.values()} == {MarketOrigin.DEMO}
    assert (rows["desk_alpha"].side, rows["desk_beta"].side) == (MarketSide.SELL, MarketSide.BUY)
    assert rows["desk_gamma"].side == MarketSide.BOTH
    assert (rows["desk_delta"].region, rows["desk_delta"].currency) == ("GB", "GBP")
    assert rows["reloadly_demo"].adapter == LiveAdapter.RELOADLY
    assert {row.venue.kind for row in rows.values() if row.kind == InstrumentKind.CRYPTO} == {
        VenueKind.EXCHANGE
    }
    assert all(row.venue.name.endswith("(demo)") for row in rows.values())


def test_markets_are_asked_at_the_simulator(desk, settings):
    settings.VENUE_SIMULATOR_URL = "http://127.0.0.1:8900"
    markets = {row.code: as_market(row) for row in LiveMarket.objects.filter(kind=InstrumentKind.GIFT_CARD)}

    assert markets["desk_alpha"].url == "http://127.0.0.1:8900/giftdesk-desk_alpha/quotes"
    assert markets["bitrefill_demo"].url == "http://127.0.0.1:8900/bitrefill/v2"
    assert markets["desk_alpha"].token.reveal() == "simulator-secret"
    assert markets["reloadly_demo"].token.reveal() == "simulator:simulator-secret"


def test_declaring_again_changes_nothing_and_leaves_the_switch_to_staff(desk):
    LiveMarket.objects.filter(code="desk_alpha").update(is_enabled=False)
    before = list(LiveMarket.objects.order_by("code").values())
    events = AuditEvent.objects.count()

    assert install_live_desk(now=NOW + timedelta(days=1)) == desk

    assert list(LiveMarket.objects.order_by("code").values()) == before
    assert AuditEvent.objects.count() == events


def test_what_the_demo_says_differently_is_brought_up_to_date(desk):
    LiveMarket.objects.filter(code="desk_beta").update(fee_bps=1, poll_ms=9_000)

    install_live_desk(now=NOW)

    row = LiveMarket.objects.get(code="desk_beta")
    assert (row.fee_bps, row.poll_ms) == (Decimal(50), 1_500)


def test_venues_of_others_are_left_alone():
    mine = Venue.objects.create(code="kraken", name="Kraken", kind=VenueKind.EXCHANGE, currency="USD")
    staff = Venue.objects.create(code="desk_beta", name="Mine", kind=VenueKind.GIFT_CARD_DESK, currency="USD")
    LiveMarket.objects.create(
        code="desk_beta", venue=staff, kind=InstrumentKind.GIFT_CARD, adapter=LiveAdapter.JSON,
        side=MarketSide.SELL, url="https://desk.example/quotes",
    )  # fmt: skip

    assert install_live_desk(now=NOW) == 9

    assert not LiveMarket.objects.filter(venue=mine).exists()
    assert LiveMarket.objects.get(code="desk_beta").side == MarketSide.SELL


def test_removal_takes_out_what_happened_there_and_nothing_else(desk):
    real = Venue.objects.create(code="real_a", name="A", kind=VenueKind.GIFT_CARD_DESK, currency="USD")
    other = Venue.objects.create(code="real_b", name="B", kind=VenueKind.GIFT_CARD_DESK, currency="USD")
    alpha, beta = Venue.objects.get(code="desk_alpha"), Venue.objects.get(code="desk_beta")
    shared, only_demo = make_instrument(), make_instrument("giftcard:steam:50:USD:US")
    kept = sighted(real, other, shared)
    sighted(alpha, beta, shared)
    sighted(alpha, beta, only_demo)

    report = remove_demo(now=NOW, folder=None)

    assert list(CrossVenueOpportunity.objects.all()) == [kept]
    assert SpreadEpisode.objects.count() == 1
    assert set(QuoteSample.objects.values_list("venue__code", flat=True)) == {"real_a", "real_b"}
    assert list(Instrument.objects.all()) == [shared]
    assert not LiveMarket.objects.exists()
    assert not Venue.objects.filter(code__startswith="desk_").exists()
    assert (report.rows["live_markets"], report.rows["venues"]) == (11, 11)
    assert AuditEvent.objects.get(verb="demo.removed").data["rows"]["cross_venue_opportunities"] == 2
    assert remove_demo(now=NOW, folder=None).rows == {}


def test_redis_forgets_what_the_demo_said(desk, django_capture_on_commit_callbacks):
    client = shared_redis()
    client.xadd(SPREADS_STREAM, {"data": "{}"})
    client.zadd(SIGNALS_HISTORY, {"{}": 1})

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        remove_demo(now=NOW, folder=None)

    assert client.xlen(SPREADS_STREAM) == 0
    assert not client.exists(SIGNALS_HISTORY)


def test_a_redis_that_is_gone_forgets_by_itself(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    forget_live_news()


def test_names_are_unique():
    codes = [market.code for market in demo_markets()]

    assert len(set(codes)) == len(codes)
    assert demo_script()
