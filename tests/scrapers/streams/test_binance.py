"""Binance: tickers, and the book joined from a snapshot and buffered diffs exactly as the venue says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.spreads.messages import Quote
from scrapers.streams.binance import QUIET_NS, BinanceStream
from scrapers.streams.protocol import Leave, NeedSnapshot

from .messages import (
    NOW,
    binance_diff,
    binance_snapshot,
    book_ticker,
    hear,
    kinds,
    only,
    quotes,
    reasons,
)

PAIR = "BTC/USDT"


def tickers() -> BinanceStream:
    return BinanceStream([PAIR])


def books() -> BinanceStream:
    return BinanceStream([PAIR], has_books=True)


def synced() -> BinanceStream:
    """Return an adapter whose book stands at update 105: bid 99, ask 101."""
    adapter = books()
    hear(adapter, binance_diff(101, 105))
    adapter.snapshot(PAIR, binance_snapshot(105), NOW)
    return adapter


def test_subscriptions_name_streams_in_few_messages():
    assert BinanceStream(["BTC/USDT", "ETH/USDT"]).subscriptions() == [
        '{"method": "SUBSCRIBE", "params": ["btcusdt@bookTicker", "ethusdt@bookTicker"], "id": 1}'
    ]
    assert "btcusdt@depth@100ms" in books().subscriptions()[0]
    assert len(BinanceStream([f"A{n}/USDT" for n in range(450)]).subscriptions()) == 3


def test_ticker_is_a_quote_with_its_middle_as_price():
    (quote,) = hear(tickers(), book_ticker(1))

    assert isinstance(quote, Quote)
    assert (quote.bid, quote.ask, quote.bid_size, quote.ask_size) == (100.5, 100.6, 1.5, 2.0)
    assert quote.price == pytest.approx(100.55)
    assert (quote.timestamp, quote.received) == (0, NOW)


def test_ticker_in_the_envelope_of_a_combined_stream_is_read():
    events = hear(tickers(), {"stream": "btcusdt@bookTicker", "data": book_ticker(1)})

    assert quotes(events) == [(100.5, 100.6)]


def test_repeated_and_older_tickers_are_dropped_and_counted():
    adapter = tickers()

    events = hear(adapter, book_ticker(5), book_ticker(5, bid="1"), book_ticker(4, bid="2"), book_ticker(6))

    assert quotes(events) == [(100.5, 100.6), (100.5, 100.6)]
    assert adapter.counts.repeated == 2


def test_crossed_ticker_is_withdrawn_and_the_next_good_one_counts_again():
    adapter = tickers()

    events = hear(adapter, book_ticker(1), book_ticker(2, bid="100.7"), book_ticker(3))

    assert kinds(events) == ["Quote", "Withdrawn", "Quote"]
    assert reasons(events) == ["crossed"]
    assert (adapter.counts.crossed, adapter.counts.invalid) == (1, 1)


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
def test_price_that_is_none_takes_the_quote_out(price: str):
    adapter = tickers()

    events = hear(adapter, book_ticker(1), book_ticker(2, bid=price))

    assert kinds(events) == ["Quote", "Withdrawn"]
    assert adapter.counts.invalid == 1
    assert adapter.counts.quotes == 1


def test_unknown_types_and_symbols_are_counted_and_cost_nothing():
    adapter = tickers()

    events = hear(
        adapter,
        {"e": "trade", "s": "BTCUSDT", "p": "1"},
        book_ticker(1, symbol="XYZUSDT"),
        {"result": None, "id": 1},
    )

    assert events == []
    assert (adapter.counts.unknown, adapter.counts.invalid) == (2, 0)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"u":1,"s":"BTCUSDT","b":[],"B":"","a":"","A":""}']
)
def test_unreadable_messages_are_counted_as_invalid(raw: bytes):
    adapter = tickers()

    assert hear(adapter, raw) == []
    assert adapter.counts.invalid == 1


@pytest.mark.parametrize(
    "message",
    [{"e": "serverShutdown", "E": 1}, {"stream": "!serverShutdown", "data": {"e": "serverShutdown", "E": 1}}],
)
def test_announced_shutdown_asks_for_a_planned_replacement(message: dict[str, object]):
    assert hear(tickers(), message) == [Leave("server_shutdown", is_planned=True)]


def test_refused_subscription_of_everything_gives_the_connection_up():
    assert hear(tickers(), {"error": {"code": 2, "msg": "Invalid request"}, "id": 1}) == [Leave("refused")]


# The book


def test_first_diff_asks_for_one_snapshot():
    adapter = books()

    assert hear(adapter, binance_diff(101, 103)) == [NeedSnapshot(PAIR)]
    assert hear(adapter, binance_diff(104, 105)) == []


def test_snapshot_inside_the_buffer_is_joined_with_what_follows_it():
    adapter = books()
    hear(
        adapter,
        binance_diff(101, 103, [["99.5", "9"]]),
        binance_diff(104, 106, [["100", "2"]]),
        binance_diff(107, 107, [], [["101", "0"], ["102", "3"]]),
    )

    (quote,) = adapter.snapshot(PAIR, binance_snapshot(105), NOW)

    assert isinstance(quote, Quote)
    assert (quote.bid, quote.bid_size, quote.ask, quote.ask_size) == (100.0, 2.0, 102.0, 3.0)
    assert quote.bids == [(100.0, 2.0), (99.0, 1.0)]
    assert adapter.counts.gaps == 0


def test_snapshot_older_than_the_buffer_is_asked_for_again():
    adapter = books()
    hear(adapter, binance_diff(101, 103))

    assert adapter.snapshot(PAIR, binance_snapshot(100), NOW) == (NeedSnapshot(PAIR),)
    assert quotes(list(adapter.snapshot(PAIR, binance_snapshot(101), NOW))) == [(99.0, 101.0)]


def test_snapshot_newer_than_the_buffer_drops_all_of_it():
    adapter = books()
    hear(adapter, binance_diff(101, 103, [["50", "1"]]))

    events = adapter.snapshot(PAIR, binance_snapshot(200), NOW)

    assert quotes(list(events)) == [(99.0, 101.0)]
    assert hear(adapter, binance_diff(199, 201, [["99.5", "1"]]))  # spans the snapshot's id
    assert adapter.latest[PAIR].bid == 99.5


def test_gap_inside_the_buffer_begins_again_from_the_gap():
    adapter = books()
    hear(adapter, binance_diff(101, 103), binance_diff(110, 111))

    events = list(adapter.snapshot(PAIR, binance_snapshot(102), NOW))

    assert kinds(events) == ["Withdrawn", "NeedSnapshot"]
    assert adapter.counts.gaps == 1
    assert adapter.snapshot(PAIR, binance_snapshot(109), NOW) == (NeedSnapshot(PAIR),)
    assert quotes(list(adapter.snapshot(PAIR, binance_snapshot(110), NOW))) == [(99.0, 101.0)]


def test_given_up_book_does_not_come_back_older_than_it_was():
    adapter = synced()
    hear(adapter, binance_diff(106, 110, [["101.5", "1"]]))  # crossed

    assert adapter.snapshot(PAIR, binance_snapshot(105), NOW) == (NeedSnapshot(PAIR),)
    assert PAIR not in adapter.latest
    assert quotes(list(adapter.snapshot(PAIR, binance_snapshot(110), NOW))) == [(99.0, 101.0)]


def test_pair_without_diffs_is_known_by_a_snapshot_of_later():
    adapter = BinanceStream([PAIR, "ETH/USDT"], has_books=True)

    asked = hear(adapter, {"result": None, "id": 1})
    soon = adapter.snapshot(PAIR, binance_snapshot(100), NOW + QUIET_NS - 1)
    later = adapter.snapshot(PAIR, binance_snapshot(100), NOW + QUIET_NS)

    assert asked == [NeedSnapshot(PAIR), NeedSnapshot("ETH/USDT")]
    assert soon == (NeedSnapshot(PAIR),)
    assert quotes(list(later)) == [(99.0, 101.0)]
    assert quotes(hear(adapter, binance_diff(101, 101, [["99.5", "1"]]))) == [(99.5, 101.0)]
    assert reasons(hear(adapter, binance_diff(103, 103))) == ["gap"]


def test_pair_the_venue_does_not_have_is_not_asked_for_for_ever():
    adapter = BinanceStream([PAIR, "BTC/USD"], has_books=True)
    hear(adapter, {"result": None, "id": 1}, binance_diff(101, 105))
    refusal = b'{"code":-1121,"msg":"Invalid symbol."}'

    assert adapter.snapshot("BTC/USD", refusal, NOW) == ()
    assert adapter.said == "not offered: BTC/USD"
    assert adapter.snapshot(PAIR, refusal, NOW) == (NeedSnapshot(PAIR),)


def test_each_answer_asks_for_the_books_of_its_own_request():
    pairs = [f"A{number}/USDT" for number in range(250)]
    adapter = BinanceStream(pairs, has_books=True)

    assert hear(adapter, {"result": None, "id": 201}) == [NeedSnapshot(pair) for pair in pairs[200:]]
    assert hear(adapter, {"result": None, "id": "x"}, {"result": None, "id": -5}) == [
        NeedSnapshot(pair) for pair in pairs[:200]
    ]
    assert hear(tickers(), {"result": None, "id": 1}) == []


def test_unreadable_snapshot_is_asked_for_again():
    adapter = books()
    hear(adapter, binance_diff(101, 103))

    assert adapter.snapshot(PAIR, b"<html>", NOW) == (NeedSnapshot(PAIR),)


def test_missing_diff_withdraws_the_book_before_it_resyncs():
    adapter = synced()

    events = hear(adapter, binance_diff(106, 107, [["99.5", "1"]]), binance_diff(109, 109, [["100", "1"]]))

    assert kinds(events) == ["Quote", "Withdrawn", "NeedSnapshot"]
    assert reasons(events) == ["gap"]
    assert PAIR not in adapter.latest
    assert adapter.counts.gaps == 1


def test_repeated_diff_changes_nothing():
    adapter = synced()
    hear(adapter, binance_diff(106, 107, [["99.5", "1"]]))

    assert hear(adapter, binance_diff(106, 107, [["99.5", "7"]])) == []
    assert (adapter.counts.repeated, adapter.counts.gaps) == (1, 0)


def test_diffs_out_of_order_are_a_gap():
    adapter = synced()

    events = hear(adapter, binance_diff(108, 109), binance_diff(106, 107))

    assert reasons(events) == ["gap"]


def test_crossed_book_is_withdrawn_and_resynced():
    events = hear(synced(), binance_diff(106, 106, [["101.5", "1"]]))

    assert kinds(events) == ["Withdrawn", "NeedSnapshot"]
    assert reasons(events) == ["crossed"]


def test_size_zero_on_an_unknown_level_is_nothing():
    adapter = synced()

    assert hear(adapter, binance_diff(106, 106, [["42", "0"]])) == []
    assert adapter.latest[PAIR].bid == 99.0


def test_skewed_time_is_rejected_and_counted_but_the_book_goes_on():
    adapter = synced()

    events = hear(
        adapter,
        binance_diff(106, 106, [["99.5", "1"]], sent_ms=NOW // 1_000_000 - 120_000),
        binance_diff(107, 107, [["99.6", "1"]]),
    )

    assert kinds(events) == ["Withdrawn", "Quote"]
    assert only(events, Quote)[0].bids == [(99.6, 1.0), (99.5, 1.0), (99.0, 1.0)]
    assert (adapter.counts.skewed, adapter.counts.gaps) == (1, 0)


def test_change_below_what_travels_is_not_told_again():
    adapter = books()
    hear(adapter, binance_diff(101, 105))
    adapter.snapshot(PAIR, binance_snapshot(105, [[str(99 - n), "1"] for n in range(12)]), NOW)

    assert hear(adapter, binance_diff(106, 106, [["88", "5"]])) == []
    assert quotes(hear(adapter, binance_diff(107, 107, [["90", "5"]]))) == [(99.0, 101.0)]


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_message_is_fatal(raw: bytes):
    for adapter in (tickers(), books()):
        hear(adapter, raw)
        adapter.snapshot(PAIR, raw, NOW)
