"""Coinbase Exchange: the ticker's best bid and ask, sequences, heartbeats, the level 2 book."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.spreads.messages import Quote
from scrapers.streams.coinbase import CoinbaseStream
from scrapers.streams.protocol import Leave

from .messages import NOW, coinbase_ticker, hear, kinds, only, quotes, reasons

PAIR = "BTC/USD"
SENT = int(datetime(2026, 2, 2, 2, 40, 0, 123456, tzinfo=UTC).timestamp() * 1_000)


def tickers() -> CoinbaseStream:
    return CoinbaseStream([PAIR])


def books() -> CoinbaseStream:
    adapter = CoinbaseStream([PAIR], has_books=True)
    hear(
        adapter, {"type": "snapshot", "product_id": "BTC-USD", "bids": [["99", "1"]], "asks": [["101", "2"]]}
    )
    return adapter


def heartbeat(last_trade_id: int) -> dict[str, Any]:
    return {
        "type": "heartbeat", "sequence": 90, "last_trade_id": last_trade_id, "product_id": "BTC-USD",
        "time": "2026-02-02T02:40:01Z",
    }  # fmt: skip


def update(*changes: list[str]) -> dict[str, Any]:
    return {"type": "l2update", "product_id": "BTC-USD", "changes": changes, "time": "2026-02-02T02:40:00Z"}


def test_each_product_is_subscribed_by_itself_so_that_a_wrong_one_costs_nothing():
    assert CoinbaseStream(["BTC/USD", "ETH/USD"]).subscriptions() == [
        '{"type": "subscribe", "product_ids": ["BTC-USD"], "channels": ["ticker", "heartbeat"]}',
        '{"type": "subscribe", "product_ids": ["ETH-USD"], "channels": ["ticker", "heartbeat"]}',
    ]


def test_ticker_uses_best_bid_and_ask_and_keeps_the_quote_currency():
    (quote,) = only(hear(tickers(), coinbase_ticker(9)), Quote)

    assert (quote.symbol, quote.bid, quote.ask, quote.bid_size, quote.ask_size) == (
        PAIR,
        100.5,
        100.6,
        1.5,
        2.0,
    )
    assert (quote.price, quote.volume, quote.timestamp) == (100.55, 0.25, SENT)


def test_a_quiet_market_is_not_confirmed_by_silence():
    assert not tickers().is_complete
    assert books().is_complete


def test_tickers_out_of_sequence_are_dropped_and_counted():
    adapter = tickers()

    events = hear(adapter, coinbase_ticker(9), coinbase_ticker(8, bid="1"), coinbase_ticker(9, bid="2"))

    assert quotes(events) == [(100.5, 100.6)]
    assert adapter.counts.repeated == 2


def test_match_that_never_came_takes_the_quote_out_at_the_next_heartbeat():
    adapter = tickers()

    events = hear(
        adapter, coinbase_ticker(9), heartbeat(9), heartbeat(10), heartbeat(10), coinbase_ticker(10)
    )

    assert kinds(events) == ["Quote", "Withdrawn", "Quote"]
    assert reasons(events) == ["gap"]
    assert adapter.counts.gaps == 1


def test_match_that_is_on_its_way_is_waited_for():
    adapter = tickers()

    events = hear(adapter, coinbase_ticker(9), heartbeat(10), coinbase_ticker(10), heartbeat(11))

    assert kinds(events) == ["Quote", "Quote"]


def test_skewed_ticker_is_rejected_and_counted():
    adapter = tickers()

    events = hear(adapter, coinbase_ticker(1), coinbase_ticker(2, time="2026-02-02T02:30:00Z"))

    assert kinds(events) == ["Quote", "Withdrawn"]
    assert reasons(events) == ["skew"]
    assert (adapter.counts.skewed, adapter.counts.invalid) == (1, 1)


def test_unknown_types_and_products_are_counted():
    adapter = tickers()

    assert hear(adapter, {"type": "status", "products": []}, coinbase_ticker(1, product_id="XYZ-USD")) == []
    assert (adapter.counts.unknown, adapter.counts.invalid) == (2, 0)


@pytest.mark.parametrize("message", [b"", b"[1]", b"nonsense", {"type": "ticker", "product_id": "BTC-USD"}])
def test_unreadable_messages_are_counted_as_invalid(message: Any):
    adapter = tickers()

    assert hear(adapter, message) == []
    assert adapter.counts.invalid == 1


def test_product_that_is_not_offered_is_named_and_the_others_go_on():
    adapter = CoinbaseStream(["BTC/USD", "XYZ/USD"])
    error = {"type": "error", "message": "Failed to subscribe", "reason": "XYZ-USD is not a valid product"}

    assert hear(adapter, error) == []
    assert adapter.said == "not offered: Failed to subscribe: XYZ-USD is not a valid product"
    assert hear(adapter, error) == [Leave("refused")]


def test_book_follows_snapshot_and_updates():
    events = hear(books(), update(["buy", "99.5", "3"], ["sell", "101", "0"], ["sell", "102", "1"]))

    (quote,) = only(events, Quote)
    assert (quote.bids, quote.asks) == ([(99.5, 3.0), (99.0, 1.0)], [(102.0, 1.0)])


def test_crossed_book_is_withdrawn_and_subscribed_anew():
    adapter = books()

    events = hear(adapter, update(["buy", "101", "3"]))

    assert kinds(events) == ["Withdrawn", "Send", "Send"]
    assert '"unsubscribe"' in events[1].text  # type: ignore[union-attr]
    assert hear(adapter, update(["buy", "99", "3"])) == []  # of the former subscription


def test_side_that_empties_takes_the_quote_out():
    assert reasons(hear(books(), update(["sell", "101", "0"]))) == ["one_sided"]


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_message_is_fatal(raw: bytes):
    hear(tickers(), raw, received=NOW)
    hear(books(), raw, received=NOW)
