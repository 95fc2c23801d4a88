"""OKX: books chained by sequence numbers, proven by a checksum where one is sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.spreads.messages import Quote
from scrapers.streams.okx import OkxStream
from scrapers.streams.protocol import Leave

from .messages import NOW_MS, hear, kinds, okx_book, only, quotes, reasons, signed_crc

PAIR = "BTC/USDT"
BIDS = [("100.5", "1.20"), ("100.4", "0.5")]
ASKS = [("100.6", "2")]
SUM = signed_crc("100.5:1.20:100.6:2:100.4:0.5")


def synced() -> OkxStream:
    adapter = OkxStream([PAIR])
    assert quotes(hear(adapter, okx_book("snapshot", BIDS, ASKS, sequence=10, checksum=SUM))) == [
        (100.5, 100.6)
    ]
    return adapter


def test_subscriptions_are_one_for_each_pair():
    assert OkxStream(["BTC/USDT", "ETH/USDT"]).subscriptions() == [
        '{"op": "subscribe", "args": [{"channel": "books", "instId": "BTC-USDT"}]}',
        '{"op": "subscribe", "args": [{"channel": "books", "instId": "ETH-USDT"}]}',
    ]


def test_snapshot_with_its_sum_is_a_quote():
    adapter = synced()

    quote = adapter.latest[PAIR]
    assert (quote.bids, quote.asks, quote.timestamp) == ([(100.5, 1.2), (100.4, 0.5)], [(100.6, 2.0)], NOW_MS)
    assert adapter.counts.proven == 1


def test_next_in_the_chain_is_applied():
    events = hear(synced(), okx_book("update", [("100.5", "0")], sequence=15, previous=10))

    assert quotes(events) == [(100.4, 100.6)]


def test_keepalive_without_change_is_nothing():
    adapter = synced()

    assert hear(adapter, okx_book("update", sequence=10, previous=10)) == []
    assert adapter.counts.gaps == 0


def test_message_again_is_dropped_and_counted():
    adapter = synced()
    update = okx_book("update", [("100.45", "1")], sequence=15, previous=10)

    assert quotes(hear(adapter, update, update)) == [(100.5, 100.6)]
    assert adapter.counts.repeated == 1


def test_missing_message_withdraws_before_it_subscribes_anew():
    adapter = synced()

    events = hear(adapter, okx_book("update", [("100.45", "1")], sequence=20, previous=15))

    assert kinds(events) == ["Withdrawn", "Send", "Send"]
    assert reasons(events) == ["gap"]
    assert hear(adapter, okx_book("update", [("100.45", "1")], sequence=21, previous=20)) == []
    assert quotes(hear(adapter, okx_book("snapshot", BIDS, ASKS, sequence=30))) == [(100.5, 100.6)]


def test_messages_out_of_order_are_a_gap():
    first = okx_book("update", [("100.45", "1")], sequence=15, previous=10)
    second = okx_book("update", [("100.45", "2")], sequence=20, previous=15)

    assert reasons(hear(synced(), second, first)) == ["gap"]


def test_sequence_may_start_again_lower_after_maintenance():
    events = hear(
        synced(),
        okx_book("update", [("100.45", "1")], sequence=3, previous=10),
        okx_book("update", [("100.45", "0")], sequence=4, previous=3),
    )

    assert kinds(events) == ["Quote", "Quote"]


def test_one_digit_changed_is_found_by_the_sum():
    adapter = OkxStream([PAIR])

    events = hear(adapter, okx_book("snapshot", [("100.5", "1.21"), BIDS[1]], ASKS, checksum=SUM))

    assert reasons(events) == ["checksum"]
    assert adapter.counts.checksums == 1


@pytest.mark.parametrize("more", [{"checksum": 0}, {"checksum": None}, {}])
def test_sum_that_is_not_sent_is_not_missed(more: dict[str, Any]):
    assert quotes(hear(OkxStream([PAIR]), okx_book("snapshot", BIDS, ASKS, **more))) == [(100.5, 100.6)]


@pytest.mark.parametrize("level", [("nan", "1"), ("", "1"), ("-1", "1"), ("1", "x")])
def test_level_that_makes_no_sense_gives_the_book_up(level: tuple[str, str]):
    events = hear(synced(), okx_book("update", [level], sequence=15, previous=10))

    assert reasons(events) == ["unreadable"]


def test_pongs_and_acknowledgements_are_nothing_and_other_channels_are_counted():
    adapter = OkxStream([PAIR])

    events = hear(
        adapter,
        b"pong",
        {"event": "subscribe", "arg": {"channel": "books", "instId": "BTC-USDT"}, "connId": "a"},
        {"arg": {"channel": "tickers", "instId": "BTC-USDT"}, "data": [{"last": "1"}]},
        {"arg": {"channel": "books", "instId": "XYZ-USDT"}, "action": "snapshot", "data": []},
    )

    assert events == []
    assert (adapter.counts.unknown, adapter.counts.invalid) == (2, 0)


def test_notice_of_a_restart_asks_for_a_planned_replacement():
    notice = {"event": "notice", "code": "64008", "msg": "The connection will soon be closed"}

    assert hear(OkxStream([PAIR]), notice) == [Leave("notice", is_planned=True)]


def test_refused_pair_is_named_and_refused_again_gives_the_connection_up():
    adapter = OkxStream([PAIR, "XYZ/USDT"])
    hear(adapter, okx_book("snapshot", BIDS, ASKS, sequence=10))
    refusal = {"event": "error", "code": "60018", "msg": "channel:books,instId:XYZ-USDT doesn't exist"}

    assert hear(adapter, refusal) == []
    assert adapter.said == "not offered: XYZ/USDT"
    hear(adapter, okx_book("update", sequence=20, previous=15))
    assert hear(adapter, {**refusal, "msg": "books,instId:BTC-USDT busy"}) == [Leave("refused")]


def test_skewed_time_is_rejected_but_the_chain_goes_on():
    adapter = synced()

    events = hear(
        adapter,
        okx_book("update", [("100.45", "1")], sequence=15, previous=10, ts=str(NOW_MS - 120_000)),
        okx_book("update", [("100.45", "2")], sequence=16, previous=15),
    )

    assert kinds(events) == ["Withdrawn", "Quote"]
    assert only(events, Quote)[0].bids[1] == (100.45, 2.0)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_message_is_fatal(raw: bytes):
    hear(OkxStream([PAIR]), raw)
