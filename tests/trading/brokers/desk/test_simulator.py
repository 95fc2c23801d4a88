"""The simulator's own desks, spoken with over HTTP: the contract, and each fault it has for orders."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from common.clock import FrozenClock
from common.secrets import Secret
from scrapers.models import LiveMarket
from scrapers.services.live_markets import store_token
from scrapers.simulator.app import create_simulator
from scrapers.simulator.faults import FaultRule
from scrapers.simulator.giftcards.desks import DeskQuote, desk_named
from scrapers.simulator.seeded import seeded_world
from scrapers.simulator.serving import RunningSimulator, start_simulator
from tests.trading.factories import NOW
from tests.trading.spread_factories import make_desk
from trading.brokers.desk import LegInstruction, LegOutcome, SimulatedDeskBroker

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOON)


@pytest.fixture
def simulator(settings, clock) -> Iterator[RunningSimulator]:
    """Run the simulator in a thread with a loop of its own: brokers block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    app = create_simulator(seeded_world(7, "small"), clock=clock, least_gap=0.0)
    running = asyncio.run_coroutine_threadsafe(start_simulator(app), loop).result(60)
    settings.VENUE_SIMULATOR_URL = running.url
    settings.LEG_TIMEOUT_MS = 20_000
    yield running
    asyncio.run_coroutine_threadsafe(running.stop(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.close()


@pytest.fixture
def market(simulator) -> LiveMarket:
    row = make_desk("desk_alpha", origin="demo")
    store_token(row, Secret("simulator-secret"))
    row.save()
    return row


def _quote(simulator: RunningSimulator, least: int = 4) -> DeskQuote:
    quotes = simulator.simulator.gift_cards.quotes(desk_named("desk_alpha"))
    return next(quote for quote in quotes if quote.quantity >= least)


def _order(quote: DeskQuote, name: str = "ours:0", **changes) -> LegInstruction:
    card = quote.card
    facts = {
        "client_order_id": name, "venue": "desk_alpha", "side": "buy", "symbol": "x", "base": card.brand.slug,
        "currency": card.currency, "denomination": Decimal(str(card.face)), "region": card.region,
        "quantity": Decimal(4), "limit_price": quote.price, "quote_id": quote.quote_id,
    }  # fmt: skip
    return LegInstruction(**{**facts, **changes})


def _breaks(simulator: RunningSimulator, kind: str, **data) -> None:
    rule = FaultRule(route="POST /giftdesk-*/orders", kind=kind, data=data)
    simulator.simulator.faults.add(rule, now=simulator.simulator.now())


def test_an_order_is_filled_at_the_quote_with_the_desks_fee(simulator, market):
    quote = _quote(simulator)

    report = SimulatedDeskBroker(market).send(_order(quote), now=NOW)

    assert (report.outcome, report.quantity, report.price) == (LegOutcome.FILLED, Decimal(4), quote.price)
    assert report.fees > 0
    found = SimulatedDeskBroker(market).find(_order(quote), now=NOW)
    assert found == report


def test_the_same_id_is_the_same_order_and_another_order_under_it_is_not_believed(simulator, market):
    quote = _quote(simulator)
    broker = SimulatedDeskBroker(market)

    first, again = broker.send(_order(quote), now=NOW), broker.send(_order(quote), now=NOW)
    other = broker.send(_order(quote, quantity=Decimal(1)), now=NOW)

    assert first == again
    assert other.outcome is LegOutcome.UNKNOWN, "a conflict does not say that nothing happened"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"limit_price": Decimal("0.01")}, "price_moved"), ({"quote_id": "nobody-gave-it"}, "unknown_quote"),
     ({"base": "unheard-of"}, "no brand")],
)  # fmt: skip
def test_what_the_desk_does_not_take_is_rejected_with_its_reason(simulator, market, changes, reason):
    report = SimulatedDeskBroker(market).send(_order(_quote(simulator), **changes), now=NOW)

    assert report.outcome is LegOutcome.REJECTED
    assert reason in report.reason


@pytest.mark.parametrize(
    ("fault", "sent", "found"),
    [
        ("order_no_stock", LegOutcome.REJECTED, LegOutcome.REJECTED),
        ("order_quote_expired", LegOutcome.REJECTED, LegOutcome.REJECTED),
        ("order_partial", LegOutcome.PARTIAL, LegOutcome.PARTIAL),
        ("order_fee", LegOutcome.FILLED, LegOutcome.FILLED),
        ("order_late_fill", LegOutcome.PENDING, LegOutcome.PENDING),
        ("order_late_failure", LegOutcome.PENDING, LegOutcome.PENDING),
        ("answer_lost", LegOutcome.UNKNOWN, LegOutcome.FILLED),
    ],
)
def test_every_fault_of_orders_is_told_for_what_it_is(simulator, market, fault, sent, found):
    _breaks(simulator, fault)
    order = _order(_quote(simulator))
    broker = SimulatedDeskBroker(market)

    assert broker.send(order, now=NOW).outcome is sent
    assert broker.find(order, now=NOW).outcome is found


def test_an_answer_that_hangs_ends_at_the_deadline_and_the_order_is_found(simulator, market, settings):
    _breaks(simulator, "answer_hangs")
    order = _order(_quote(simulator))
    settings.LEG_TIMEOUT_MS = 500

    assert SimulatedDeskBroker(market).send(order, now=NOW).outcome is LegOutcome.UNKNOWN
    settings.LEG_TIMEOUT_MS = 20_000
    assert SimulatedDeskBroker(market).find(order, now=NOW).outcome is LegOutcome.FILLED


def test_an_order_that_was_never_sent_is_not_found(simulator, market):
    order = _order(_quote(simulator), "never")

    assert SimulatedDeskBroker(market).find(order, now=NOW).outcome is LegOutcome.NOT_FOUND


def test_without_the_right_token_nothing_is_taken_and_nothing_is_known(simulator, market):
    store_token(market, Secret("wrong"))
    order = _order(_quote(simulator))

    assert SimulatedDeskBroker(market).send(order, now=NOW).outcome is LegOutcome.REJECTED
    assert SimulatedDeskBroker(market).find(order, now=NOW).outcome is LegOutcome.UNKNOWN
