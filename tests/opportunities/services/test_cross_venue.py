import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from catalog.choices import InstrumentKind, VenueKind
from catalog.models import Instrument, Venue
from common.live import LIVE_STREAM
from common.models import AuditEvent
from common.redis import shared_redis
from opportunities.models import CrossVenueOpportunity, SpreadEpisode
from opportunities.services.cross_venue import close_overdue, upsert_sightings
from opportunities.services.cross_venue_places import instrument_of
from opportunities.services.cross_venue_reading import SightingUnreadable, read_sighting
from quant.spreads.symbols import route_id
from tests.opportunities.sighting_factory import START, make_sighting, sighting_bytes, sighting_data

pytestmark = pytest.mark.django_db

ROUTE = route_id("crypto:BTC/USDT", "binance", "okx")
STORY = [
    ("open", 0.0), ("seen", 1.0), ("seen", 2.0), ("closed", 3.0), ("open", 10.0), ("seen", 11.0)
]  # fmt: skip


def apply(*events: tuple[str, float], **more: Any) -> Any:
    return upsert_sightings([make_sighting(event, seconds=at, **more) for event, at in events], START)


def verbs() -> list[str]:
    rows = AuditEvent.objects.filter(subject=f"spread:{ROUTE}").order_by("seq")
    return list(rows.values_list("verb", flat=True))


def state() -> tuple[Any, ...]:
    rows = CrossVenueOpportunity.objects.order_by("id").values()
    episodes = SpreadEpisode.objects.order_by("id").values()
    return list(rows), list(episodes), verbs()


def test_first_sighting_makes_route_episode_instrument_and_venues() -> None:
    report = apply(("open", 0.0))

    row = CrossVenueOpportunity.objects.get()
    assert (row.pk, row.state, row.revision, row.sightings) == (ROUTE, "open", 1, 1)
    assert (row.instrument.symbol, row.instrument.base, row.instrument.quote) == (
        "crypto:BTC/USDT",
        "BTC",
        "USDT",
    )
    assert row.net_profit == Decimal("408.3987")
    assert (row.opened_at, row.expires_at) == (START, START + timedelta(seconds=5))
    assert Venue.objects.get(code="okx").kind == VenueKind.EXCHANGE
    assert Venue.objects.get(code="okx").currency == "USD"
    assert row.episodes.get().opened_at == START
    assert verbs() == ["spread.opened"]
    assert (report.applied, report.opened) == (1, 1)


def test_life_of_a_route_in_one_batch() -> None:
    report = apply(*STORY)

    row = CrossVenueOpportunity.objects.get()
    first, second = row.episodes.order_by("opened_at")
    assert (first.sightings, first.closed_at) == (3, START + timedelta(seconds=3))
    assert (second.sightings, second.closed_at) == (2, None)
    assert (row.state, row.sightings, row.closed_at) == ("open", 5, None)
    assert verbs() == ["spread.opened", "spread.closed", "spread.reopened"]
    assert (report.opened, report.closed, report.reopened) == (1, 1, 1)


def test_one_by_one_is_the_same_as_in_one_batch() -> None:
    for step in STORY:
        apply(step)
    kept, episodes, told = state()
    revisions = [row.pop("revision") for row in kept]

    CrossVenueOpportunity.objects.all().delete()
    apply(*STORY)
    kept_again, episodes_again, told_again = state()

    assert revisions == [len(STORY)]
    assert [row.pop("revision") for row in kept_again] == [1]
    assert kept_again == kept
    for row in (*episodes, *episodes_again):
        row.pop("id")
    assert episodes_again == episodes
    assert told_again == told * 2  # the trail keeps both


@pytest.mark.parametrize("again", [slice(0, 6), slice(0, 3), slice(2, 5), slice(3, 4), slice(5, 6)])
def test_batch_that_arrives_again_changes_nothing(again: slice) -> None:
    apply(*STORY)
    before = state()

    report = apply(*STORY[again])

    assert state() == before
    assert report.applied == 0
    assert report.ignored == len(STORY[again])


def test_later_sighting_counts_so_that_ignoring_is_not_all_it_does() -> None:
    apply(*STORY)
    before = state()

    apply(("seen", 11.001))

    assert state() != before


def test_peaks_are_of_the_opening_and_figures_of_the_last_sighting() -> None:
    apply(("open", 0.0), net_bps="80")
    apply(("seen", 1.0), net_bps="120", net_profit="540")
    apply(("seen", 2.0), net_bps="60")

    row = CrossVenueOpportunity.objects.get()
    assert (row.net_bps, row.best_net_bps) == (Decimal(60), Decimal(120))
    assert row.episodes.get().peak_net_bps == 120
    assert row.episodes.get().peak_net_profit == 540


def test_closing_a_route_that_was_never_seen_makes_nothing() -> None:
    report = apply(("closed", 0.0))

    assert not CrossVenueOpportunity.objects.exists()
    assert report.ignored == 1


def test_route_seen_without_an_opening_is_opened() -> None:
    apply(("seen", 0.0))

    assert verbs() == ["spread.opened"]


def test_two_directions_are_two_routes() -> None:
    apply(("open", 0.0))
    apply(("open", 0.0), buy_venue="okx", sell_venue="binance")

    assert CrossVenueOpportunity.objects.count() == 2


