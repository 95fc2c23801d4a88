"""The tick measurement: both engines are fed the same and must say the same. Nothing here asserts a time."""

import json
from decimal import Decimal

import pytest

from arbsite.bench import ticks_pieces
from arbsite.bench.r001 import OrderBook, SpreadEngine, message_of
from arbsite.bench.results import Better
from arbsite.bench.ticks import Paced, _without_repeats
from arbsite.bench.ticks_feed import (
    SYMBOL,
    FeedPlan,
    Tick,
    describe,
    expected_signals,
    frame_of,
    make_ticks,
    venue_code,
)
from arbsite.bench.ticks_ingest import Ingested, _figures
from opportunities.live.engine import SignalEngine
from opportunities.live.terms import engine_terms
from quant.spreads.messages import Quote, decode


def levels(**prices):
    book = OrderBook()
    for exchange, price in prices.items():
        book.update(exchange, SYMBOL, price, 1)
    return book.get_all(SYMBOL)


def quote_of(tick: Tick) -> Quote:
    """Return a tick as our engine reads it."""
    quote = decode(frame_of("ours", tick))
    assert isinstance(quote, Quote)
    return quote


class TestYardstick:
    def test_bid_and_ask_are_a_basis_point_from_the_trade(self):
        level = levels(a=100.0)["a"]
        assert (level.bid, level.ask) == (pytest.approx(99.99), pytest.approx(100.01))

    def test_the_best_pair_of_all_is_found(self):
        found = SpreadEngine().find_arbitrage(levels(a=100.0, b=101.0, c=102.0))
        assert found is not None
        assert (found["buy_exchange"], found["sell_exchange"]) == ("a", "c")
        assert found["spread_pct"] == 1.9796
        assert found["profit"] == 1.98

    @pytest.mark.parametrize("prices", [{}, {"a": 100.0}, {"a": 100.0, "b": 100.5}])
    def test_a_gap_within_the_threshold_is_none(self, prices):
        assert SpreadEngine().find_arbitrage(levels(**prices)) is None

    def test_messages_have_the_fields_of_its_schema(self):
        message = json.loads(message_of("binance", SYMBOL, 45123.5, 1705670123456))
        assert set(message) == {"exchange", "symbol", "price", "volume", "timestamp", "type"}


class TestFeed:
    def test_the_same_plan_gives_the_same_ticks(self):
        first, second = (make_ticks(venues=4, jump_share=0.5, ticks=50) for _ in range(2))
        assert first == second

    def test_no_price_comes_twice_and_venues_take_turns(self):
        ticks = make_ticks(venues=3, jump_share=0.5, ticks=60)
        assert len({tick.price for tick in ticks}) == 60
        assert [tick.venue for tick in ticks[:4]] == [0, 1, 2, 0]

    def test_both_formats_carry_the_same_bid_and_ask(self):
        (tick,) = make_ticks(venues=1, jump_share=0, ticks=1)
        book = OrderBook()
        message = json.loads(frame_of("r001", tick))
        book.update(message["exchange"], message["symbol"], message["price"], message["timestamp"])
        level, quote = book.get_all(SYMBOL)[venue_code(0)], quote_of(tick)
        assert (quote.bid, quote.ask, quote.exchange) == (level.bid, level.ask, venue_code(0))

    def test_a_plan_survives_the_way_to_the_program(self):
        plan = FeedPlan("ours", 2, 0.05, 10, 0)
        assert FeedPlan(**json.loads(describe(plan))) == plan

    @pytest.mark.parametrize(("venues", "jump_share"), [(2, 0.05), (2, 1.0), (10, 0.05), (5, 0.6)])
    def test_our_engine_signals_what_the_yardstick_does(self, venues, jump_share):
        ticks = make_ticks(venues=venues, jump_share=jump_share, ticks=1_000)
        said = []
        fees = {venue_code(index): Decimal(0) for index in range(venues)}
        engine = SignalEngine(engine_terms(fees), add_signal=lambda at_ms, body: said.append((at_ms, body)))
        for tick in ticks:
            quote = quote_of(tick)
            engine.on_quote(quote, quote.received)

        expected = expected_signals(ticks)

        assert expected
        assert [prices for _, prices in _without_repeats(said)] == [(buy, sell) for _, buy, sell in expected]


def signal(buy, sell):
    return json.dumps({"buy_price": buy, "sell_price": sell}).encode()


class TestJudging:
    def test_a_repeated_signal_counts_once_with_its_first_time(self):
        heard = [(1, signal(1.0, 2.0)), (2, signal(1.0, 2.0)), (3, signal(1.0, 3.0)), (4, signal(1.0, 2.0))]
        assert _without_repeats(heard) == [(1, (1.0, 2.0)), (3, (1.0, 3.0)), (4, (1.0, 2.0))]

    def test_delays_are_read_by_their_share(self):
        run = Paced(0.0, tuple(range(100)))
        assert (run.delay(0.5), run.delay(0.99), run.delay(1.0)) == (50, 99, 99)

    def test_memory_and_delay_are_judged_downwards(self):
        found = Ingested(delays=[100.0, 200.0, 300.0], exchanges=set(), cpu_seconds=0.003, megabytes=90.0)
        figures = {figure.name: figure for figure in _figures(found)}
        half = figures["WebSocket receipt to ZeroMQ p50"]
        assert half.value == pytest.approx(0.2)
        assert half.has_passed is True
        assert figures["ingest, processor time per message"].value == pytest.approx(1_000)
        assert figures["ingest, memory"].better is Better.LOWER


class TestPeer:
    def test_without_ccxt_there_is_a_plain_word_and_no_ratio(self, monkeypatch):
        def missing(name):
            raise ImportError(name)

        monkeypatch.setattr(ticks_pieces, "import_module", missing)

        (figure,) = ticks_pieces.decoding_figures(messages=10, repeats=1)

        assert figure.note == "ccxt is not installed: see requirements/bench.txt"
