"""Bybit: books chained by their update number; a snapshot may come at any time."""

from hypothesis import given
from hypothesis import strategies as st

from quant.spreads.messages import Quote
from scrapers.streams.bybit import BybitStream
from scrapers.streams.protocol import Leave

from .messages import NOW, NOW_MS, bybit_book, hear, kinds, only, quotes, reasons

PAIR = "BTC/USDT"
BIDS = [["100.5", "1.2"], ["100.4", "0.5"]]
ASKS = [["100.6", "2"]]


def synced() -> BybitStream:
    adapter = BybitStream([PAIR])
    assert quotes(hear(adapter, bybit_book("snapshot", 10, BIDS, ASKS))) == [(100.5, 100.6)]
    return adapter


def test_subscriptions_are_one_for_each_pair_with_an_id_to_know_the_answer_by():
    assert BybitStream([PAIR]).subscriptions() == [
        '{"op": "subscribe", "req_id": "subscribe:BTCUSDT", "args": ["orderbook.50.BTCUSDT"]}'
    ]


def test_next_update_is_applied():
    (quote,) = only(hear(synced(), bybit_book("delta", 11, [["100.5", "0"]], [["100.55", "4"]])), Quote)

    assert (quote.bids, quote.asks) == ([(100.4, 0.5)], [(100.55, 4.0), (100.6, 2.0)])
    assert quote.timestamp == NOW_MS


def test_missing_update_withdraws_before_it_subscribes_anew():
    adapter = synced()

    events = hear(adapter, bybit_book("delta", 12, [["100.45", "1"]]))

    assert kinds(events) == ["Withdrawn", "Send", "Send"]
    assert reasons(events) == ["gap"]
    assert adapter.counts.gaps == 1
    assert hear(adapter, bybit_book("delta", 13, [["100.45", "1"]])) == []


def test_repeated_update_is_dropped_and_counted():
    adapter = synced()
    update = bybit_book("delta", 11, [["100.45", "1"]])

    assert quotes(hear(adapter, update, update)) == [(100.5, 100.6)]
    assert adapter.counts.repeated == 1


def test_updates_out_of_order_are_a_gap():
    assert reasons(hear(synced(), bybit_book("delta", 12), bybit_book("delta", 11))) == ["gap"]


def test_book_that_breaks_again_and_again_gives_the_connection_up():
    adapter, minute = synced(), 60_000_000_000

    def broken(received: int) -> list[str]:
        hear(adapter, bybit_book("snapshot", 10, BIDS, ASKS), received=received)
        return kinds(hear(adapter, bybit_book("delta", 12), received=received))

    slowly = [broken(NOW + at * minute // 10) for at in range(20)]
    later = NOW + 3 * minute
    quickly = [broken(later + at) for at in range(12)]

    assert all(said == ["Withdrawn", "Send", "Send"] for said in [*slowly, *quickly[:-1]])
    assert quickly[-1] == ["Withdrawn", "Leave"]


def test_snapshot_at_any_time_replaces_the_book():
    adapter = synced()

    events = hear(
        adapter,
        bybit_book("snapshot", 1, [["90", "1"]], [["91", "1"]]),
        bybit_book("delta", 2, [["90.5", "1"]]),
    )

    assert quotes(events) == [(90.0, 91.0), (90.5, 91.0)]
    assert adapter.counts.gaps == 0


def test_numbers_that_begin_anew_without_a_snapshot_are_a_gap():
    adapter = synced()

    events = hear(adapter, bybit_book("delta", 1, [["90", "1"]]))

    assert kinds(events) == ["Withdrawn", "Send", "Send"]
    assert reasons(events) == ["gap"]
    assert adapter.counts.repeated == 0


def test_crossed_book_is_withdrawn_and_subscribed_anew():
    events = hear(synced(), bybit_book("delta", 11, [["100.6", "1"]]))

    assert kinds(events) == ["Withdrawn", "Send", "Send"]
    assert reasons(events) == ["crossed"]


def test_level_that_makes_no_sense_gives_the_book_up():
    assert reasons(hear(synced(), bybit_book("delta", 11, [["-1", "1"]]))) == ["unreadable"]


def test_answers_are_nothing_and_other_topics_are_counted():
    adapter = BybitStream([PAIR])

    events = hear(
        adapter,
        {"success": True, "ret_msg": "pong", "conn_id": "a", "op": "ping"},
        {"success": True, "ret_msg": "", "conn_id": "a", "req_id": "subscribe:BTCUSDT", "op": "subscribe"},
        {"topic": "publicTrade.BTCUSDT", "type": "snapshot", "ts": 1, "data": []},
        {**bybit_book("snapshot", 1), "data": {"s": "XYZUSDT", "b": [], "a": [], "u": 1, "seq": 1}},
    )

    assert events == []
    assert (adapter.counts.unknown, adapter.counts.invalid) == (2, 0)


def test_refused_pair_is_named_and_refused_again_gives_the_connection_up():
    adapter = BybitStream([PAIR, "XYZ/USDT"])
    hear(adapter, bybit_book("snapshot", 10, BIDS, ASKS))
    refusal = {
        "success": False,
        "ret_msg": "Invalid topic: orderbook.50.XYZUSDT",
        "conn_id": "a",
        "op": "subscribe",
    }

    assert hear(adapter, refusal) == []
    assert adapter.said == "not offered: XYZ/USDT"
    hear(adapter, bybit_book("delta", 12))
    assert hear(adapter, {**refusal, "req_id": "subscribe:BTCUSDT"}) == [Leave("refused")]


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_message_is_fatal(raw: bytes):
    hear(BybitStream([PAIR]), raw)