def test_overdue_route_is_closed_at_the_moment_its_quotes_became_too_old() -> None:
    apply(("open", 0.0))

    assert close_overdue(now=START + timedelta(seconds=5)) == 0
    assert close_overdue(now=START + timedelta(seconds=60)) == 1
    assert close_overdue(now=START + timedelta(seconds=60)) == 0

    row = CrossVenueOpportunity.objects.get()
    assert (row.state, row.closed_reason) == ("closed", "stale")
    assert row.closed_at == START + timedelta(seconds=5)
    assert verbs()[-1] == "spread.closed"


def test_row_from_the_future_is_not_shut_after_the_clock_was_set_back() -> None:
    upsert_sightings([make_sighting("open", seconds=50)], START)
    early = START - timedelta(minutes=10)
    late = read_sighting(sighting_bytes("seen", seconds=-600), now=early)

    assert upsert_sightings([late], early).applied == 1


def test_listeners_are_told_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    shared_redis().delete(LIVE_STREAM)
    with django_capture_on_commit_callbacks(execute=True):
        apply(("open", 0.0))

    entries: Any = shared_redis().xrange(LIVE_STREAM)
    told = [json.loads(fields[b"data"]) for _, fields in entries if fields[b"key"] == str(ROUTE).encode()]
    assert [(one["name"], one["state"], one["cushion"]) for one in told] == [
        ("open", "open", "0.000000000000")
    ]
    shared_redis().delete(LIVE_STREAM)


def test_refused_batch_leaves_nothing_behind() -> None:
    with pytest.raises(SightingUnreadable):
        upsert_sightings([make_sighting("open"), make_sighting("open", symbol="crypto:NOTHING")], START)

    assert not CrossVenueOpportunity.objects.exists()
    assert not Venue.objects.filter(code="okx").exists()


def test_audit_and_row_are_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr("opportunities.services.cross_venue.record_events", refuse)
    with pytest.raises(IntegrityError):
        apply(("open", 0.0))

    assert not CrossVenueOpportunity.objects.exists()


@pytest.mark.parametrize(
    ("symbol", "currency", "expected"),
    [
        ("crypto:BTC/USDT", "USDT", ("crypto", "BTC", "USDT", None, "")),
        ("crypto:BTC/USDT~USD", "USD", ("crypto", "BTC", "USD", None, "")),
        ("giftcard:app-store:50:USD:US", "USD", ("giftcard", "app-store", "USD", Decimal(50), "US")),
        ("giftcard:x:2.5:EUR:US-CA", "EUR", ("giftcard", "x", "EUR", Decimal("2.5"), "US-CA")),
    ],
)
def test_instrument_is_read_from_its_symbol(symbol: str, currency: str, expected: tuple[Any, ...]) -> None:
    row = instrument_of(symbol, currency)
    row.save()

    assert (row.kind, row.base, row.quote, row.denomination, row.region) == expected
    assert Instrument.objects.get(symbol=symbol).kind in InstrumentKind.values


@pytest.mark.parametrize(
    "symbol",
    ["crypto:BTC", "crypto:BTC/BTC", "giftcard:x:0:USD:US", "giftcard:x:5:USD", "odds:x", "crypto:a/B"],
)
def test_symbol_that_names_nothing_is_refused(symbol: str) -> None:
    with pytest.raises(SightingUnreadable):
        instrument_of(symbol, "USD")


@pytest.mark.parametrize(
    "change",
    [
        {"event": "gone"}, {"market": "sports"}, {"symbol": 5}, {"symbol": "giftcard:x:5:USD:US"},
        {"symbol": "crypto:" + "A" * 200}, {"buy_venue": "okx"}, {"buy_venue": "Bad Venue"},
        {"buy_venue": ""},
        {"currency": "usd"}, {"buy_price": "0"}, {"buy_price": "-1"}, {"buy_price": "NaN"},
        {"sell_price": "Infinity"}, {"sell_price": "1e13"}, {"net_bps": "1e9"}, {"net_profit": "x"},
        {"size": "NaN"}, {"flags": ["BAD"]}, {"flags": ["a"] * 21}, {"reason": "\u0000"}, {"at_ms": 10**18},
        {"at_ms": -(10**18)}, {"expires_ms": 10**18}, {"inputs": []}, {"at_ms": 1.5}, {"cost": None},
    ],
)  # fmt: skip
def test_what_no_row_can_be_made_of_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SightingUnreadable):
        read_sighting(json.dumps({**sighting_data(), **change}).encode(), now=START)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000, b'{"a":"' + b"x" * 70_000]
)
def test_rubbish_is_refused(raw: bytes) -> None:
    with pytest.raises(SightingUnreadable):
        read_sighting(raw, now=START)


def test_sighting_far_ahead_of_our_clock_is_refused() -> None:
    with pytest.raises(SightingUnreadable, match="ahead"):
        read_sighting(sighting_bytes(seconds=61), now=START)


def test_amounts_are_rounded_to_the_places_of_their_columns() -> None:
    sighting = make_sighting(net_profit="0.0000000000005", net_bps="1.00005", size=None, total_profit=None)

    assert sighting.figures["net_profit"] == 0
    assert sighting.figures["net_bps"] == Decimal("1.0000")
    assert sighting.figures["size"] is None
