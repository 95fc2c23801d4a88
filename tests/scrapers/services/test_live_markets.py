"""Tests of `scrapers.services.live_markets`: rows follow the environment, staff change their own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from catalog.models import Venue
from common.models import AuditEvent
from common.rotation import rotate_column
from common.secrets import Secret, current_prefix, encrypted_columns
from scrapers.choices import LiveAdapter, MarketOrigin, MarketSide
from scrapers.giftcards.environment import MarketsMisdeclared
from scrapers.giftcards.rules import MarketFacts
from scrapers.models import LiveMarket
from scrapers.selectors.live_markets import as_market, gift_card_markets, market_token, market_url
from scrapers.services.live_markets import (
    MarketNotYours,
    MarketRefused,
    save_market,
    switch_market,
    sync_environment_markets,
)
from tests.pricing.factories import make_user
from users.choices import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
ENVIRON = {
    "MKT_ALPHA_SIDE": "sell",
    "MKT_ALPHA_URL": "https://alpha.example/quotes",
    "MKT_ALPHA_TOKEN": "first",
    "MKT_ALPHA_BRANDS": "Amazon",
    "MKT_BETA_SIDE": "buy",
    "MKT_BETA_URL": "https://beta.example/quotes",
}
FACTS = MarketFacts("gamma", LiveAdapter.JSON, MarketSide.BOTH, "Gamma", "https://gamma.example/quotes")


def verbs(code: str) -> list[str]:
    events = AuditEvent.objects.filter(subject=f"live_market:{code}").order_by("recorded_at", "seq")
    return [event.verb for event in events]


def test_declared_markets_become_rows_with_an_encrypted_token():
    report = sync_environment_markets(ENVIRON, now=NOW)

    assert report.declared == ["alpha", "beta"]
    row = LiveMarket.objects.get(code="alpha")
    assert (row.origin, row.side, row.brands, row.is_enabled) == ("environment", "sell", ["amazon"], True)
    assert row.token.startswith(current_prefix())
    assert "first" not in row.token
    assert market_token(row) == Secret("first")
    assert (row.venue.code, row.venue.kind, row.venue.currency) == ("alpha", "giftcard", "USD")
    assert LiveMarket.objects.get(code="beta").token == ""
    assert verbs("alpha") == ["live_market.declared"]
    assert "first" not in str(AuditEvent.objects.get(subject="live_market:alpha").data)


def test_the_same_environment_changes_nothing():
    sync_environment_markets(ENVIRON, now=NOW)
    before = LiveMarket.objects.get(code="alpha").token

    report = sync_environment_markets(ENVIRON, now=NOW + timedelta(hours=1))

    assert (report.declared, report.changed, report.disabled) == ([], [], [])
    assert LiveMarket.objects.get(code="alpha").token == before
    assert verbs("alpha") == ["live_market.declared"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"MKT_ALPHA_FEE_BPS": "12.5"}, {"fee_bps": "12.5"}),
        ({"MKT_ALPHA_TOKEN": "second"}, {"token": True}),
        ({"MKT_ALPHA_TOKEN": ""}, {"token": False}),
    ],
)
def test_a_change_is_stored_and_told_without_the_token(change, told):
    sync_environment_markets(ENVIRON, now=NOW)

    report = sync_environment_markets({**ENVIRON, **change}, now=NOW)

    assert report.changed == ["alpha"]
    event = AuditEvent.objects.get(subject="live_market:alpha", verb="live_market.changed")
    assert event.data == told


def test_a_vanished_market_is_switched_off_and_comes_back():
    sync_environment_markets(ENVIRON, now=NOW)

    gone = sync_environment_markets({}, now=NOW)
    again = sync_environment_markets({}, now=NOW)
    back = sync_environment_markets(ENVIRON, now=NOW)

    assert gone.disabled == ["alpha", "beta"]
    assert again.disabled == []
    assert back.changed == ["alpha", "beta"]
    assert verbs("alpha") == ["live_market.declared", "live_market.disabled", "live_market.changed"]
    assert [row.code for row in gift_card_markets()] == ["alpha", "beta"]


def test_a_mistake_changes_nothing_at_all():
    with pytest.raises(MarketsMisdeclared):
        sync_environment_markets({**ENVIRON, "MKT_BETA_SIDE": "?"}, now=NOW)

    assert not LiveMarket.objects.exists()


def test_a_name_that_is_taken_is_refused_by_its_variable():
    Venue.objects.create(code="beta", name="Beta", kind="store", currency="USD")

    with pytest.raises(MarketsMisdeclared, match=r"MKT_BETA_\*: there is a venue 'beta' of another kind"):
        sync_environment_markets(ENVIRON, now=NOW)


def test_a_market_of_staff_is_not_taken_over():
    bob = make_user("bob", Role.OPERATOR)
    save_market(None, replace(FACTS, code="alpha"), is_enabled=True, keep_token=False, actor=bob, now=NOW)

    with pytest.raises(MarketsMisdeclared, match=r"MKT_ALPHA_\*: Staff declared"):
        sync_environment_markets(ENVIRON, now=NOW)


def test_invented_markets_come_and_go_with_their_switch(settings):
    settings.ENABLE_MOCK_MARKETS = True
    assert sync_environment_markets({}, now=NOW).declared == ["mock_seller", "mock_buyer", "mock_dealer"]
    assert LiveMarket.objects.get(code="mock_seller").adapter == "mock"

    settings.ENABLE_MOCK_MARKETS = False
    assert sorted(sync_environment_markets({}, now=NOW).disabled) == [
        "mock_buyer",
        "mock_dealer",
        "mock_seller",
    ]


def test_a_market_is_not_declared_and_invented_at_once(settings):
    settings.ENABLE_MOCK_MARKETS = True

    with pytest.raises(MarketsMisdeclared, match=r"MKT_MOCK_BUYER_\*: ENABLE_MOCK_MARKETS"):
        sync_environment_markets(
            {"MKT_MOCK_BUYER_SIDE": "buy", "MKT_MOCK_BUYER_URL": "https://desk.example/q"}, now=NOW
        )
    assert not LiveMarket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_start_at_once_declare_every_market_once():
    at_once = threading.Barrier(3)

    def start() -> int:
        try:
            at_once.wait(timeout=30)
            return len(sync_environment_markets(ENVIRON, now=NOW).declared)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        declared = [one.result() for one in [threads.submit(start) for _ in range(3)]]

    assert sorted(declared) == [0, 0, 2]
    assert LiveMarket.objects.count() == 2


def test_no_secret_of_an_address_is_in_the_audit_trail():
    url = "https://alpha.example/quotes?api_key=hush&page=1"
    sync_environment_markets({**ENVIRON, "MKT_ALPHA_URL": url}, now=NOW)

    data = AuditEvent.objects.get(subject="live_market:alpha").data
    assert data["url"] == "https://alpha.example/quotes?api_key=hidden&page=1"
    assert LiveMarket.objects.get(code="alpha").url == url


@pytest.mark.parametrize(
    "where", [{"url": "https://evil.example/q"}, {"order_url": "https://evil.example/o"}]
)
def test_a_stored_token_goes_to_no_other_host_than_it_was_given_for(where):
    bob = make_user("bob", Role.OPERATOR)
    facts = replace(FACTS, token=Secret("one"))
    row = save_market(None, facts, is_enabled=True, keep_token=False, actor=bob, now=NOW)

    with pytest.raises(MarketRefused) as caught:
        save_market(row, replace(FACTS, **where), is_enabled=True, keep_token=True, actor=bob, now=NOW)
    assert set(caught.value.details) == {"new_token"}

    same = replace(FACTS, url="https://gamma.example/v2", order_url="https://gamma.example/orders")
    save_market(row, same, is_enabled=True, keep_token=True, actor=bob, now=NOW)
    moved = replace(facts, **where)
    save_market(row, moved, is_enabled=True, keep_token=False, actor=bob, now=NOW)


def test_staff_declare_change_and_switch_a_market():
    bob = make_user("bob", Role.OPERATOR)

    row = save_market(
        None, replace(FACTS, token=Secret("one")), is_enabled=True, keep_token=False, actor=bob, now=NOW
    )
    row = save_market(
        row, replace(FACTS, fee_bps=Decimal(7)), is_enabled=True, keep_token=True, actor=bob, now=NOW
    )

    assert (row.origin, row.fee_bps, market_token(row)) == ("staff", Decimal(7), Secret("one"))
    row = save_market(row, FACTS, is_enabled=True, keep_token=False, actor=bob, now=NOW)
    assert row.token == ""
    assert switch_market(row, is_enabled=False, actor=bob, now=NOW)
    assert not switch_market(row, is_enabled=False, actor=bob, now=NOW)
    assert verbs("gamma") == [
        "live_market.declared", "live_market.changed", "live_market.changed", "live_market.disabled",
    ]  # fmt: skip
    assert AuditEvent.objects.filter(subject="live_market:gamma", actor_id=bob.pk).count() == 4


def test_staff_cannot_change_what_the_environment_declares():
    bob = make_user("bob", Role.OPERATOR)
    sync_environment_markets(ENVIRON, now=NOW)
    row = LiveMarket.objects.get(code="alpha")

    with pytest.raises(MarketNotYours):
        save_market(row, replace(FACTS, code="alpha"), is_enabled=True, keep_token=True, actor=bob, now=NOW)
    with pytest.raises(MarketNotYours):
        switch_market(row, is_enabled=False, actor=bob, now=NOW)


def test_staff_cannot_declare_what_cannot_be():
    bob = make_user("bob", Role.OPERATOR)
    Venue.objects.create(code="delta", name="Delta", kind="giftcard", currency="USD")

    with pytest.raises(MarketRefused) as caught:
        save_market(
            None, replace(FACTS, url="http://127.0.0.1/q", poll_ms=1), is_enabled=True, keep_token=False,
            actor=bob, now=NOW,
        )  # fmt: skip
    assert set(caught.value.details) == {"url", "poll_ms"}
    with pytest.raises(MarketRefused):
        save_market(None, replace(FACTS, code="delta"), is_enabled=True, keep_token=False, actor=bob, now=NOW)


def test_an_address_is_its_own_then_the_simulators_then_the_venues(settings):
    row = LiveMarket(code="alpha", adapter="json", url="https://alpha.example/quotes")
    assert market_url(row) == "https://alpha.example/quotes"

    assert market_url(LiveMarket(code="r", adapter="reloadly")) == "https://giftcards.reloadly.com"
    assert market_url(LiveMarket(code="alpha", adapter="json")) == ""
    settings.VENUE_SIMULATOR_URL = "http://127.0.0.1:9000"
    assert (
        market_url(LiveMarket(code="alpha", adapter="json")) == "http://127.0.0.1:9000/giftdesk-alpha/quotes"
    )
    assert market_url(LiveMarket(code="r", adapter="reloadly")) == "http://127.0.0.1:9000/reloadly"


def test_a_market_of_the_demo_never_asks_a_real_venue(settings):
    row = LiveMarket(code="r", adapter="reloadly", origin=MarketOrigin.DEMO)
    assert market_url(row) == ""

    settings.VENUE_SIMULATOR_URL = "http://127.0.0.1:9000"
    assert market_url(row) == "http://127.0.0.1:9000/reloadly"


def test_tokens_are_rotated_with_all_other_secrets(settings):
    settings.FIELD_ENCRYPTION_KEYS = ["old-key-" + "x" * 32]
    sync_environment_markets(ENVIRON, now=NOW)
    settings.FIELD_ENCRYPTION_KEYS = ["new-key-" + "x" * 32, "old-key-" + "x" * 32]
    (column,) = (one for one in encrypted_columns() if one.name == "live_markets.token")

    report = rotate_column(column, now=NOW, batch=1)

    assert (report.rotated, report.unreadable) == (1, 0)
    row = LiveMarket.objects.get(code="alpha")
    assert row.token.startswith(current_prefix())
    assert as_market(row).token == Secret("first")


def test_a_switched_off_venue_is_not_asked():
    sync_environment_markets(ENVIRON, now=NOW)
    Venue.objects.filter(code="alpha").update(is_enabled=False)

    assert [row.code for row in gift_card_markets()] == ["beta"]
    assert LiveMarket.objects.get(code="alpha").origin == MarketOrigin.ENVIRONMENT
